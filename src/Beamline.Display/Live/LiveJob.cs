using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>
/// One job and its display. The job's threads only leave their newest report here; <see cref="Tick"/> draws it now and then on another
/// thread; the end is drawn once, when the cell is through and it is known what it shows itself.
/// </summary>
internal sealed class LiveJob : IJobListener
{
    // Pictures may take this part of the time of one core.
    private const int PictureShare = 50;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);
    private static Image? _lastPreview;

    private readonly Lock _gate = new();
    private readonly Lock _drawing = new();
    private readonly RunJob _job;
    private readonly LiveDisplayOptions _options;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly TimeLeft _left = new();
    private readonly ResidualHistory _residuals = new();
    private readonly ResidualHistory _scores = new();
    private readonly LivePicture _picture = new();
    private ILiveOutput _output;

    private string _name;
    private ProgressReport _report;
    private string _part = "";
    private Image? _preview;
    private bool _isNew;
    private LiveFrame? _frame;
    private TimeSpan? _shownAt;
    private TimeSpan _nextPicture;
    private volatile bool _wantsPreview;
    private JobEnding? _ending;
    private TimeSpan _endedAfter;
    private IReadOnlyList<double> _finalResiduals = [];
    private JobCurves? _curves;
    private WeakReference<object>? _result;
    private string _remark = "";
    private bool _cellEnded;
    private bool _isOver;

    internal LiveJob(RunJob job, ILiveOutput output, LiveDisplayOptions options, TimeProvider clock)
    {
        (_job, _output, _options, _clock, _name) = (job, output, options, clock, job.Name);
        _start = clock.GetTimestamp();
    }

    public static Image? LastPreview => Volatile.Read(ref _lastPreview);

    public bool WantsPreview => _wantsPreview;

    /// <summary>Whether the job is through, so that its display may serve another.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _ending is not null;
            }
        }
    }

    /// <summary>Whether it made something that can be viewed.</summary>
    public bool HasResult => Volatile.Read(ref _result) is not null;

    private TimeSpan Elapsed => _clock.GetElapsedTime(_start);

    public void Report(in ProgressReport report)
    {
        lock (_gate)
        {
            _isNew = true;
            if (report.Preview is { } preview)
            {
                _preview = preview;
                _wantsPreview = false;
                Volatile.Write(ref _lastPreview, preview);
            }

            if (report.Activity != _name)
            {
                if (!_job.IsDetached)
                {
                    _part = $"{report.Activity} {100 * Math.Clamp(report.Fraction, 0, 1):0} %{(report.Detail.Length > 0 ? ": " : "")}{report.Detail}";
                    return;
                }

                _name = report.Activity;
                _report = default;
                _residuals.Clear();
                _scores.Clear();
            }

            _part = "";
            // The report of the end has times instead of iterations.
            _report = report with
            {
                Preview = null,
                Iteration = report.Iteration ?? _report.Iteration,
                IterationLimit = report.IterationLimit ?? _report.IterationLimit,
            };
            if (report.Residual is { } residual)
            {
                _residuals.Add(report.Iteration, residual);
            }

            if (report.Score is { } score)
            {
                _scores.Add(report.Iteration, score);
            }
        }
    }

    public void Ended(JobEnding ending, JobResult? result)
    {
        lock (_gate)
        {
            (_ending, _endedAfter, _isNew, _wantsPreview) = (ending, Elapsed, true, false);
            _finalResiduals = result?.Residuals is { Count: > 0 } all ? all : [.. _residuals.Values];
            _curves = result?.Curves;
            _remark = ending == JobEnding.Done ? result?.Remark ?? "" : _job.StopNote;
            if (result?.Value is { } value && Pictures.CanDraw(value.GetType()))
            {
                // A loop over many jobs must not keep all their volumes.
                Volatile.Write(ref _result, new WeakReference<object>(value));
            }
        }

        if (ending != JobEnding.Done || Volatile.Read(ref _cellEnded))
        {
            Finish();
        }
    }

    /// <summary>The cell is through: what its job made can be held against what the cell shows.</summary>
    public void CellEnded()
    {
        Volatile.Write(ref _cellEnded, true);
        bool ended;
        lock (_gate)
        {
            if (_ending is null && _output.IsStopped)
            {
                (_ending, _endedAfter, _remark) = (JobEnding.Cancelled, Elapsed, _job.StopNote);
            }

            ended = _ending is not null;
        }

        if (ended)
        {
            Finish();
        }
    }

    /// <summary>Gives the output away: this job is shown no more.</summary>
    public ILiveOutput HandOver()
    {
        lock (_drawing)
        {
            _isOver = true;
            return _output;
        }
    }

    /// <summary>Draws what is new, when it is time.</summary>
    /// <returns>False when nothing will come any more.</returns>
    public bool Tick()
    {
        lock (_drawing)
        {
            if (_isOver || !_output.CanChange)
            {
                return !_isOver;
            }

            var now = Elapsed;
            if (_shownAt is null && !IsTimeToAppear(now))
            {
                return !HasEnded;
            }

            if (_shownAt is { } before && (now - before < _options.Gap || (!Volatile.Read(ref _isNew) && now - before < Heartbeat)))
            {
                return true;
            }

            if (_shownAt is null && CellJobs.Of(_output).Show(this) is { } taken)
            {
                _output = taken;
            }

            _shownAt = now;
            Draw(now);
            // An ended job waits for the end of its cell.
            return !HasEnded;
        }
    }

    private bool IsTimeToAppear(TimeSpan now)
    {
        if (now < _options.Delay)
        {
            return false;
        }

        lock (_gate)
        {
            if (_ending is not null)
            {
                return false;
            }

            _wantsPreview = _options.Preview && _preview is null;
            // It may be over in a moment, and a display that only flashes up is no help.
            return now >= 2 * _options.Delay || (_report.Fraction > 0.01 && now.TotalSeconds * (1 - _report.Fraction) / _report.Fraction > _options.Delay.TotalSeconds);
        }
    }

    private void Draw(TimeSpan now)
    {
        Image? preview = null;
        lock (_gate)
        {
            if (now >= _nextPicture)
            {
                (preview, _preview) = (_preview, null);
            }
        }

        if (preview is not null)
        {
            Encode(preview);
            _nextPicture = now + Max(_options.Gap, (Elapsed - now) * PictureShare);
        }

        LiveState state;
        lock (_gate)
        {
            _isNew = false;
            _wantsPreview = _options.Preview && _ending is null && _preview is null;
            state = State(now);
        }

        _output.Update(LiveHtml.Bundle(state));
    }

    private void Encode(Image preview) => _frame = _picture.Encode(preview);

    private void Finish()
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                lock (_drawing)
                {
                    FinishNow();
                }

                return;
            }
            catch (ThreadInterruptedException) when (attempt < 3)
            {
                // The stop of a cell breaks waits of its thread, this one too; the last picture is to be seen all the same.
            }
        }
    }

    private void FinishNow()
    {
        if (_isOver || _shownAt is null)
        {
            // Where displays cannot change only the end is shown, of jobs that would have been shown.
            if (_isOver || _output.CanChange || _endedAfter < 2 * _options.Delay)
            {
                _isOver = true;
                return;
            }
        }

        Image? preview;
        LiveState state;
        lock (_gate)
        {
            (preview, _preview) = (_preview, null);
        }

        if (preview is not null && _output.CanChange)
        {
            Encode(preview);
        }

        lock (_gate)
        {
            state = State(_endedAfter);
        }

        _output.Update(state.Ending == JobEnding.Done ? Final(state) : LiveHtml.Bundle(state));
        _isOver = true;
    }

    private MimeBundle Final(LiveState state)
    {
        object? result = null;
        _result?.TryGetTarget(out result);
        var isShown = result is null || _output.HasShown(v => ReferenceEquals(v, result) || (v is PictureView view && view.IsOf(result)));
        var hasViewer = !isShown && _options.Viewer && CellJobs.Of(_output).IsLast(this);
        try
        {
            return LiveFinal.Bundle(state, _finalResiduals, hasViewer ? result : null, keepsPicture: !isShown || result is null);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            // The job is done; that its picture cannot be drawn must not fail the cell.
            RunContext.Current.Warning?.Invoke($"The end of {state.Name} cannot be drawn: {exception.GetType().Name}: {exception.Message}");
            return LiveHtml.Bundle(state);
        }
    }

    private LiveState State(TimeSpan now) => new()
    {
        Name = _name,
        Fraction = _ending == JobEnding.Done ? 1 : _report.Fraction,
        Detail = _part.Length > 0 ? _part : _report.Detail ?? "",
        Iteration = _report.Iteration,
        IterationLimit = _report.IterationLimit,
        Residuals = [.. _ending is null ? _residuals.Values : _finalResiduals],
        Scores = [.. _scores.Values],
        Words = _job.Words,
        Curves = _curves,
        Elapsed = now,
        Left = _ending is null ? _left.Next(now, _report.Fraction, _job.Expected) : null,
        Expected = _job.Expected,
        MemoryBytes = Environment.WorkingSet,
        Frame = _frame,
        PictureSize = !_options.Preview ? null : _frame is { } frame ? (frame.Width, frame.Height)
            : _job.PreviewShape is { } shape ? LivePicture.SizeOnPage(shape.Rows, shape.Columns) : null,
        Ending = _ending,
        Remark = _remark,
    };

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
