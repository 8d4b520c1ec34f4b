using Beamline.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Beamline.Endpoint;

/// <summary>Tokens, for administrators.</summary>
internal static class TokenRoutes
{
    private const int LargestWish = 1 << 16;

    public static void Map(IEndpointRouteBuilder routes, ServiceParts parts)
    {
        routes.MapPost("/v1/tokens", Task<IResult> (HttpContext context, CancellationToken _) => AddAsync(context, parts))
            .Needs(Scope.Admin).Accepts<TokenWish>("application/json").Produces<NewToken>(201).WithName("tokenAdd").WithSummary("Makes a token. Its secret is in this answer and nowhere else.");
        routes.MapGet("/v1/tokens", () => Requests.Json(parts.Tokens.All().Select(Line).ToArray()))
            .Needs(Scope.Admin).Produces<TokenLine[]>().WithName("tokens").WithSummary("All tokens, without their secrets.");
        routes.MapDelete("/v1/tokens/{tokenId}", (HttpContext context, string tokenId) => Revoke(context, parts, tokenId))
            .Needs(Scope.Admin).Produces(204).Produces<Problem>(404, "application/problem+json").WithName("tokenRevoke").WithSummary("Ends a token.");
    }

    public static TokenLine Line(TokenRecord token) => new(token.Id, token.User, token.Scopes, token.Created, token.Expires);

    private static async Task<IResult> AddAsync(HttpContext context, ServiceParts parts)
    {
        var wish = await context.ReadAsync<TokenWish>(LargestWish);
        var (text, record) = parts.Tokens.Add(wish.User, wish.Scopes, wish.Expires);
        parts.Note(context.Caller(), "POST /v1/tokens", 201, reason: $"token {record.Id} for {record.User}: {string.Join(", ", record.Scopes)}");
        return Requests.Json(new NewToken(text, Line(record)), 201);
    }

    private static IResult Revoke(HttpContext context, ServiceParts parts, string tokenId)
    {
        if (!parts.Tokens.Revoke(tokenId))
        {
            throw new RefusedException(404, $"There is no token {JobNames.Shown(tokenId)}. 'GET /v1/tokens' lists those that are.");
        }

        parts.Note(context.Caller(), "DELETE /v1/tokens", 204, reason: $"token {tokenId}");
        return Results.NoContent();
    }
}
