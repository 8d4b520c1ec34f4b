using Microsoft.AspNetCore.Http;

namespace Beamline.Endpoint;

/// <summary>Lets requests through whose token is good for their route, and not too many of them.</summary>
internal sealed class BearerAccess(RequestDelegate next, TokenBook tokens, RequestLimits limits)
{
    public Task InvokeAsync(HttpContext context)
    {
        var route = context.GetEndpoint();
        var needs = route?.Metadata.GetMetadata<NeedsScope>();
        if (route?.Metadata.GetMetadata<ForAll>() is not null)
        {
            return next(context);
        }

        var caller = Find(context);
        context.Features.Set(caller);
        if (limits.Wait(caller.TokenId) is { } wait)
        {
            throw TooFast(wait);
        }

        if (needs is not null && (caller.Scope & needs.Scope) != needs.Scope)
        {
            throw new RefusedException(
                403, $"This token may not do that: it needs the scope '{Scopes.Name(needs.Scope)}'. Ask the owner of the endpoint for one that has it ('beamline endpoint token add').");
        }

        return next(context);
    }

    private static RefusedException TooFast(TimeSpan wait) =>
        new(429, $"Too many requests. Try again in {Math.Ceiling(wait.TotalSeconds):0} s.") { RetryAfter = wait };

    private Caller Find(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        var text = header is [{ } one] && one.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? one["Bearer ".Length..].Trim() : null;
        if (text is not null)
        {
            var (verdict, token) = tokens.Check(text);
            if (verdict == TokenVerdict.Good)
            {
                return new Caller(token!.User, token.Id, Scopes.Parse(token.Scopes) ?? Scope.None);
            }

            if (verdict == TokenVerdict.Expired)
            {
                context.Features.Set(new Caller(token!.User, token.Id, Scope.None));
                throw Stranger($"The token {token.Id} ended at {token.Expires:u}. Ask the owner of the endpoint for a new one.");
            }
        }

        throw Stranger(text is null
            ? "The request has no token. Send 'Authorization: Bearer TOKEN'; the owner of the endpoint makes one with 'beamline endpoint token add'."
            : "This token is not known here. It may have been revoked: ask the owner of the endpoint for a new one.");
    }

    /// <summary>Guessing is slow: all strangers together get few answers.</summary>
    private RefusedException Stranger(string detail) => limits.WaitOfStranger() is { } wait ? TooFast(wait) : new RefusedException(401, detail);
}
