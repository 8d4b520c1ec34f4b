using System.Diagnostics;
using System.Globalization;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>Tells who watches how far a training is: a job of its own, which outlives the cell that started it, and the line of a terminal.</summary>
internal sealed class TrainingReporter
{
    /// <summary>For who was stopped.</summary>
    public const string WhereBestIs = "The best weights until then are in TrainingRun.Latest.Best.";

    private const string Name = "training";
    private static readonly TimeSpan PreviewGap = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly RunContext _context;
    private readonly RunJob _job;
    private readonly int _steps;
    private double _loss = double.NaN;
    private double _score = double.NaN;
    private int _step;
    private int _lastLossStep;
    private bool _isPaused;
    private bool _isAsked;
    private long _askedAt;
    private string _note = "starting";

    public TrainingReporter(TrainingJob training, RunContext context)
    {
        (_context, _steps) = (context, training.Options.Steps);
        _job = RunJob.Detached(Name);
        _job.Words = TrainingReport.Words;
        _job.Expect(null, training.PreviewRows, training.PreviewColumns);
        Tell(new ProgressReport(Name, 0, _note));
    }

    public int Step => Volatile.Read(ref _step);

    public bool IsPaused => Volatile.Read(ref _isPaused);

    /// <summary>How far it is, as one line.</summary>
    public string Text
    {
        get
        {
            lock (_gate)
            {
                return Detail();
            }
        }
    }

    /// <summary>Says what happens before the first step.</summary>
    public void Note(string text)
    {
        lock (_gate)
        {
            _note = text;
            Tell(Report());
        }
    }

    public void Stepped(int step, double loss)
    {
        lock (_gate)
        {
            (_step, _loss) = (step, loss);
            var isNew = step > _lastLossStep;
            _lastLossStep = Math.Max(step, _lastLossStep);
            Tell(Report() with { Residual = isNew ? loss : null });
        }
    }

    public void Score(TrainingScore score)
    {
        lock (_gate)
        {
            (_step, _score) = (score.Step, score.HeldOutRmse);
            var isNew = score.Step > _lastLossStep;
            if (isNew)
            {
                (_loss, _lastLossStep) = (score.Loss, score.Step);
            }

            Tell(Report() with { Residual = isNew ? score.Loss : null, Score = score.HeldOutRmse });
        }
    }

    public void Paused(bool isPaused)
    {
        lock (_gate)
        {
            if (_isPaused != isPaused)
            {
                Volatile.Write(ref _isPaused, isPaused);
                Tell(Report());
            }
        }
    }

    /// <summary>Whether a preview is to be asked for now: somebody wants one, none is under way, and the last one is some time ago.</summary>
    public bool TakePreviewTurn(bool isHeard)
    {
        lock (_gate)
        {
            if (_isAsked || !(isHeard || _job.WantsPreview) || (_askedAt != 0 && Stopwatch.GetElapsedTime(_askedAt) < PreviewGap))
            {
                return false;
            }

            (_isAsked, _askedAt) = (true, Stopwatch.GetTimestamp());
            return true;
        }
    }

    /// <summary>A preview has come; null when it could not be read.</summary>
    public void Preview(Image? image)
    {
        lock (_gate)
        {
            _isAsked = false;
            if (image is not null)
            {
                _job.Report(Report() with { Preview = image });
            }
        }
    }

    public void Done(TrainingReport report)
    {
        var history = report.History;
        var end = report.End switch
        {
            TrainingEnd.EarlyStopped => "ended early, as nothing got better; ",
            TrainingEnd.Stopped => "stopped; ",
            TrainingEnd.Diverged => "diverged; ",
            _ => "",
        };
        _job.Complete(new JobResult(null)
        {
            Residuals = [.. history.Where(s => s.Step > 0).Select(s => s.Loss)],
            Remark = end + string.Create(CultureInfo.InvariantCulture, $"best at step {report.BestStep} with a held-out RMSE of {report.BestHeldOutRmse:g3}"),
            Curves = report.ToCurves(),
        });
    }

    public void Cancelled()
    {
        _job.StopNote = WhereBestIs;
        _job.End(JobEnding.Cancelled);
    }

    public void Failed(Exception exception)
    {
        _job.StopNote = exception.Message.Split('\n')[0];
        _job.End(JobEnding.Failed);
    }

    private ProgressReport Report() => new(Name, (double)_step / _steps, Detail()) { Iteration = _step, IterationLimit = _steps };

    private string Detail()
    {
        if (_step == 0 && double.IsNaN(_score))
        {
            return _note;
        }

        var loss = double.IsNaN(_loss) ? "" : string.Create(CultureInfo.InvariantCulture, $", loss {_loss:g3}");
        var score = double.IsNaN(_score) ? "" : string.Create(CultureInfo.InvariantCulture, $", held-out RMSE {_score:g3}");
        return $"{(_isPaused ? "paused at " : "")}step {_step} of {_steps}{loss}{score}";
    }

    private void Tell(in ProgressReport report)
    {
        _job.Report(report);
        _context.Progress?.Report(report with { Job = _job });
    }
}
