using Beamline.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Beamline.Endpoint;

/// <summary>Housekeeping, for administrators.</summary>
internal static class PruneRoutes
{
    private const int LargestWish = 1 << 12;

    public static void Map(IEndpointRouteBuilder routes, ServiceParts parts) =>
        routes.MapPost("/v1/prune", Task<IResult> (HttpContext context, CancellationToken _) => PruneAsync(context, parts))
            .Needs(Scope.Admin).Accepts<PruneWish>("application/json").Produces<EndpointPruning>().Produces<Problem>(400, "application/problem+json")
            .WithName("prune").WithSummary("Removes jobs that ended long ago and arrays that none needs, or says what it would remove.");

    private static async Task<IResult> PruneAsync(HttpContext context, ServiceParts parts)
    {
        var wish = await context.ReadAsync<PruneWish>(LargestWish);
        var rules = parts.Policies.Policy().Keep.OlderThan(wish.OlderThanDays);
        return Requests.Json(await Task.Run(() => parts.Housekeeper.Prune(rules, wish.IsTrial, context.Caller())));
    }
}
