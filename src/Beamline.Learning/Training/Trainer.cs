using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>The loop that trains a network on pairs of images.</summary>
internal sealed class Trainer : IDisposable
{
    private readonly TrainingJob _job;
    private readonly string _folder;
    private readonly TrainingPairs _pairs;
    private readonly List<HeldOut> _heldOut;
    private readonly Module<Tensor, Tensor> _network;
    private readonly Adam _adam;
    private readonly torch.Device _device;
    private readonly Adversary? _adversary;
    private readonly Tensor? _through;
    private readonly List<TrainingScore> _history = [];
    private Dictionary<string, NamedTensor> _best = [];
    private int _bestStep;
    private double _bestScore = double.PositiveInfinity;
    private double _meanLoss;
    private double _secondsBefore;

    public Trainer(TrainingJob job, string folder)
    {
        (_job, _folder) = (job, folder);
        _pairs = new TrainingPairs(job, folder);
        _heldOut = [.. _pairs.HeldOuts()];
        _network = NetworkFactory.Create(job.Options.Network, job.Options.Seed);
        _device = TorchDevice.For(job.Options.Device ?? Compute.Device.Cpu);
        _network.to(_device);
        _adam = new Adam(_network);
        _through = job.Through is { } kernel ? tensor(kernel.Values, [1, 1, kernel.Edge, kernel.Edge]).to(_device) : null;
        _adversary = job.Options.Adversarial is { } adversarial ? new Adversary(adversarial, job.Options, _pairs, _device) : null;
    }

    /// <summary>Scores so far.</summary>
    public IReadOnlyList<TrainingScore> History => _history;

    /// <summary>Lets others look in while it trains; null when nobody does.</summary>
    public TrainingWindow? Window { get; init; }

    /// <summary>Trains to the end.</summary>
    /// <param name="scored">Called after each score.</param>
    /// <param name="control">Asked before each step; holds the training while it is paused.</param>
    /// <returns>What came of it, and the best weights.</returns>
    public (TrainingReport Report, Dictionary<string, NamedTensor> Weights) Run(Action<TrainingScore>? scored, TrainingControl control)
    {
        var options = _job.Options;
        if (options.Resume && File.Exists(TrainingJob.CheckpointIn(_folder)))
        {
            var state = Checkpoint.Load(_job, TrainingJob.CheckpointIn(_folder), _network, _adam, _adversary);
            (_best, _bestStep, _bestScore, _meanLoss, _secondsBefore) = (state.Best, state.BestStep, state.BestScore, state.MeanLoss, state.Seconds);
            _history.AddRange(state.History);
        }

        var (watch, cpu) = (Stopwatch.StartNew(), CpuSeconds());
        var channels = options.Network.InputChannels;
        var inputs = new float[options.BatchSize * channels * _pairs.PatchSize * _pairs.PatchSize];
        var targets = new float[options.BatchSize * _pairs.PatchSize * _pairs.PatchSize];
        var end = TrainingEnd.Completed;
        if (_adam.Step == 0)
        {
            KeepIfBest(Score(0, watch), scored);
        }

        while (_adam.Step < options.Steps)
        {
            if (control.Ask() == TrainingWish.Stop)
            {
                end = TrainingEnd.Stopped;
                break;
            }

            var step = _adam.Step + 1;
            _pairs.Sample(TrainingPairs.StepRandom(options.Seed, step), inputs, targets);
            var loss = Step(inputs, targets, Rate(options, step));
            if (loss is not { } value)
            {
                end = TrainingEnd.Diverged;
                break;
            }

            _meanLoss = step == 1 ? value : (0.97 * _meanLoss) + (0.03 * value);
            Window?.After(step, _meanLoss, _network);
            if (step % options.ScoreEvery == 0 || step == options.Steps)
            {
                var score = Score(step, watch);
                if (!double.IsFinite(score.HeldOutRmse))
                {
                    end = TrainingEnd.Diverged;
                    break;
                }

                KeepIfBest(score, scored);
                SaveCheckpoint(watch);
                if (options.Patience > 0 && _history.Count(s => s.Step > _bestStep) >= options.Patience)
                {
                    end = TrainingEnd.EarlyStopped;
                    break;
                }
            }
        }

        if (end == TrainingEnd.Stopped)
        {
            SaveCheckpoint(watch);
        }

        return (new TrainingReport { History = [.. _history], BestStep = _bestStep, End = end, CpuSeconds = CpuSeconds() - cpu }, _best);
    }

