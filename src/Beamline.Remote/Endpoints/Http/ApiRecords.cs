namespace Beamline.Remote;

/// <summary>A job as it is posted.</summary>
/// <param name="Job">The text of job.json: the signature is over its UTF-8 bytes.</param>
/// <param name="Signature">Content of job.sig.</param>
internal sealed record PostedJob(string Job, JobSignature Signature);

/// <summary>Hashes of files.</summary>
/// <param name="Sha256">SHA-256 of each in lower-case hexadecimal.</param>
internal sealed record ArrayHashes(IReadOnlyList<string> Sha256);

/// <summary>A refusal as RFC 9457 writes it (application/problem+json), with what a sender can act on.</summary>
internal sealed record Problem
{
    public string? Type { get; init; }

    public string? Title { get; init; }

    public int Status { get; init; }

    /// <summary>What is wrong, and what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>Files that a job names and the endpoint does not have.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}

/// <summary>A token to be made.</summary>
/// <param name="User">Whom it stands for.</param>
/// <param name="Scopes">submit, read or admin.</param>
internal sealed record TokenWish(string User, IReadOnlyList<string> Scopes)
{
    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>A token as lists show it: without its secret.</summary>
/// <param name="Id">Names it.</param>
/// <param name="User">Whom it stands for.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">When it ends; null for never.</param>
internal sealed record TokenLine(string Id, string User, IReadOnlyList<string> Scopes, DateTimeOffset Created, DateTimeOffset? Expires);

/// <summary>A token that was just made: the only time that its secret is shown.</summary>
/// <param name="Token">What to send.</param>
/// <param name="Line">What lists show.</param>
internal sealed record NewToken(string Token, TokenLine Line);

/// <summary>What is to be removed.</summary>
internal sealed record PruneWish
{
    /// <summary>Jobs that ended before so many days, 0 for all that have ended; null for what the endpoint's rules say.</summary>
    public double? OlderThanDays { get; init; }

    /// <summary>Only says what would be removed.</summary>
    public bool IsTrial { get; init; }
}

/// <summary>A line of audit.jsonl.</summary>
/// <param name="Time">When.</param>
/// <param name="What">The request, for instance "POST /v1/jobs"; "prune" for what housekeeping removed.</param>
/// <param name="Outcome">done or refused.</param>
internal sealed record AuditLine(DateTimeOffset Time, string What, string Outcome)
{
    public string? User { get; init; }

    /// <summary>The token's name, never its secret.</summary>
    public string? Token { get; init; }

    public string? Job { get; init; }

    /// <summary>The status of the answer.</summary>
    public int Status { get; init; }

    public string? Reason { get; init; }

    public string? From { get; init; }
}
