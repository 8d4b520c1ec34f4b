namespace Beamline.Endpoint;

/// <summary>A token in tokens.json.</summary>
/// <param name="Id">Names it; the middle part of the token.</param>
/// <param name="User">Whom it stands for.</param>
/// <param name="Scopes">submit, read or admin.</param>
/// <param name="Hash">SHA-256 of the whole token, in hexadecimal: the token itself is nowhere.</param>
/// <param name="Created">When it was made.</param>
internal sealed record TokenRecord(string Id, string User, IReadOnlyList<string> Scopes, string Hash, DateTimeOffset Created)
{
    public DateTimeOffset? Expires { get; init; }
}
