using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>A training that is going on: look at it, pause it, stop it, wait for it. A notebook shows it while it runs.</summary>
public sealed class TrainingRun : IDisposable
{
    // A stopped cell is answered after 2 s whether or not its thread has come back.
    private static readonly TimeSpan MostAfterStop = TimeSpan.FromSeconds(1.5);
    private static TrainingRun? _latest;

    private readonly TrainingJob _job;
    private readonly string _folder;
    private readonly bool _ownsFolder;
    private readonly IReadOnlyDictionary<string, string> _facts;
    private readonly RunContext _context;
    private readonly Lock _gate = new();
    private readonly List<TrainingScore> _history = [];
    private readonly TrainingProcess? _process;
    private readonly TrainingReporter _reporter;
    private readonly CancellationTokenRegistration _cancel;
    private readonly TrainingControl _control = new();
    private volatile bool _cancelled;
    private volatile Denoiser? _best;
    private volatile Image? _preview;

    internal TrainingRun(TrainingJob job, string folder, bool ownsFolder, IReadOnlyDictionary<string, string> facts)
    {
        (_job, _folder, _ownsFolder, _facts, _context) = (job, folder, ownsFolder, facts, RunContext.Current);
        _context.CancellationToken.ThrowIfCancellationRequested();
        _process = job.Options.InThisProcess ? null : TrainingProcess.Start(folder);
        _reporter = new TrainingReporter(job, _context);
        Completion = Task.Run(RunAsync);

        // Who watches is told of a failure; who waits gets the exception. A run that nobody waits for is no error of the finalizer.
        _ = Completion.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _cancel = _context.CancellationToken.Register(() =>
        {
            _cancelled = true;
            Stop();
        });
        Volatile.Write(ref _latest, this);
    }

    /// <summary>The training that was started last in this process; null before the first. After a stopped or failed cell its <see cref="Best"/> is what was reached.</summary>
    public static TrainingRun? Latest => Volatile.Read(ref _latest);

    /// <summary>The trained denoiser, when it is done.</summary>
    /// <exception cref="TrainingFailedException">It failed; the message says why.</exception>
    /// <exception cref="TrainingCanceledException">The run context was cancelled; the best weights until then are in the exception.</exception>
    public Task<Denoiser> Completion { get; }

    /// <summary>
    /// The best weights up to now, also while it trains and after it was stopped or has failed; null before the first steps were scored. Reads a file while it trains.
    /// </summary>
    public Denoiser? Best => _best ?? BestInCheckpoint() ?? _best;

    /// <summary>Steps done.</summary>
    public int Step => _reporter.Step;

    /// <summary>Whether it waits for <see cref="Resume"/>.</summary>
    public bool IsPaused => _reporter.IsPaused;

    /// <summary>A view (its middle, where it is large) denoised by the weights of a moment ago; null until somebody watches <see cref="Previewed"/> or a notebook shows the run.</summary>
    public Image? Preview => _preview;

    /// <summary>Scores up to now.</summary>
    public IReadOnlyList<TrainingScore> History
    {
        get
        {
            lock (_gate)
            {
                return [.. _history];
            }
        }
    }

    /// <summary>Heard after each score, on a thread of the pool.</summary>
    public event Action<TrainingScore>? Scored;

    /// <summary>Heard with each <see cref="Preview"/>, every few seconds at most, on a thread of the pool. Previews are made only while somebody hears or sees them.</summary>
    public event Action<Image>? Previewed;

    /// <summary>Number of the process that trains; null when it is this one.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>Waits after the step that is going on.</summary>
    public void Pause() => Wish(TrainingWish.Pause);

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume() => Wish(TrainingWish.GoOn);

    /// <summary>Ends after the step that is going on, with the best weights so far.</summary>
    public void Stop() => Wish(TrainingWish.Stop);

    /// <summary>Waits for the denoiser.</summary>
    /// <exception cref="TrainingFailedException">It failed; the message says why.</exception>
    /// <exception cref="OperationCanceledException">
    /// The run context was cancelled; as a <see cref="TrainingCanceledException"/> it has the best weights until then. <see cref="Best"/> has them in any case.
    /// </exception>
    public Denoiser Wait()
    {
        var interrupted = 0L;
        while (true)
        {
            try
            {
                return Completion.GetAwaiter().GetResult();
            }
            catch (ThreadInterruptedException) when (_context.CancellationToken.IsCancellationRequested)
            {
                // The stop of a cell breaks the waits of its thread again and again, but the process needs the rest of a step to hand over its weights.
                interrupted = interrupted == 0 ? System.Diagnostics.Stopwatch.GetTimestamp() : interrupted;
                if (System.Diagnostics.Stopwatch.GetElapsedTime(interrupted) > MostAfterStop)
                {
                    throw new OperationCanceledException("The training was cancelled. " + TrainingReporter.WhereBestIs, _context.CancellationToken);
                }
            }
        }
    }

    /// <summary>Ends the process that trains, if it still does.</summary>
    public void Dispose()
    {
        _cancel.Dispose();
        _process?.Dispose();
    }

