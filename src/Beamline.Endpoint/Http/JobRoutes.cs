using Beamline.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Beamline.Endpoint;

/// <summary>Sending, listing and cancelling jobs.</summary>
internal static class JobRoutes
{
    private const int MostLines = 1000;

    public static void Map(IEndpointRouteBuilder routes, ServiceParts parts)
    {
        routes.MapPost("/v1/jobs", Task<IResult> (HttpContext context, CancellationToken _) => PostAsync(context, parts))
            .Needs(Scope.Submit).Accepts<PostedJob>("application/json").Produces<JobStatus>(201).Produces<JobStatus>()
            .Produces<Problem>(400, "application/problem+json").Produces<Problem>(409, "application/problem+json").Produces<Problem>(413, "application/problem+json")
            .Produces<Problem>(422, "application/problem+json").Produces<Problem>(507, "application/problem+json")
            .WithName("jobPost").WithSummary("Sends a signed job. The same job a second time is not run twice: the answer is its state, and 200.");
        routes.MapGet("/v1/jobs", (HttpContext context, int? limit) => List(context, parts, limit))
            .Needs(Scope.Read).Produces<JobSummary[]>().WithName("jobs").WithSummary("The caller's jobs, newest first.");
        routes.MapGet("/v1/jobs/{id}", (HttpContext context, string id) => Requests.Json(parts.JobOf(context.Caller(), id).Status))
            .Needs(Scope.Read).Produces<JobStatus>().Produces<Problem>(404, "application/problem+json").WithName("job").WithSummary("The state of a job.");
        routes.MapPost("/v1/jobs/{id}/cancel", (HttpContext context, string id) => Cancel(context, parts, id))
            .Needs(Scope.Submit).Produces<JobStatus>().Produces<Problem>(404, "application/problem+json").WithName("jobCancel").WithSummary("Stops a job; one that has ended stays as it is.");
        routes.MapDelete("/v1/jobs/{id}", (HttpContext context, string id) => Cancel(context, parts, id))
            .Needs(Scope.Submit).Produces<JobStatus>().Produces<Problem>(404, "application/problem+json").WithName("jobDelete").WithSummary("The same as cancel.");
    }

    private static async Task<IResult> PostAsync(HttpContext context, ServiceParts parts)
    {
        // In the request the job is a text within JSON, with a backslash before each of its quotes.
        var posted = await context.ReadAsync<PostedJob>(parts.Options.LargestJobBytes * 2L);
        var (job, isNew) = parts.Submission.Accept(posted, context.Caller().User);
        if (isNew)
        {
            parts.Scheduler.Add(job);
        }

        parts.Note(context.Caller(), "POST /v1/jobs", isNew ? 201 : 200, job.Id);
        return Requests.Json(job.Status, isNew ? 201 : 200);
    }

    private static IResult List(HttpContext context, ServiceParts parts, int? limit) => Requests.Json(
        parts.Book.All.Where(j => j.Record.User == context.Caller().User)
            .OrderByDescending(j => j.Record.Created).Take(Math.Clamp(limit ?? MostLines, 1, MostLines)).Select(j => j.Summary).ToArray());

    private static IResult Cancel(HttpContext context, ServiceParts parts, string id)
    {
        var caller = context.Caller();
        // An administrator may stop what others send, but not read it.
        var job = caller.Scope.HasFlag(Scope.Admin) && parts.Book.Find(id) is { } any ? any : parts.JobOf(caller, id);
        parts.Scheduler.Cancel(job);
        parts.Note(caller, $"{context.Request.Method} /v1/jobs/cancel", 200, job.Id, job.Record.User == caller.User ? null : $"The job is {job.Record.User}'s.");
        return Requests.Json(job.Status);
    }
}
