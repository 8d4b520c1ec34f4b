using System.Diagnostics;
using System.Globalization;
using Beamline.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Beamline.Endpoint;

/// <summary>What jobs show, and what they leave.</summary>
internal static class ResultRoutes
{
    /// <summary>How often the file of events is looked at while somebody waits: its length costs a microsecond.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public static void Map(IEndpointRouteBuilder routes, ServiceParts parts)
    {
        routes.MapGet("/v1/jobs/{id}/events", (HttpContext context, string id, long? offset, double? wait) => EventsAsync(context, parts, id, offset ?? 0, wait ?? 0))
            .Needs(Scope.Read).Produces<JobEvents>().Produces<Problem>(404, "application/problem+json")
            .WithName("jobEvents").WithSummary("What a job has shown since an offset. Waits some seconds for something new, or for another state.");
        routes.MapGet("/v1/jobs/{id}/outputs", (HttpContext context, string id) => Outputs(parts, parts.JobOf(context.Caller(), id)))
            .Needs(Scope.Read).Produces<JobValue[]>().Produces<Problem>(404, "application/problem+json")
            .WithName("jobOutputs").WithSummary("The results of a job; empty when it left none.");
        routes.MapGet("/v1/jobs/{id}/outputs/{sha256}", (HttpContext context, string id, string sha256) => Output(context, parts.JobOf(context.Caller(), id), sha256))
            .Needs(Scope.Read).Produces(200, contentType: "application/octet-stream").Produces(206, contentType: "application/octet-stream")
            .Produces<Problem>(403, "application/problem+json").Produces<Problem>(404, "application/problem+json")
            .WithName("jobOutput").WithSummary("A file of the results, by its hash; takes Range.");
    }

    private static async Task<IResult> EventsAsync(HttpContext context, ServiceParts parts, string id, long offset, double wait)
    {
        if (offset < 0 || !(wait >= 0))
        {
            throw new RefusedException(400, "offset and wait are 0 or more.");
        }

        var job = parts.JobOf(context.Caller(), id);
        var longest = TimeSpan.FromSeconds(Math.Min(wait, parts.Options.LongestPoll.TotalSeconds));
        var since = Stopwatch.GetTimestamp();
        var asked = job.Status;
        while (true)
        {
            var changed = job.Changed;
            // The state first: what was shown before it became final is then in the file.
            var status = job.Status;
            if (HasMore(job, offset) && Read(job, offset, parts.Options.EventsPageBytes) is { Next: var next } page && next > offset)
            {
                return Requests.Json(page with { Status = status });
            }

            var left = longest - Stopwatch.GetElapsedTime(since);
            if (status.IsFinal || status != asked || left <= TimeSpan.Zero)
            {
                return Requests.Json(new JobEvents([], offset, status));
            }

            await Task.WhenAny(changed, Task.Delay(left < Look ? left : Look, context.RequestAborted));
            context.RequestAborted.ThrowIfCancellationRequested();
        }
    }

    private static bool HasMore(JobEntry job, long offset)
    {
        var file = new FileInfo(job.Folder.Layout.Events);
        return file.LinkTarget is not null ? throw Linked() : file.Exists && file.Length != offset;
    }

    private static JobEvents Read(JobEntry job, long offset, int bytes)
    {
        var (events, next) = JobEventReader.Read(job.Folder.Layout.Folder, offset, bytes);
        return new JobEvents(events, next, job.Status);
    }

    private static RefusedException Linked() => new(403, "A file of the job is a symbolic link. Files of jobs are not read through links.");

    private static IResult Outputs(ServiceParts parts, JobEntry job)
    {
        IReadOnlyList<JobValue> outputs;
        try
        {
            outputs = job.Folder.ReadOutputs() ?? [];
        }
        catch (EndpointException e)
        {
            throw new RefusedException(403, e.Message);
        }

        return Requests.Json(outputs.Select(value => value with
        {
            // On this machine the file is read where it lies; elsewhere a path of here means nothing.
            Arrays = [.. value.Arrays.Select(a => a with { Path = parts.IsOnSocket ? job.Folder.OutputPath(a) : null })],
        }).ToArray());
    }

    private static IResult Output(HttpContext context, JobEntry job, string sha256)
    {
        JobNames.Hash(sha256);
        FileStream stream;
        try
        {
            var array = Find(job, sha256) ?? throw new RefusedException(404, $"Job {job.Id} has no result with the hash {sha256}.");
            stream = job.Folder.OpenOutput(array);
        }
        catch (EndpointException e)
        {
            throw new RefusedException(e.InnerException is FileNotFoundException or DirectoryNotFoundException ? 404 : 403, e.Message);
        }

        var tag = new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{sha256}\""));
        context.Response.RegisterForDispose(stream);
        return Results.Stream(stream, "application/octet-stream", entityTag: tag, enableRangeProcessing: true);
    }

    /// <summary>Among the results, or among those of items of a map.</summary>
    private static JobArray? Find(JobEntry job, string sha256)
    {
        if ((job.Folder.ReadOutputs() ?? []).SelectMany(v => v.Arrays).FirstOrDefault(a => a.Sha256 == sha256) is { } found)
        {
            return found;
        }

        for (long offset = 0; ;)
        {
            var (events, next) = JobEventReader.Read(job.Folder.Layout.Folder, offset, 4 << 20);
            if (next == offset)
            {
                return null;
            }

            if (events.SelectMany(e => e.Value?.Arrays ?? []).FirstOrDefault(a => a.Sha256 == sha256) is { } item)
            {
                return item;
            }

            offset = next;
        }
    }
}
