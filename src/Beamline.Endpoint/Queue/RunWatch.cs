using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Watches a worker at a job: time, memory, and the wish to stop. Asks, then tells, then kills.</summary>
/// <param name="worker">The worker.</param>
/// <param name="folder">Folder of the job.</param>
/// <param name="options">How patient to be.</param>
internal sealed class RunWatch(IWorker worker, string folder, ServiceOptions options)
{
    /// <summary>As fast as memory can be filled, about: what a worker may have taken between two looks.</summary>
    private const double BytesPerSecond = 4e9;

    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(1);

    private readonly long _kernelKills = ProcessFacts.KernelKills();
    private DateTimeOffset _next;
    private bool _isTold;

    /// <summary>When the time is used up; null for no limit.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Most memory; 0 for no limit.</summary>
    public long MemoryBytes { get; init; }

    public StopReason Reason { get; private set; }

    /// <summary>Whether the worker was told to end, or killed.</summary>
    public bool WasTold => _isTold;

    /// <summary>Memory of the worker when it was found to have too much.</summary>
    public long FoundBytes { get; private set; }

    /// <summary>Whether the kernel has killed some process for lack of memory since the run began.</summary>
    public bool KernelKilled => ProcessFacts.KernelKills() > _kernelKills;

    /// <summary>Waits for the end of a run.</summary>
    public async Task<WorkerReply> WaitAsync(Task<WorkerReply> run, Task stopRequested)
    {
        while (!run.IsCompleted)
        {
            var pause = Task.Delay(Pause());
            await (Reason == StopReason.None ? Task.WhenAny(run, pause, stopRequested) : Task.WhenAny(run, pause));
            if (!run.IsCompleted)
            {
                Look(stopRequested.IsCompleted);
            }
        }

        return await run;
    }

    /// <summary>How long not to look at memory. A look goes through all processes of the machine; far from the limit it cannot be reached before the next one.</summary>
    internal static TimeSpan MemoryPause(long limit, long found) =>
        TimeSpan.FromSeconds(Math.Clamp((limit - found) / BytesPerSecond, Often.TotalSeconds, Seldom.TotalSeconds));

    private TimeSpan Pause()
    {
        if (Reason != StopReason.None)
        {
            return Often;
        }

        var pause = Seldom;
        if (MemoryBytes > 0)
        {
            pause = MemoryPause(MemoryBytes, FoundBytes);
        }

        var left = Deadline - DateTimeOffset.UtcNow;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < pause ? left.Value : pause;
    }

    private void Look(bool isToStop)
    {
        var now = DateTimeOffset.UtcNow;
        if (Reason == StopReason.None)
        {
            Begin(isToStop, now);
        }
        else if (now >= _next)
        {
            if (_isTold)
            {
                worker.Kill();
                _next = now + Seldom;
            }
            else
            {
                Tell(now);
            }
        }
    }

    private void Begin(bool isToStop, DateTimeOffset now)
    {
        if (isToStop)
        {
            Reason = StopReason.Cancelled;
            worker.Cancel(folder);
            _next = now + options.CancelPatience;
        }
        else if (now >= Deadline)
        {
            Reason = StopReason.TimedOut;
            Tell(now);
        }
        else if (MemoryBytes > 0 && (FoundBytes = worker.MemoryBytes()) > MemoryBytes)
        {
            Reason = StopReason.OutOfMemory;
            worker.Kill();
            (_isTold, _next) = (true, now + Seldom);
        }
    }

    private void Tell(DateTimeOffset now)
    {
        worker.Terminate();
        (_isTold, _next) = (true, now + options.Grace);
    }
}
