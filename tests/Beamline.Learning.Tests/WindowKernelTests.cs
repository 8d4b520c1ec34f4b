using Beamline.Tomography;

namespace Beamline.Learning.Tests;

public sealed class WindowKernelTests
{
    private static readonly SliceScene Scene = new();

    [Theory]
    [InlineData(FbpFilter.Hann, 1.0, 0.08)]
    [InlineData(FbpFilter.Hann, 0.5, 0.03)]
    [InlineData(FbpFilter.Hann, 0.4, 0.03)]
    [InlineData(FbpFilter.Parzen, 1.0, 0.05)]
    // Not zero at Nyquist: its kernel swings on.
    [InlineData(FbpFilter.SheppLogan, 1.0, 0.2)]
    public void Makes_of_a_slice_without_a_window_the_one_with_it(FbpFilter filter, double cutoff, double most)
    {
        using var noisy = Scene.Noisy(0.3);
        var options = new FbpOptions { Filter = filter, Cutoff = cutoff };
        using var sharp = Reconstruction.Fbp(noisy, Scene.Axis, new FbpOptions { Filter = FbpFilter.RamLak });
        using var windowed = Reconstruction.Fbp(noisy, Scene.Axis, options);
        var kernel = WindowKernel.Of(options);
        var (error, power, n, reach) = (0.0, 0.0, sharp.ColumnCount, kernel.Edge / 2);
        for (var y = 20; y < n - 20; y++)
        {
            for (var x = 20; x < n - 20; x++)
            {
                var sum = 0.0;
                for (var v = -reach; v <= reach; v++)
                {
                    for (var u = -reach; u <= reach; u++)
                    {
                        sum += kernel.Values[((v + reach) * kernel.Edge) + u + reach] * sharp[3, y + v, x + u];
                    }
                }

                error += Math.Pow(sum - windowed[3, y, x], 2);
                power += Math.Pow(sharp[3, y, x] - windowed[3, y, x], 2);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{kernel.Edge}: {Math.Sqrt(error / power)}");
        Assert.Equal(1, kernel.Values.Sum(), 1e-5);

        // Of what the window changes, the kernel does nearly all.
        Assert.True(Math.Sqrt(error / power) < most, $"{Math.Sqrt(error / power):g3} of the change is left");
    }

    [Fact]
    public void Patches_that_the_window_would_use_up_are_refused()
    {
        using var noisy = Scene.Noisy(0.3);
        var message = Assert.Throws<ArgumentException>(() => Denoiser.TrainNoise2Inverse(noisy, Scene.Axis, new Noise2InverseOptions
        {
            Cutoff = 0.3, Training = new TrainingOptions { Network = DenoiserNetwork.UNetSmall, PatchSize = 16, InThisProcess = true },
        })).Message;
        Assert.Contains("PatchSize of 38 or more", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_through_the_window_gives_sharper_slices()
    {
        Torch.Require();
        var scene = new SliceScene(96, 8, 128);
        using var noisy = scene.Noisy(0.05);
        using var truth = scene.Fbp(scene.Clean, FbpFilter.RamLak);
        double Error(bool through)
        {
            var denoiser = Denoiser.TrainNoise2Inverse(noisy, scene.Axis, new Noise2InverseOptions
            {
                Cutoff = 0.5,
                ThroughWindow = through,
                Training = new TrainingOptions { Network = DenoiserNetwork.UNetSmall, Steps = 200, PatchSize = 32, BatchSize = 8, ScoreEvery = 100, Threads = 1, InThisProcess = true },
            });
            using var made = denoiser.Reconstruct(noisy, scene.Axis);
            return SliceScene.Rmse(truth, made);
        }

        var (with, without) = (Error(true), Error(false));
        TestContext.Current.TestOutputHelper?.WriteLine($"{with} {without}");
        Assert.True(with < 0.95 * without, $"RMSE {with:g4} through the window, {without:g4} beside it");
    }
}
