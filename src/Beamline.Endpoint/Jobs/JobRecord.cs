using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>What the service itself remembers of a job, in records/ID.json: enough to go on after it was killed.</summary>
/// <param name="User">Whose job it is.</param>
/// <param name="Label">What its sender called it.</param>
/// <param name="Created">When it was made.</param>
internal sealed record JobRecord(string User, string Label, DateTimeOffset Created)
{
    /// <summary>How often it has been started.</summary>
    public int Attempt { get; init; }

    /// <summary>When this attempt began.</summary>
    public DateTimeOffset? Started { get; init; }

    public bool IsCancelRequested { get; init; }

    /// <summary>Something that the sender should know, however the job ends.</summary>
    public string? Note { get; init; }

    /// <summary>Number of items of a map; null for a job without one.</summary>
    public int? Items { get; init; }

    /// <summary>How a map ended: workers write the state of their parts, and only the service knows the whole.</summary>
    public JobStatus? End { get; init; }

    /// <summary>Workers that run it, or parts of it; written before they get the order.</summary>
    public IReadOnlyList<RunRecord> Runs { get; init; } = [];
}

/// <summary>A worker that runs a job.</summary>
/// <param name="Worker">The process.</param>
internal sealed record RunRecord(WorkerTrace Worker)
{
    /// <summary>The items; null for a job without a map.</summary>
    public ItemRange? Range { get; init; }
}
