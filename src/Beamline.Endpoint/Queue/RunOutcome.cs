using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>All that is known when a worker is done with a job.</summary>
internal sealed record RunOutcome
{
    private static readonly Dictionary<int, string> Signals = new()
    {
        [1] = "SIGHUP", [2] = "SIGINT", [3] = "SIGQUIT", [4] = "SIGILL", [6] = "SIGABRT", [7] = "SIGBUS", [8] = "SIGFPE", [9] = "SIGKILL", [11] = "SIGSEGV", [13] = "SIGPIPE", [15] = "SIGTERM",
    };

    public required WorkerReply Reply { get; init; }

    /// <summary>What the worker left in status.json; null for nothing.</summary>
    public JobStatus? Written { get; init; }

    public StopReason Stop { get; init; }

    public bool KernelKilled { get; init; }

    /// <summary>Time that the job had, in words of its sender; null for no limit.</summary>
    public TimeSpan? Walltime { get; init; }

    public long MemoryLimitBytes { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>Whether the process is gone for a reason that lies outside of the job, so that it may be started again.</summary>
    public bool IsLost =>
        Stop == StopReason.None && Reply.HasExited && !KernelKilled && (Reply.ExitCode is null or 137) && (State() is JobState.Lost or JobState.Crashed);

    /// <summary>Whether the worker was gone before it said that it runs the job: then nothing of it has run.</summary>
    public bool NeverBegan => Stop == StopReason.None && Reply.HasExited && Written is { State: JobState.Queued };

    /// <summary>How the job ended.</summary>
    public JobStatus Status()
    {
        var state = State();
        var written = Written is { IsFinal: true } w && w.State == state ? w : null;
        var signal = Reply.ExitCode is > 128 and < 160 ? Signals.GetValueOrDefault(Reply.ExitCode.Value - 128, $"signal {Reply.ExitCode - 128}") : null;
        return new JobStatus(state)
        {
            // What the service did it says itself; else the worker's words are better than none.
            Message = written is null || Stop != StopReason.None ? Reply.Message ?? Words(state, signal) : written.Message,
            Error = written?.Error,
            ExitCode = written?.ExitCode ?? (signal is null ? Reply.ExitCode : null),
            Signal = written?.Signal ?? signal,
            Host = written?.Host ?? Environment.MachineName,
            ProcessId = written?.ProcessId,
        };
    }

    private JobState State()
    {
        // A job that ended well just before it was to be stopped has ended well.
        if (Reply.State == JobState.Succeeded || (Reply.HasExited && Written?.State == JobState.Succeeded))
        {
            return JobState.Succeeded;
        }

        return Stop switch
        {
            StopReason.Cancelled => JobState.Cancelled,
            StopReason.TimedOut => JobState.TimedOut,
            StopReason.OutOfMemory => JobState.OutOfMemory,
            _ when Reply.State is { } said and not (JobState.Queued or JobState.Running) => said,
            _ when Written is { IsFinal: true } => Written.State,
            _ => ByExitCode(),
        };
    }

    private JobState ByExitCode() => Reply.ExitCode switch
    {
        null => JobState.Lost,
        1 => JobState.Failed,
        3 => JobState.Refused,
        4 => JobState.OutOfMemory,
        5 => JobState.TimedOut,
        6 => JobState.Cancelled,
        137 when KernelKilled => JobState.OutOfMemory,
        // A worker that ends with 0 and says nothing has not run the job.
        _ => JobState.Crashed,
    };

    private string? Words(JobState state, string? signal) => state switch
    {
        JobState.Cancelled => "Cancelled by its user.",
        JobState.TimedOut => $"Its time{(Walltime is { } time ? $" of {time.TotalSeconds:0.#} s" : "")} was used up. Ask for more with --time, or let it save checkpoints.",
        JobState.OutOfMemory when Stop == StopReason.OutOfMemory =>
            $"It took {ByteText.Of(MemoryBytes)} of memory and may take {ByteText.Of(MemoryLimitBytes)}: it was ended. Ask for more memory, or work on smaller pieces.",
        JobState.OutOfMemory => "The memory of the machine ran out, and the system ended it. Work on smaller pieces, or send it to a larger machine.",
        JobState.Crashed when signal == "SIGKILL" => "Its process was killed (SIGKILL), and not by the endpoint. It may have run in part; send it again, or allow that it is requeued.",
        JobState.Crashed when signal is not null => $"Its process ended by {signal}: that comes from native code as a rule. The log of the workers has more.",
        JobState.Crashed => $"Its process ended with exit code {Reply.ExitCode} and without a word about the job.",
        JobState.Lost => "Its process is gone, and nothing tells how it ended: the machine or the endpoint was stopped meanwhile. It may have run in part; send it again, or allow that it is requeued.",
        JobState.Failed => "Its code failed; its output says where.",
        JobState.Refused => "The worker refused it.",
        _ => null,
    };
}
