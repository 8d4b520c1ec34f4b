using System.Runtime.InteropServices;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>The program <c>beamline worker --job DIR</c>: one job, and its end as an exit code.</summary>
internal sealed class WorkerProgram(WorkerOptions options) : IDisposable
{
    private readonly PreparedKernels _kernels = new(options);
    private WorkerStop? _running;
    private string? _folder;
    private int _isTerminated;

    /// <summary>True when the process must not run another job.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Makes the session of the next job.</summary>
    public void Prepare() => _kernels.Begin();

    /// <summary>Makes the session of the first job, and tries the compiler, so that the first job finds it warm.</summary>
    public Task WarmUpAsync() => _kernels.WarmUpAsync();

    /// <summary>Runs one job. All that happens to it is in its status.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="items">Part of the items of a map; null for all.</param>
    public async Task<JobState> RunAsync(string folder, (int First, int Last)? items)
    {
        var place = JobFolder.At(folder);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate);
        var own = options with { Items = items };
        var status = new JobStatusFile(place.Layout, items is { } part ? $"{part.First}-{part.Last}" : "", options.Ranks.Rank == 0);
        JobDescription job;
        try
        {
            job = new JobGate(own).Open(place);
        }
        catch (EndpointException refused)
        {
            status.Set(JobState.Refused, refused.Message);
            return JobState.Refused;
        }

        using var stop = new WorkerStop(place.Layout);
        (_folder, _running) = (folder, stop);
        if (Volatile.Read(ref _isTerminated) != 0)
        {
            stop.Terminate();
        }

        status.Set(JobState.Running);
        var kernel = await _kernels.TakeAsync().ConfigureAwait(false);
        try
        {
            var run = new JobRun(own, place, job, status, stop);
            var state = await run.RunAsync(kernel).ConfigureAwait(false);
            IsSpent |= run.IsAbandoned;
            return state;
        }
        finally
        {
            _running = null;
            kernel.Dispose();
        }
    }

    /// <summary>Stops the job of a folder if it is the one that runs.</summary>
    public void Cancel(string folder)
    {
        if (_folder == folder)
        {
            _running?.Cancel();
        }
    }

    public void Dispose() => _kernels.Dispose();

    // Not the runtime's way, which ends the process at once.
    private void OnTerminate(PosixSignalContext context)
    {
        context.Cancel = true;
        IsSpent = true;
        Volatile.Write(ref _isTerminated, 1);
        _running?.Terminate();
    }
}
