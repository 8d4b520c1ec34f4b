namespace Beamline.Endpoint;

/// <summary>A request that is answered with a problem (RFC 9457) and a line in the audit log.</summary>
/// <param name="status">The status of HTTP.</param>
/// <param name="detail">What is wrong, and what to do.</param>
internal sealed class RefusedException(int status, string detail) : Exception(detail)
{
    public int Status => status;

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Files that a job names and that are not here.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What the audit log says when it knows more than the sender may.</summary>
    public string? AuditReason { get; init; }

    /// <summary>A step that every sender of new data goes through is no refusal to be noted.</summary>
    public bool IsRoutine { get; init; }

    public static RefusedException NoJob(string id, string? known = null) =>
        new(404, $"There is no job {Remote.JobNames.Shown(id)} of yours here. 'GET /v1/jobs' lists those that are.") { AuditReason = known };
}
