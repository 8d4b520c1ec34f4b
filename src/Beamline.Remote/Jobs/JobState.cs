namespace Beamline.Remote;

/// <summary>What a job is doing, or how it ended. All ways to end badly are told apart.</summary>
public enum JobState
{
    /// <summary>Accepted and waiting for its turn.</summary>
    Queued,

    /// <summary>Its code runs.</summary>
    Running,

    /// <summary>Ended well; its results can be fetched.</summary>
    Succeeded,

    /// <summary>Its code threw an exception, or did not compile there.</summary>
    Failed,

    /// <summary>Its process ended by itself with an exit code or a signal, without a word.</summary>
    Crashed,

    /// <summary>Cancelled by its user or an administrator.</summary>
    Cancelled,

    /// <summary>Ended because its time was used up.</summary>
    TimedOut,

    /// <summary>Killed because the memory was used up.</summary>
    OutOfMemory,

    /// <summary>The machine that it ran on is gone, or nothing is known of its process any more. It may have run in part.</summary>
    Lost,

    /// <summary>Not run: its signature, its package list or a rule of the endpoint forbids it.</summary>
    Refused,
}
