using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Starts workers. The seam between the service and what runs jobs.</summary>
internal interface IWorkerLauncher
{
    /// <summary>Starts a worker and waits until it says that it is ready.</summary>
    /// <exception cref="EndpointException">It does not start: with what it said.</exception>
    Task<IWorker> StartAsync(CancellationToken cancellationToken);

    /// <summary>A worker of an earlier service that still lives, or null when it is gone.</summary>
    IWorker? Adopt(WorkerTrace trace);
}

/// <summary>A process that runs jobs, one at a time, with all its children.</summary>
internal interface IWorker : IAsyncDisposable
{
    /// <summary>Names the process, also for a service that comes later.</summary>
    WorkerTrace Trace { get; }

    bool IsAlive { get; }

    /// <summary>Runs a job, or some items of a map.</summary>
    /// <param name="folder">Folder of the job.</param>
    /// <param name="range">The items; null for a job without a map.</param>
    /// <param name="user">Whose job it is.</param>
    /// <returns>How it ended, when it has.</returns>
    Task<WorkerReply> RunAsync(string folder, ItemRange? range, string user);

    /// <summary>Asks the worker to stop the job; it stays warm.</summary>
    void Cancel(string folder);

    /// <summary>Tells the worker to save what it can and to end.</summary>
    void Terminate();

    /// <summary>Ends the worker and its children at once.</summary>
    void Kill();

    /// <summary>Memory of the worker and its children in bytes; 0 when it is not known.</summary>
    long MemoryBytes();
}

/// <summary>Finds a process again: a number alone may be another process by now.</summary>
/// <param name="ProcessId">Its number.</param>
/// <param name="Started">When it started, as the kernel counts; with the start of the machine.</param>
internal sealed record WorkerTrace(int ProcessId, string Started);

/// <summary>How a worker's run ended.</summary>
/// <param name="State">What the worker said; null when it ended without a word.</param>
/// <param name="ExitCode">Exit code of a worker that ended, 128 and the number of the signal for one that was killed; null when it lives, or when its parent was an earlier service.</param>
/// <param name="HasExited">Whether it is gone.</param>
internal sealed record WorkerReply(JobState? State, int? ExitCode, bool HasExited)
{
    /// <summary>Why, when the worker could not write it down; null as a rule.</summary>
    public string? Message { get; init; }
}

/// <summary>Items of a map, in order.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Last">The last.</param>
/// <param name="Attempt">The how-manieth time, from 1.</param>
internal sealed record ItemRange(int First, int Last, int Attempt)
{
    public int Count => Last - First + 1;

    /// <summary>As a worker reads it.</summary>
    public string Text => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{First}-{Last}");
}
