using System.Runtime.InteropServices;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>The program <c>beamline worker --job DIR</c>: one job, and its end as an exit code.</summary>
internal sealed class WorkerProgram(WorkerOptions options) : IDisposable
{
    private readonly PreparedKernels _kernels = new(options);
    private readonly Lock _gate = new();

    // Jobs that were asked for and have not begun: how often, and whether they were cancelled meanwhile.
    private readonly Dictionary<string, (int Count, bool IsCancelled)> _waiting = new(StringComparer.Ordinal);
    private WorkerStop? _running;
    private string? _folder;
    private bool _isCancelled;
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
        Begin(folder);
        try
        {
            return await RunBegunAsync(folder, items, user).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                (_folder, _running) = (null, null);
            }
        }
    }

    private async Task<JobState> RunBegunAsync(string folder, (int First, int Last)? items, string? user)
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
            _running = stop;
            if (_isCancelled)
            {
                stop.Cancel();
            }
        }

        if (Volatile.Read(ref _isTerminated) != 0)
        {
            stop.Terminate();
        }

        try
        {
            status.Set(JobState.Running);
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
    }

    /// <summary>Says that a job will be run, so that a word to cancel it is kept until then.</summary>
    public void Expect(string folder)
    {
        lock (_gate)
        {
            var (count, isCancelled) = _waiting.GetValueOrDefault(folder);
            _waiting[folder] = (count + 1, isCancelled);
        }
    }

    /// <summary>Stops the job of a folder, now or when it begins. One that has ended, or that nobody asked for, is left alone: the next of that folder is another one.</summary>
    public void Cancel(string folder)
    {
        lock (_gate)
        {
            if (_folder == folder)
            {
                _isCancelled = true;
                _running?.Cancel();
            }

            if (_waiting.TryGetValue(folder, out var waiting))
            {
                _waiting[folder] = waiting with { IsCancelled = true };
            }
        }
    }

    public void Dispose() => _kernels.Dispose();

    private void Begin(string folder)
    {
        lock (_gate)
        {
            (_folder, _isCancelled) = (folder, false);
            if (_waiting.Remove(folder, out var waiting))
            {
                _isCancelled = waiting.IsCancelled;
                if (waiting.Count > 1)
                {
                    _waiting[folder] = waiting with { Count = waiting.Count - 1 };
                }
            }
        }
    }

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
