namespace Beamline.Endpoint;

/// <summary>Whose request it is.</summary>
/// <param name="User">The user of the token.</param>
/// <param name="TokenId">The token's name.</param>
/// <param name="Scope">What it may do.</param>
internal sealed record Caller(string User, string TokenId, Scope Scope);

/// <summary>On a route: it needs no token, because it has no data of anybody.</summary>
internal sealed class ForAll;

/// <summary>On a route: the scope that it needs.</summary>
/// <param name="Scope">The scope.</param>
internal sealed record NeedsScope(Scope Scope);