    /// <summary>What it is and how far.</summary>
    public override string ToString() =>
        $"TrainingRun: {_job.Options.Network.Name}, {(Completion.IsCompletedSuccessfully ? $"{Completion.Result.Report}" : $"{_reporter.Text}{(Completion.IsCompleted ? ", ended" : IsPaused ? ", paused" : "")}")}";

    private void Wish(TrainingWish wish)
    {
        _control.Set(wish);
        _process?.Tell(wish switch { TrainingWish.Pause => "pause", TrainingWish.Stop => "stop", _ => "go" });
        _reporter.Paused(wish == TrainingWish.Pause);
    }

    private async Task<Denoiser> RunAsync()
    {
        try
        {
            var (report, weights) = _process is null ? TrainHere() : await TrainThereAsync(_process).ConfigureAwait(false);
            var denoiser = Finish(report, weights);
            _reporter.Done(report);
            return denoiser;
        }
        catch (OperationCanceledException)
        {
            _reporter.Cancelled();
            throw;
        }
        catch (Exception exception)
        {
            _best ??= BestInCheckpoint();
            var told = Explained(exception);
            _reporter.Failed(told);
            if (ReferenceEquals(told, exception))
            {
                throw;
            }

            throw told;
        }
        finally
        {
            Clean();
        }
    }

    private (TrainingReport Report, IReadOnlyDictionary<string, NamedTensor> Weights) TrainHere()
    {
        TorchRuntime.Load();
        TorchThreads.Use(_job.Options.Threads);
        using var trainer = new Trainer(_job, _folder) { Window = new TrainingWindow(_job, _folder, _control, HearStep, HearPreview) };
        return trainer.Run(Hear, _control);
    }

    private async Task<(TrainingReport Report, IReadOnlyDictionary<string, NamedTensor> Weights)> TrainThereAsync(TrainingProcess process)
    {
        var report = await process.ListenAsync(message =>
        {
            if (message.Score is { } score)
            {
                Hear(score);
            }
            else if (message.At is { } at)
            {
                HearStep(at.Step, at.Loss);
            }
            else if (message.Preview is { } step)
            {
                HearPreview(step, TrainingWindow.ReadPreview(_job, _folder));
            }
            else if (message.Progress is { } text)
            {
                _reporter.Note(text);
            }
        }).ConfigureAwait(false);
        return (report, SafetensorsFile.Read(TrainingMessage.ResultIn(_folder)).Tensors);
    }

    private void Hear(TrainingScore score)
    {
        lock (_gate)
        {
            _history.Add(score);
        }

        _reporter.Score(score);
        Scored?.Invoke(score);
        AskForPreview();
    }

    private void HearStep(int step, double loss)
    {
        _reporter.Stepped(step, loss);
        AskForPreview();
    }

    private void HearPreview(int step, float[]? values)
    {
        var preview = values is null ? null : new Image(_job.PreviewRows, _job.PreviewColumns, values) { Title = $"{_job.PreviewTitle}, step {step}" };
        _reporter.Preview(preview);
        if (preview is not null)
        {
            _preview = preview;
            Previewed?.Invoke(preview);
        }
    }

    private void AskForPreview()
    {
        if (_job.PreviewRows > 0 && _reporter.TakePreviewTurn(Previewed is not null))
        {
            _control.PreviewIsWanted = true;
            _process?.Tell("preview");
        }
    }

    private Denoiser Finish(TrainingReport report, IReadOnlyDictionary<string, NamedTensor> weights)
    {
        if (report.End == TrainingEnd.Diverged)
        {
            _context.Warning?.Invoke(
                $"The training diverged after step {report.History[^1].Step}: the loss or its gradient became infinite. The weights of step {report.BestStep} are kept. " +
                "Take a smaller learning rate, or look at the data for values far beyond the others.");
        }

        var best = _best = new Denoiser(_job.Options.Network, _job.Scale, weights, report, _facts);
        return _cancelled
            ? throw new TrainingCanceledException(best, $"The training was cancelled after {report.History[^1].Step} steps. The best weights, of step {report.BestStep}, are in this exception's Best.", _context.CancellationToken)
            : best;
    }

    private Denoiser? BestInCheckpoint()
    {
        try
        {
            var path = TrainingJob.CheckpointIn(_folder);
            if (!File.Exists(path))
            {
                return null;
            }

            var (weights, report) = Checkpoint.Best(path);
            return new Denoiser(_job.Options.Network, _job.Scale, weights, report, _facts);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // The folder goes with the end of the run, and then the best is known.
            return null;
        }
    }

    private Exception Explained(Exception exception) => exception switch
    {
        TrainingFailedException when !_ownsFolder && File.Exists(TrainingJob.CheckpointIn(_folder)) =>
            new TrainingFailedException($"{exception.Message}\nIts checkpoint is in {_folder}: train again with Resume = true to go on from there.", exception),
        TrainingFailedException when _best is not null => new TrainingFailedException($"{exception.Message}\n{TrainingReporter.WhereBestIs}", exception),
        _ => exception,
    };

    private void Clean()
    {
        if (_ownsFolder)
        {
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException)
            {
                // The system clears its temporary folder.
            }
        }
    }
}
