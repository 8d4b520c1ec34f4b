using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>A training that is going on: look at it, pause it, stop it, wait for it.</summary>
public sealed class TrainingRun : IDisposable
{
    private readonly TrainingJob _job;
    private readonly string _folder;
    private readonly bool _ownsFolder;
    private readonly IReadOnlyDictionary<string, string> _facts;
    private readonly RunContext _context;
    private readonly Lock _gate = new();
    private readonly List<TrainingScore> _history = [];
    private readonly TrainingProcess? _process;
    private readonly CancellationTokenRegistration _cancel;
    private volatile bool _cancelled;
    private readonly TrainingControl _control = new();

    internal TrainingRun(TrainingJob job, string folder, bool ownsFolder, IReadOnlyDictionary<string, string> facts)
    {
        (_job, _folder, _ownsFolder, _facts, _context) = (job, folder, ownsFolder, facts, RunContext.Current);
        _context.CancellationToken.ThrowIfCancellationRequested();
        if (job.Options.InThisProcess)
        {
            Completion = Task.Run(TrainHere);
        }
        else
        {
            _process = TrainingProcess.Start(folder);
            Completion = Task.Run(TrainThereAsync);
        }

        _cancel = _context.CancellationToken.Register(() =>
        {
            _cancelled = true;
            Stop();
        });
    }

    /// <summary>The trained denoiser, when it is done.</summary>
    /// <exception cref="TrainingFailedException">It failed; the message says why.</exception>
    /// <exception cref="TrainingCanceledException">The run context was cancelled; the best weights until then are in the exception.</exception>
    public Task<Denoiser> Completion { get; }

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

    /// <summary>Number of the process that trains; null when it is this one.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>Waits after the step that is going on.</summary>
    public void Pause() => Wish(TrainingWish.Pause);

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume() => Wish(TrainingWish.GoOn);

    /// <summary>Ends after the step that is going on, with the best weights so far.</summary>
    public void Stop() => Wish(TrainingWish.Stop);

    /// <summary>Waits for the denoiser.</summary>
    public Denoiser Wait() => Completion.GetAwaiter().GetResult();

    /// <summary>Ends the process that trains, if it still does.</summary>
    public void Dispose()
    {
        _cancel.Dispose();
        _process?.Dispose();
    }

    private void Wish(TrainingWish wish)
    {
        _control.Set(wish);
        _process?.Tell(wish switch { TrainingWish.Pause => "pause", TrainingWish.Stop => "stop", _ => "go" });
    }

    private Denoiser TrainHere()
    {
        try
        {
            TorchRuntime.Load();
            TorchThreads.Use(_job.Options.Threads);
            using var trainer = new Trainer(_job, _folder);
            var (report, weights) = trainer.Run(Hear, _control);
            return Finish(report, weights);
        }
        finally
        {
            Clean();
        }
    }

    private async Task<Denoiser> TrainThereAsync()
    {
        try
        {
            var report = await _process!.ListenAsync(message =>
            {
                if (message.Score is { } score)
                {
                    Hear(score);
                }
                else if (message.Progress is { } text)
                {
                    _context.Progress?.Report(new ProgressReport("training", 0, text));
                }
            }).ConfigureAwait(false);
            return Finish(report, SafetensorsFile.Read(TrainingMessage.ResultIn(_folder)).Tensors);
        }
        catch (TrainingFailedException exception) when (!_ownsFolder && File.Exists(TrainingJob.CheckpointIn(_folder)))
        {
            throw new TrainingFailedException($"{exception.Message}\nIts checkpoint is in {_folder}: train again with Resume = true to go on from there.", exception);
        }
        finally
        {
            Clean();
        }
    }

    private void Hear(TrainingScore score)
    {
        lock (_gate)
        {
            _history.Add(score);
        }

        Scored?.Invoke(score);
        _context.Progress?.Report(new ProgressReport("training", (double)score.Step / _job.Options.Steps, FormattableString.Invariant(
            $"step {score.Step} of {_job.Options.Steps}, held-out RMSE {score.HeldOutRmse:0.####}")));
    }

    private Denoiser Finish(TrainingReport report, IReadOnlyDictionary<string, NamedTensor> weights)
    {
        if (report.End == TrainingEnd.Diverged)
        {
            _context.Warning?.Invoke(
                $"The training diverged after step {report.History[^1].Step}: the loss or its gradient became infinite. The weights of step {report.BestStep} are kept. " +
                "Take a smaller learning rate, or look at the data for values far beyond the others.");
        }

        var best = new Denoiser(_job.Options.Network, _job.Scale, weights, report, _facts);
        return _cancelled
            ? throw new TrainingCanceledException(best, $"The training was cancelled after {report.History[^1].Step} steps. The best weights, of step {report.BestStep}, are in this exception's Best.", _context.CancellationToken)
            : best;
    }

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
