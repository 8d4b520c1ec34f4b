using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>A line to a worker: what to run, or what to stop.</summary>
internal sealed record WorkerOrder
{
    public string? Job { get; init; }

    public string? Items { get; init; }

    /// <summary>Whose job it is: the user of the token, which the job itself cannot tell.</summary>
    public string? User { get; init; }

    /// <summary>The how-manieth time these items are run; left out for the first.</summary>
    public int Attempt { get; init; }

    public string? Cancel { get; init; }
}

/// <summary>A line of a worker: that it is ready, or how a job ended.</summary>
internal sealed record WorkerLine
{
    public bool Ready { get; init; }

    public int ProcessId { get; init; }

    public string? Job { get; init; }

    public JobState? State { get; init; }

    /// <summary>What could not be written to the job's folder.</summary>
    public string? Message { get; init; }
}
