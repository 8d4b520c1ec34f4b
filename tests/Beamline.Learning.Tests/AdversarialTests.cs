using Beamline.Arrays;

namespace Beamline.Learning.Tests;

public sealed class AdversarialTests : IDisposable
{
    private const int Size = 64;
    private static readonly float[] Clean = LowDoseScene.Clean(Size, 6);
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly List<Image> _noisy = [];
    private readonly List<Image> _clean = [];

    public AdversarialTests()
    {
        using var low = LowDoseScene.Stack(LowDoseScene.Noisy(Clean, 200, 1), Size);
        using var clean = LowDoseScene.Stack(Clean, Size);
        for (var i = 0; i < 6; i++)
        {
            _noisy.Add(low.Projection(i));
            _clean.Add(clean.Projection(i));
        }
    }

    private static TrainingOptions Short => new()
    {
        Network = DenoiserNetwork.UNetSmall, Steps = 60, PatchSize = 20, BatchSize = 8, ScoreEvery = 20, Threads = 1, InThisProcess = true, LearningRate = 3e-3,
        Adversarial = new AdversarialTraining { DiscriminatorMaps = 8 },
    };

    [Fact]
    public void It_trains_and_is_another_training()
    {
        Torch.Require();
        var with = Denoiser.TrainPairs(_noisy, _clean, Short with { Steps = 80 });
        var without = Denoiser.TrainPairs(_noisy, _clean, Short with { Steps = 80, Adversarial = null });
        Assert.True(with.Report!.BestHeldOutRmse < 0.75 * with.Report.History[0].HeldOutRmse, string.Join(" ", with.Report.History));
        Assert.Equal(with.Report.History[0].HeldOutRmse, without.Report!.History[0].HeldOutRmse);
        Assert.NotEqual(Bytes(with), Bytes(without));
        Assert.Contains("discriminator of 8 maps", with.Facts["adversarial"]);

        // All its weight on being taken for a target: then it does not get nearer to the target as it does without.
        var only = Denoiser.TrainPairs(_noisy, _clean, Short with { Steps = 80, Adversarial = new AdversarialTraining { DiscriminatorMaps = 8, Weight = 1e3 } });
        Assert.True(only.Report!.History[^1].HeldOutRmse > 1.2 * with.Report.History[^1].HeldOutRmse, $"{only.Report.History[^1]} and {with.Report.History[^1]}");
    }

    [Fact]
    public void It_goes_on_from_a_checkpoint_to_the_last_bit()
    {
        Torch.Require();
        var whole = Denoiser.TrainPairs(_noisy, _clean, Short with { Folder = Path.Combine(_folder, "whole") });
        var options = Short with { Folder = Path.Combine(_folder, "part") };
        using (var source = new CancellationTokenSource())
        using (Compute.RunContext.Use(new Compute.RunContext { CancellationToken = source.Token, Progress = new CancelAt(source) }))
        {
            Assert.Throws<TrainingCanceledException>(() => Denoiser.TrainPairs(_noisy, _clean, options));
        }

        var resumed = Denoiser.TrainPairs(_noisy, _clean, options with { Resume = true });
        Assert.Equal(Bytes(whole), Bytes(resumed));
        Assert.Equal(
            SafetensorsFile.Read(Path.Combine(_folder, "whole", "checkpoint.safetensors")).Tensors["adversary.now.last.weight"].Values,
            SafetensorsFile.Read(Path.Combine(_folder, "part", "checkpoint.safetensors")).Tensors["adversary.now.last.weight"].Values);
        Assert.Throws<TrainingFailedException>(() =>
        {
            try
            {
                Denoiser.TrainPairs(_noisy, _clean, options with { Resume = true, Adversarial = null });
            }
            catch (InvalidDataException exception)
            {
                throw new TrainingFailedException(exception.Message);
            }
        });
    }

    [Fact]
    public void It_stops_where_it_diverges()
    {
        Torch.Require();
        var denoiser = Denoiser.TrainPairs(_noisy, _clean, Short with
        {
            Steps = 400, ScoreEvery = 5, GradientClip = 0, Adversarial = new AdversarialTraining { DiscriminatorMaps = 8, DiscriminatorLearningRate = 0.999, Weight = 1e6 }, LearningRate = 0.999,
        });
        Assert.Equal(TrainingEnd.Diverged, denoiser.Report!.End);
        Assert.True(float.IsFinite(denoiser.Apply(_noisy[0]).Values[0]));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdversarialTraining { Weight = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdversarialTraining { DiscriminatorSteps = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdversarialTraining { DiscriminatorLearningRate = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdversarialTraining { DiscriminatorMaps = 0 });
        Assert.Equal(6.15e-4, new AdversarialTraining().Weight, 1e-6);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private byte[] Bytes(Denoiser denoiser)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}");
        denoiser.Save(path);
        return [.. SafetensorsFile.Read(path).Tensors.OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => t.Value.Values).SelectMany(BitConverter.GetBytes)];
    }

    private sealed class CancelAt(CancellationTokenSource source) : IProgress<Compute.ProgressReport>
    {
        public void Report(Compute.ProgressReport value)
        {
            if (value.Detail.Contains("step 20 ", StringComparison.Ordinal))
            {
                source.Cancel();
            }
        }
    }
}
