using System.Diagnostics;
using Beamline.Compute;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>
/// One rank of a job among the others: it stops when one of them fails, tells when it does, and does not leave before the first one has written how
/// the job ended, because launchers end all when one leaves badly.
/// </summary>
internal sealed class RanksTogether : IDisposable
{
    private static readonly TimeSpan UntilFirstHasWritten = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BeforeHalf = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UntilStoppedInTime = TimeSpan.FromSeconds(10);

    private readonly RankFiles _files;
    private readonly WorkerStop _stop;
    private readonly TimeSpan? _walltime;
    private readonly long _began = Stopwatch.GetTimestamp();

    public RanksTogether(RankFiles files, WorkerStop stop, TimeSpan? walltime)
    {
        (_files, _stop, _walltime) = (files, stop, walltime);
        stop.StopAt(files.FailMark);
        Ranks.Hindrance = files.Hindrance;
    }

    /// <summary>For the first rank: how the job ended, when all have.</summary>
    public async Task<(JobState State, string? Message, JobError? Error)> WithOthersAsync(JobState state, string? message, JobError? error)
    {
        if (IsFailure(state))
        {
            _files.Mark();
        }

        _files.SayEnded();
        if (_stop.IsTerminated && Stopwatch.GetElapsedTime(_began) > _walltime / 2 - BeforeHalf)
        {
            // It is the time that is up, of which batch systems tell well before they kill.
            _files.AfterSignal = UntilStoppedInTime;
        }

        var others = await _files.WaitForOthersAsync(_stop).ConfigureAwait(false);
        var end = RankEnd.Of(new JobStatus(state) { Message = message, Error = error, Host = Environment.MachineName }, others, _files.FirstFailed);
        if (end.State == JobState.Succeeded)
        {
            _files.Clear();
        }

        return (end.State, end.Message, end.Error);
    }

    /// <summary>For all others: says how this rank ended.</summary>
    public async Task EndAsync(JobState state, string? message, JobError? error, JobStatusFile status)
    {
        _files.Say(state, message, error);
        if (IsFailure(state))
        {
            _files.Mark();
        }

        if (state == JobState.Succeeded)
        {
            return;
        }

        var since = Stopwatch.GetTimestamp();
        while (!status.IsFinalThere && Stopwatch.GetElapsedTime(since) < UntilFirstHasWritten)
        {
            await Task.Delay(BetweenLooks).ConfigureAwait(false);
        }
    }

    public void Dispose() => Ranks.Hindrance = null;

    private static bool IsFailure(JobState state) => state is JobState.Failed or JobState.OutOfMemory;
}
