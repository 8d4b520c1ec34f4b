namespace Beamline.Remote;

/// <summary>What the sender remembers of a job, in jobs/N/job-record.json: enough to find it again after the kernel died.</summary>
internal sealed record JobRecord
{
    /// <summary>The number that a user types. Never used twice.</summary>
    public required int Number { get; init; }

    public required string Endpoint { get; init; }

    /// <summary>Identifier at the endpoint.</summary>
    public required string JobId { get; init; }

    public required string Label { get; init; }

    public required string Source { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Folder of the notebook that sent it.</summary>
    public string Notebook { get; init; } = "";

    /// <summary>Process that sent it.</summary>
    public int ProcessId { get; init; }

    public IReadOnlyList<CapturedOutput> Outputs { get; init; } = [];

    public IReadOnlyList<string> NotComingBack { get; init; } = [];

    public string Declarations { get; init; } = "";

    public JobMap? Map { get; init; }

    /// <summary>Name of the variable that gets the results of a map, or the job; null for none.</summary>
    public string? Variable { get; init; }

    /// <summary>Whether results wait there until they are used, whatever their size.</summary>
    public bool IsLazy { get; init; }

    /// <summary>False until the endpoint said that it has it.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>True when all output is kept here: the endpoint need not be asked any more.</summary>
    public bool IsComplete { get; init; }

    public long InputBytes { get; init; }

    public long SentBytes { get; init; }

    /// <summary>As known last.</summary>
    public JobStatus Status { get; init; } = new(JobState.Queued);
}
