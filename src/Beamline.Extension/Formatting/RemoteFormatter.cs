using System.Globalization;
using System.Net;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Formatting;

/// <summary>Shows jobs, lists of jobs and endpoints, maps and what endpoints say of themselves.</summary>
internal sealed class RemoteFormatter : IMimeFormatter
{
    /// <summary>How long a list waits for endpoints that do not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public bool CanFormat(Type type) =>
        type == typeof(RemoteJob) || type == typeof(RemoteJobList) || type == typeof(EndpointList) || type == typeof(EndpointInfo) ||
        type == typeof(EndpointTest) || type == typeof(Endpoint) || type.IsAssignableTo(typeof(IRemoteMap));

    public MimeBundle Format(object value) => value switch
    {
        RemoteJob job => Job(job),
        RemoteJobList jobs => Jobs(jobs),
        EndpointList endpoints => Endpoints(endpoints),
        EndpointInfo info => Info(info),
        EndpointTest test => Test(test),
        IRemoteMap map => Map(map),
        _ => MimeBundle.FromHtml($"<span>{WebUtility.HtmlEncode(value.ToString())}</span>", value.ToString() ?? ""),
    };

    private static MimeBundle Job(RemoteJob job)
    {
        var status = job.Status;
        var html = new FactRows()
            .Add("job", $"{job.Id} on {job.Endpoint}: {job.Label}")
            .Add("state", State(status));
        if (status.BatchId is { } batch)
        {
            html.Add("batch system", batch);
        }

        if (job.Record.InputBytes > 0)
        {
            html.Add("inputs", $"{ByteText.Of(job.Record.InputBytes)}, of which {ByteText.Of(job.Record.SentBytes)} were sent");
        }

        if (job.Results.Count > 0)
        {
            html.Add("results", string.Join(", ", job.Results));
        }

        if (!status.IsFinal)
        {
            html.Add("", $"#!attach {job.Id} follows it, #!cancel {job.Id} ends it; both work after a restart, too");
        }

        return MimeBundle.FromHtml(html.ToString(), job.ToString());
    }

    private static MimeBundle Jobs(RemoteJobList jobs)
    {
        jobs.RefreshAsync(Patience).GetAwaiter().GetResult();
        if (jobs.Count == 0)
        {
            return MimeBundle.FromText("no jobs");
        }

        var html = new FactRows("job", "endpoint", "cell", "state", "sent", "time", "inputs", "results");
        foreach (var job in jobs)
        {
            var status = job.Record.Status;
            html.Add(
                $"{job.Id}", job.Endpoint, FirstLine(job.Source), State(status),
                job.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                status.IsFinal ? EndpointText.Seconds(status.Since > job.Created ? status.Since - job.Created : TimeSpan.Zero) : "",
                job.Record.InputBytes > 0 ? $"{ByteText.Of(job.Record.SentBytes)} of {ByteText.Of(job.Record.InputBytes)}" : "",
                string.Join(", ", job.Results));
        }

        return MimeBundle.FromHtml(html.ToString(), string.Join('\n', jobs.Select(j => j.ToString())));
    }

    private static MimeBundle Endpoints(EndpointList endpoints)
    {
        var html = new FactRows("endpoint", "kind", "description", "file");
        foreach (var endpoint in endpoints)
        {
            html.Add(endpoint.Name, endpoint.Kind, endpoint.Problem is { } problem ? "cannot be used: " + problem : endpoint.Description, endpoint.File ?? "needs none");
        }

        return MimeBundle.FromHtml(html.ToString(), string.Join('\n', endpoints.Select(e =>
            $"{e.Name} ({(e.Problem is null ? e.Kind : "cannot be used")}){(e.Problem ?? e.Description) switch { "" => "", var text => ": " + text }}")));
    }

    private static MimeBundle Info(EndpointInfo info)
    {
        var html = new FactRows()
            .Add("endpoint", $"{info.Name} ({info.Kind}) on {info.Host}")
            .Add("jobs", $"{info.Running} run, {info.Queued} wait{(info.Concurrency > 0 ? $", {info.Concurrency} at a time" : "")}")
            .Add("versions", $"Beamline {info.Beamline}, .NET {info.Runtime}{(info.Rid.Length > 0 ? ", " + info.Rid : "")}");
        if (info.Gpus.Count > 0)
        {
            html.Add("GPUs", string.Join(", ", info.Gpus));
        }

        if (info.LongestWalltime is { } longest)
        {
            html.Add("longest time", EndpointText.Walltime(longest));
        }

        if (info.LargestUploadBytes > 0)
        {
            html.Add("largest file", ByteText.Of(info.LargestUploadBytes));
        }

        html.Add("arrays", info.SharedStore is { } store ? $"go over a shared folder: {store}" : "are sent");
        return MimeBundle.FromHtml(html.ToString(), $"{info.Name} ({info.Kind}) on {info.Host}: {info.Running} run, {info.Queued} wait; Beamline {info.Beamline}, .NET {info.Runtime}{(info.Gpus.Count > 0 ? "; GPUs: " + string.Join(", ", info.Gpus) : "")}");
    }

    private static MimeBundle Test(EndpointTest test)
    {
        var html = new FactRows("step", "time", "");
        foreach (var step in test.Steps)
        {
            html.Add(step.Name, EndpointText.Seconds(step.Time), step.Detail);
        }

        html.Add(test.Problem is null ? "✓" : "✗", "", test.Problem ?? $"{test.Endpoint} runs cells");
        return MimeBundle.FromHtml(html.ToString(), test.ToString());
    }

    private static MimeBundle Map(IRemoteMap map)
    {
        var text = map.ToString() ?? "";
        if (map.Failed.Count == 0)
        {
            return MimeBundle.FromHtml($"<span>{WebUtility.HtmlEncode(text)}</span>", text);
        }

        var html = new FactRows("item", "error", "tried");
        foreach (var failed in map.Failed.Take(20))
        {
            html.Add($"{failed.Index}", $"{failed.Error.Name}: {failed.Error.Message}", $"{failed.Attempts}");
        }

        return MimeBundle.FromHtml($"<div>{WebUtility.HtmlEncode(text)}</div>{html}", string.Join('\n', [text, .. map.Failed.Take(20).Select(f => f.ToString())]));
    }

    private static string State(JobStatus status)
    {
        var text = JobLine.Words(status.State);
        return status.Message is { Length: > 0 } message ? $"{text} ({message.Split('\n')[0].TrimEnd('.')})" : text;
    }

    private static string FirstLine(string source)
    {
        var line = source.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0) ?? "";
        return line.Length > 60 ? line[..59] + "…" : line;
    }
}
