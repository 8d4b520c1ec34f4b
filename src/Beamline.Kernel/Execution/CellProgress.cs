using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>
/// Takes the jobs of a cell to the displays that extensions brought, and thins out reports for whoever shows them as a line: none in the
/// first second of a cell, then at most 5 a second. Reports outside any job belong to one job of the cell.
/// </summary>
internal sealed class CellProgress(CellRun cell) : IProgress<ProgressReport>, IJobFollower
{
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private TimeSpan _next = Silent;
    private ProgressReport? _last;
    private RunJob? _loose;
    private bool _looseEnded;
    private TimeLeft _left = new();
    private RunJob? _leftOf;
    private bool _shown;

    public IJobListener? Follow(RunJob job)
    {
        foreach (var follower in cell.Kernel.Extensions.Services<IJobFollower>())
        {
            try
            {
                if (follower.Follow(job) is { } listener)
                {
                    return listener;
                }
            }
            catch (Exception exception) when (!StopErrors.IsStop(exception))
            {
                // A display that fails must not take the work with it.
                cell.Warn($"The progress of {job.Name} cannot be shown: {exception.GetType().Name}: {exception.Message}");
            }
        }

        return null;
    }

    public void Report(ProgressReport value)
    {
        if (value.Job is null && LooseJob(value.Activity) is { } loose)
        {
            value = value with { Job = loose };
            loose.Report(value);
        }

        lock (_gate)
        {
            _last = value;
            var now = cell.Elapsed;
            if (now < _next)
            {
                return;
            }

            _next = now + Gap;
            _shown = true;
            var shown = value with { Left = Left(value) };
            cell.Output.Emit(sink => sink.Progress(shown, now, isLast: false));
        }
    }

    /// <summary>Work outside any job ends with its cell.</summary>
    public void EndLooseJob(JobEnding ending)
    {
        RunJob? loose;
        lock (_gate)
        {
            (loose, _looseEnded) = (_loose, true);
        }

        loose?.End(ending);
    }

    /// <summary>Shows the last state when any was shown.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            if (_shown && _last is { } last)
            {
                cell.Output.Emit(sink => sink.Progress(last, cell.Elapsed, isLast: true));
            }

            (_next, _shown) = (TimeSpan.MaxValue, false);
        }
    }

    private RunJob? LooseJob(string activity)
    {
        lock (_gate)
        {
            return _looseEnded ? _loose : _loose ??= RunJob.Detached(activity.Length > 0 ? activity : "work");
        }
    }

    private TimeSpan? Left(in ProgressReport report)
    {
        if (report.Job is not { } job || (job != _loose && report.Activity != job.Name))
        {
            return null;
        }

        if (_leftOf != job)
        {
            (_left, _leftOf) = (new TimeLeft(), job);
        }

        return _left.Next(job.Elapsed, report.Fraction, job.Expected);
    }
}
