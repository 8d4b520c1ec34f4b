using System.Runtime.InteropServices;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>The program <c>beamline worker --job DIR</c>: one job, and its end as an exit code.</summary>
internal sealed class WorkerProgram(WorkerOptions options) : IDisposable
{
    private readonly PreparedKernels _kernels = new(options);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _cancelledBefore = new(StringComparer.Ordinal);
    private WorkerStop? _running;
    private string? _folder;
    private int _isTerminated;

    /// <summary>True when the process must not run another job.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Makes the session of the next job.</summary>
    public void Prepare() => _kernels.Begin();

    /// <summary>Makes the session of the first job, and tries the compiler.</summary>
    public Task WarmUpAsync() => _kernels.WarmUpAsync();

    /// <summary>Runs a job of its own, so that the first real one finds all of its way compiled.</summary>
    public async Task RehearseAsync()
    {
        await WorkerWarmUp.RunAsync((place, job, status, stop) => RunHereAsync(options, place, job, status, stop)).ConfigureAwait(false);
        Prepare();
    }

    /// <summary>Runs one job. All that happens to it is in its status.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="items">Part of the items of a map; null for all.</param>
    /// <param name="user">Whose job it is; null for what the options say.</param>
    public async Task<JobState> RunAsync(string folder, (int First, int Last)? items, string? user = null)
    {
        var place = JobFolder.At(folder);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate);
        var own = options with { Items = items, User = user ?? options.User };
        var status = new JobStatusFile(place.Layout, items is { } part ? $"{part.First}-{part.Last}" : "", options.Ranks.Rank == 0);
        var gate = new JobGate(own);
        JobDescription job;
        try
        {
            job = gate.Open(place);
        }
        catch (EndpointException refused)
        {
            status.Set(JobState.Refused, refused.Message);
            return JobState.Refused;
        }

        using var stop = new WorkerStop(place.Layout);
        // A service ends a job that asked for no time by itself; on a cluster nobody else would. (A timer takes no more than 49 days.)
        using var limit = gate.LongestWalltime is { TotalDays: < 49 } longest ? new Timer(_ => stop.Terminate(), null, longest, Timeout.InfiniteTimeSpan) : null;
        lock (_gate)
        {
            (_folder, _running) = (folder, stop);
            if (_cancelledBefore.Remove(folder))
            {
                stop.Cancel();
            }
        }

        if (Volatile.Read(ref _isTerminated) != 0)
        {
            stop.Terminate();
        }

        status.Set(JobState.Running);
        try
        {
            return FreshWorker.IsNeeded(job)
                ? await FreshWorker.RunAsync(own, place, status, stop).ConfigureAwait(false)
                : await RunHereAsync(own, place, job, status, stop).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or IOException or UnauthorizedAccessException or EndpointException)
        {
            // For instance a device that is no device, or a folder that cannot be written to.
            status.Set(JobState.Failed, $"The job could not be begun: {exception.Message}");
            return JobState.Failed;
        }
        finally
        {
            lock (_gate)
            {
                (_folder, _running) = (null, null);
            }
        }
    }

    /// <summary>Stops the job of a folder, now or when it begins.</summary>
    public void Cancel(string folder)
    {
        lock (_gate)
        {
            if (_folder == folder)
            {
                _running!.Cancel();
            }
            else
            {
                _cancelledBefore.Add(folder);
            }
        }
    }

    public void Dispose() => _kernels.Dispose();

    private async Task<JobState> RunHereAsync(WorkerOptions own, JobFolder place, JobDescription job, JobStatusFile status, WorkerStop stop)
    {
        using var kernel = await _kernels.TakeAsync().ConfigureAwait(false);
        var run = new JobRun(own, place, job, status, stop, kernel);
        var state = await run.RunAsync().ConfigureAwait(false);
        IsSpent |= run.IsAbandoned;
        return state;
    }

    // Not the runtime's way, which ends the process at once.
    private void OnTerminate(PosixSignalContext context)
    {
        context.Cancel = true;
        IsSpent = true;
        Volatile.Write(ref _isTerminated, 1);
        _running?.Terminate();
    }
}
