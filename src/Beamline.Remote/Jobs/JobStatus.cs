using System.Text.Json.Serialization;

namespace Beamline.Remote;

/// <summary>The state of a job with what is known about it.</summary>
/// <param name="State">What it is doing, or how it ended.</param>
public sealed record JobStatus(JobState State)
{
    /// <summary>Since when, in UTC.</summary>
    public DateTimeOffset Since { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>One sentence for the user: why it waits, or what went wrong and what to do; null when there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>Exit code of its process; null while it runs, or when it ended by a signal.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Name of the signal that ended its process, for instance SIGKILL; null for none.</summary>
    public string? Signal { get; init; }

    /// <summary>How often it has been started: more than 1 after a requeue or a retry.</summary>
    public int Attempt { get; init; }

    /// <summary>The machine that it runs or ran on; null before it started.</summary>
    public string? Host { get; init; }

    /// <summary>Process that runs it, on that machine; null when there is none.</summary>
    public int? ProcessId { get; init; }

    /// <summary>The number that a batch system gave it; null without one.</summary>
    public string? BatchId { get; init; }

    /// <summary>What its code threw; null unless it failed.</summary>
    public JobError? Error { get; init; }

    /// <summary>True when the state does not change any more.</summary>
    [JsonIgnore]
    public bool IsFinal => State is not (JobState.Queued or JobState.Running);
}

/// <summary>What the code of a job threw.</summary>
/// <param name="Name">Kind of the error, for instance DivideByZeroException.</param>
/// <param name="Message">The message.</param>
/// <param name="Traceback">All lines to show, with ANSI colors.</param>
public sealed record JobError(string Name, string Message, IReadOnlyList<string> Traceback);
