using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>The second network of an <see cref="AdversarialTraining"/>, with all that a checkpoint must hold of it.</summary>
internal sealed class Adversary : IDisposable
{
    /// <summary>Its name in checkpoints.</summary>
    private const string Prefix = "adversary.";

    /// <summary>Keeps its batches apart from those of the network that denoises.</summary>
    private const long OtherSeed = 0x5DEECE66DL;

    private readonly AdversarialTraining _options;
    private readonly TrainingOptions _training;
    private readonly TrainingPairs _pairs;
    private readonly DiscriminatorModule _network;
    private readonly Adam _adam;
    private readonly torch.Device _device;

    public Adversary(AdversarialTraining options, TrainingOptions training, TrainingPairs pairs, torch.Device device)
    {
        (_options, _training, _pairs, _device) = (options, training, pairs, device);
        _network = NetworkFactory.CreateDiscriminator(options.DiscriminatorMaps, pairs.PatchSize, training.Seed + 1);
        _network.to(device);
        _adam = new Adam(_network);
    }

    /// <summary>What the network that denoises pays for what this one tells apart: cross entropy of "this is a target", weighted.</summary>
    public Tensor Penalty(Tensor output)
    {
        Learn(false);
        return Entropy(_network.call(output), isTarget: true) * _options.Weight;
    }

    /// <summary>Its own steps, on batches of its own.</summary>
    /// <param name="denoise">The network that denoises.</param>
    /// <param name="step">Step of the training, from 1.</param>
    /// <returns>False when the loss or its gradient became infinite.</returns>
    public bool Train(Module<Tensor, Tensor> denoise, int step)
    {
        long edge = _pairs.PatchSize;
        var inputs = new float[_training.BatchSize * _training.Network.InputChannels * edge * edge];
        var targets = new float[_training.BatchSize * edge * edge];
        Learn(true);
        denoise.eval();
        for (var k = 0; k < _options.DiscriminatorSteps; k++)
        {
            using var scope = NewDisposeScope();
            _pairs.Sample(TrainingPairs.StepRandom(_training.Seed ^ OtherSeed, (step * _options.DiscriminatorSteps) + k), inputs, targets);
            Tensor denoised;
            using (no_grad())
            {
                denoised = denoise.call(Blocks.ChannelsLast(tensor(inputs, [_training.BatchSize, _training.Network.InputChannels, edge, edge])).to(_device));
            }

            _network.zero_grad();
            var loss = Entropy(_network.call(tensor(targets, [_training.BatchSize, 1, edge, edge]).to(_device)), isTarget: true) +
                Entropy(_network.call(denoised), isTarget: false);
            if (!float.IsFinite(loss.item<float>()))
            {
                return false;
            }

            loss.backward();
            if (!_adam.Clip(_training.GradientClip))
            {
                return false;
            }

            _adam.Move(_options.DiscriminatorLearningRate);
        }

        return true;
    }

    /// <summary>Adds weights and moments to those of a checkpoint.</summary>
    public void Save(Dictionary<string, NamedTensor> tensors)
    {
        var own = Weights.Take(_network).ToDictionary(w => "now." + w.Key, w => w.Value);
        _adam.Save(own);
        foreach (var (name, value) in own)
        {
            tensors[Prefix + name] = value;
        }
    }

    /// <summary>Takes them back.</summary>
    /// <exception cref="KeyNotFoundException">One is missing.</exception>
    /// <exception cref="InvalidDataException">They are those of another network.</exception>
    public void Load(IReadOnlyDictionary<string, NamedTensor> tensors, int step, string source)
    {
        var own = Checkpoint.Part(tensors, Prefix);
        Weights.Put(_network, Checkpoint.Part(own, "now."), source);
        _adam.Load(own, step * _options.DiscriminatorSteps);
    }

    public void Dispose()
    {
        _adam.Dispose();
        _network.Dispose();
    }

    private static Tensor Entropy(Tensor logits, bool isTarget) =>
        functional.binary_cross_entropy_with_logits(logits, isTarget ? ones_like(logits) : zeros_like(logits));

    private void Learn(bool learns)
    {
        foreach (var weight in _network.parameters())
        {
            weight.requires_grad = learns;
        }
    }
}