    public void Dispose()
    {
        _pairs.Dispose();
        _adversary?.Dispose();
        _through?.Dispose();
        _adam.Dispose();
        _network.Dispose();
    }

    /// <summary>The step length at a step, from 1.</summary>
    internal static double Rate(TrainingOptions options, int step) => options.Schedule == LearningRateSchedule.Constant
        ? options.LearningRate
        : options.LearningRate * 0.5 * (1 + Math.Cos(Math.PI * step / options.Steps));

    private double? Step(float[] inputs, float[] targets, double rate)
    {
        using var scope = NewDisposeScope();
        long edge = _pairs.PatchSize;
        var x = Blocks.ChannelsLast(tensor(inputs, [_job.Options.BatchSize, _job.Options.Network.InputChannels, edge, edge])).to(_device);
        var y = tensor(targets, [_job.Options.BatchSize, 1, edge, edge]).to(_device);
        _network.train();
        _network.zero_grad();
        var output = _network.call(x);
        var loss = LossFunctions.Compute(_job.Options.Loss, Through(output), Inner(y), _job.Scale);
        if (_adversary is not null)
        {
            loss += _adversary.Penalty(output);
        }

        var value = loss.item<float>();
        if (!float.IsFinite(value))
        {
            return null;
        }

        loss.backward();
        if (!_adam.Clip(_job.Options.GradientClip))
        {
            return null;
        }

        _adam.Move(rate);
        return _adversary is null || _adversary.Train(_network, _adam.Step) ? value : null;
    }

    private TrainingScore Score(int step, Stopwatch watch)
    {
        using var none = no_grad();
        _network.eval();
        var (sum, count) = (0.0, 0L);
        foreach (var held in _heldOut)
        {
            using var scope = NewDisposeScope();
            var input = Blocks.ChannelsLast(tensor(held.Input, [1, _job.Options.Network.InputChannels, held.RowCount, held.ColumnCount]) / _job.Scale).to(_device);
            var output = Seen(_network.call(input)).narrow(2, held.BandStart, held.BandRows) * _job.Scale;
            sum += (output.cpu() - tensor(held.Target, [1, 1, held.BandRows, held.ColumnCount])).pow(2).sum().item<float>();
            count += held.Target.Length;
        }

        return new TrainingScore(step, _meanLoss, Math.Sqrt(sum / count), Rate(_job.Options, step), _secondsBefore + watch.Elapsed.TotalSeconds);
    }

    /// <summary>What of a patch is seen through the kernel, where nothing beyond the edge is missing.</summary>
    private Tensor Through(Tensor output) => _through is null ? output : functional.conv2d(output, _through);

    /// <summary>The part of a target that <see cref="Through"/> leaves.</summary>
    private Tensor Inner(Tensor target)
    {
        if (_through is null)
        {
            return target;
        }

        var (edge, lost) = (target.shape[2], _through.shape[2] - 1);
        return target.narrow(2, lost / 2, edge - lost).narrow(3, lost / 2, edge - lost);
    }

    /// <summary>A whole image through the kernel, the edge repeated.</summary>
    private Tensor Seen(Tensor image)
    {
        if (_through is null)
        {
            return image;
        }

        var reach = _through.shape[2] / 2;
        return functional.conv2d(functional.pad(image, [reach, reach, reach, reach], PaddingModes.Replicate), _through);
    }

    private void KeepIfBest(TrainingScore score, Action<TrainingScore>? scored)
    {
        _history.Add(score);
        if (score.HeldOutRmse < _bestScore)
        {
            (_bestScore, _bestStep, _best) = (score.HeldOutRmse, score.Step, Weights.Take(_network));
        }

        scored?.Invoke(score);
    }

    private void SaveCheckpoint(Stopwatch watch) => Checkpoint.Save(
        _job, TrainingJob.CheckpointIn(_folder), _network, _adam, _adversary,
        new CheckpointState(_best, _bestStep, _bestScore, _meanLoss, _secondsBefore + watch.Elapsed.TotalSeconds, _history));

    private static double CpuSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }
}
