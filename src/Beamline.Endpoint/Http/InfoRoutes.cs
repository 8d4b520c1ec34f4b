using System.Runtime.InteropServices;
using Beamline.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Beamline.Endpoint;

/// <summary>What the endpoint says of itself, and its audit log.</summary>
internal static class InfoRoutes
{
    private const int MostLines = 10_000;

    public static void Map(IEndpointRouteBuilder routes, ServiceParts parts)
    {
        routes.MapGet("/v1/info", async Task<IResult> (HttpContext _) => Requests.Json(await InfoAsync(parts)))
            .Needs(Scope.Read).Produces<EndpointInfo>().WithName("info").WithSummary("What the endpoint is, and what it allows.");
        routes.MapGet("/v1/audit", (int? last) => Requests.Json(parts.Audit.Last(Math.Clamp(last ?? 100, 1, MostLines))))
            .Needs(Scope.Admin).Produces<AuditLine[]>().WithName("audit").WithSummary("The newest lines of the audit log, oldest first.");
    }

    /// <summary>On a route: the scope that a token needs, and the refusals that any request can get.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder route, Scope scope)
    {
        route.WithMetadata(new NeedsScope(scope));
        foreach (var status in (int[])[401, 403, 429])
        {
            route.Produces<Problem>(status, "application/problem+json");
        }

        return route;
    }

    private static async Task<EndpointInfo> InfoAsync(ServiceParts parts)
    {
        var options = parts.Options;
        var (queued, running) = parts.Scheduler.Counts;
        return new EndpointInfo(
            options.Name, options.Name == "local" ? "local" : "http", Environment.MachineName,
            BeamlineProgram.Version, BeamlineProgram.Framework, Environment.Version.ToString())
        {
            Rid = RuntimeInformation.RuntimeIdentifier,
            Gpus = await parts.Gpus.Value,
            Concurrency = options.Concurrency,
            Queued = queued,
            Running = running,
            LongestWalltime = parts.Policies.Policy().LongestWalltime,
            LargestUploadBytes = options.LargestUploadBytes,
            SharedStore = parts.IsOnSocket ? parts.Store.Folder : null,
        };
    }
}
