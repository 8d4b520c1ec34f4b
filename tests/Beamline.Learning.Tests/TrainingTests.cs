using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning.Tests;

public sealed class TrainingTests : IDisposable
{
    private const int Size = 64;
    private static readonly int[] Views = [2, 7, 12];
    private static readonly float[] Clean = LowDoseScene.Clean(Size, 15);
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly MemoryProjectionStack _low = LowDoseScene.Stack(LowDoseScene.Noisy(Clean, 200, 1), Size);
    private readonly MemoryProjectionStack _normal;

    public TrainingTests() => _normal = LowDoseScene.Views(LowDoseScene.Stack(LowDoseScene.Noisy(Clean, 2000, 2), Size), Views);

    private static TrainingOptions Short => new()
    {
        Network = DenoiserNetwork.UNetSmall, Steps = 60, PatchSize = 20, BatchSize = 8, ScoreEvery = 20, Threads = 1, InThisProcess = true, LearningRate = 5e-3,
    };

    [Fact]
    public void A_hybrid_scan_gets_better_and_keeps_its_values()
    {
        Torch.Require();
        var denoiser = Denoiser.TrainHybridDose(_low, _normal, Views, Short with { Steps = 200, ScoreEvery = 50 });
        using var made = denoiser.Apply(_low);
        var (before, after) = (Error(_low), Error(made));
        Assert.True(after < before / 2.5, $"RMSE {before:0.0000} before, {after:0.0000} after");

        // Attenuation is kept: the mean over the middle of the cylinder, where noise averages out.
        Assert.Equal(1, Middle(made) / Middle(LowDoseScene.Stack(Clean, Size)), 0.02);
        Assert.Equal(Quantity.LineIntegral, made.Quantity);
        Assert.Equal("denoise", made.Provenance.Steps[^1].Operation);
    }

    [Fact]
    public void A_child_process_trains_the_same_weights_bit_for_bit()
    {
        Torch.Require();
        var here = Denoiser.TrainHybridDose(_low, _normal, Views, Short);
        using var run = Denoiser.StartHybridDose(_low, _normal, Views, Short with { InThisProcess = false });
        Assert.NotEqual(Environment.ProcessId, run.ProcessId);
        var there = run.Wait();
        Assert.Equal(Bytes(here), Bytes(there));
        Assert.Equal([0, 20, 40, 60], run.History.Select(s => s.Step));
    }

    [Fact]
    public void A_stopped_training_goes_on_as_if_it_had_not_stopped()
    {
        Torch.Require();
        var whole = Denoiser.TrainHybridDose(_low, _normal, Views, Short);
        var options = Short with { Folder = _folder };
        using (var run = Denoiser.StartHybridDose(_low, _normal, Views, options))
        {
            run.Scored += score =>
            {
                if (score.Step == 20)
                {
                    run.Stop();
                }
            };
            Assert.Equal(TrainingEnd.Stopped, run.Wait().Report!.End);
        }

        var resumed = Denoiser.TrainHybridDose(_low, _normal, Views, options with { Resume = true });
        Assert.Equal(Bytes(whole), Bytes(resumed));
        Assert.Equal([0, 20, 40, 60], resumed.Report!.History.Select(s => s.Step));
    }

    [Fact]
    public async Task A_killed_training_process_fails_alone_and_its_checkpoint_goes_on()
    {
        Torch.Require();
        var options = Short with { InThisProcess = false, Folder = _folder, Steps = 100_000 };
        using (var run = Denoiser.StartHybridDose(_low, _normal, Views, options))
        {
            run.Scored += score =>
            {
                if (score.Step == 40)
                {
                    System.Diagnostics.Process.GetProcessById(run.ProcessId!.Value).Kill();
                }
            };
            var error = await Assert.ThrowsAsync<TrainingFailedException>(() => run.Completion);
            Assert.Contains("exit code 137", error.Message);
            Assert.Contains("Resume = true", error.Message);
        }

        using var again = Denoiser.StartHybridDose(_low, _normal, Views, options with { Resume = true });
        again.Scored += _ => again.Stop();
        var denoiser = await again.Completion;
        Assert.Contains(denoiser.Report!.History, s => s.Step == 20);
    }

    [Fact]
    public void Cancelling_keeps_the_best_so_far()
    {
        Torch.Require();
        using var source = new CancellationTokenSource();
        using var run = Start(source.Token);
        run.Scored += score =>
        {
            if (score.Step == 40)
            {
                source.Cancel();
            }
        };
        var error = Assert.Throws<TrainingCanceledException>(run.Wait);
        Assert.NotNull(error.Best.Report);
        Assert.Equal(Size, error.Best.Apply(_low.Projection(0)).RowCount);
    }

    [Fact]
    public async Task A_pause_holds_it()
    {
        Torch.Require();
        using var run = Denoiser.StartHybridDose(_low, _normal, Views, Short with { Steps = 400, ScoreEvery = 10 });
        var paused = new TaskCompletionSource();
        run.Scored += score =>
        {
            if (score.Step == 10)
            {
                run.Pause();
                paused.SetResult();
            }
        };
        await paused.Task;
        await Task.Delay(300);
        Assert.Equal([0, 10], run.History.Select(s => s.Step));
        run.Resume();
        Assert.Equal(TrainingEnd.Completed, (await run.Completion).Report!.End);
    }

    [Fact]
    public void A_diverging_training_keeps_the_best_and_says_why()
    {
        Torch.Require();
        var warnings = new List<string>();
        using var context = RunContext.Use(new RunContext { Warning = warnings.Add });
        var denoiser = Denoiser.TrainHybridDose(_low, _normal, Views, Short with { LearningRate = 0.999, GradientClip = 0, Loss = TrainingLoss.Poisson, Steps = 400, ScoreEvery = 5 });
        Assert.Equal(TrainingEnd.Diverged, denoiser.Report!.End);
        Assert.Contains(warnings, w => w.Contains("diverged", StringComparison.Ordinal) && w.Contains("learning rate", StringComparison.Ordinal));
        Assert.True(float.IsFinite(denoiser.Apply(_low.Projection(0)).Values[0]));
    }

    [Fact]
    public void It_ends_early_when_nothing_gets_better()
    {
        Torch.Require();
        var denoiser = Denoiser.TrainHybridDose(_low, _normal, Views, Short with { Steps = 100_000, ScoreEvery = 2, Patience = 2, LearningRate = 0.5 });
        Assert.Equal(TrainingEnd.EarlyStopped, denoiser.Report!.End);
    }

    [Theory]
    [InlineData(TrainingLoss.MeanAbsolute)]
    [InlineData(TrainingLoss.StructuralSimilarity)]
    [InlineData(TrainingLoss.Poisson)]
    public void Every_loss_makes_it_better(TrainingLoss loss)
    {
        Torch.Require();
        var report = Denoiser.TrainHybridDose(_low, _normal, Views, Short with { Loss = loss, Steps = 120, ScoreEvery = 40 }).Report!;
        Assert.True(report.BestHeldOutRmse < 0.75 * report.History[0].HeldOutRmse, report.ToString());
    }

    [Fact]
    public void Neighboring_views_may_go_in_too()
    {
        Torch.Require();
        var options = Short with { Network = DenoiserNetwork.UNetSmall with { InputChannels = 3 }, Steps = 240, ScoreEvery = 60, LearningRate = 2e-3 };
        var denoiser = Denoiser.TrainHybridDose(_low, _normal, Views, options);
        using var made = denoiser.Apply(_low);
        Assert.True(Error(made) < 0.6 * Error(_low), $"{Error(_low):0.0000} before, {Error(made):0.0000} after; {string.Join(" ", denoiser.Report!.History)}");
    }

    [Fact]
    public void Two_noisy_measurements_are_enough()
    {
        Torch.Require();
        using var other = LowDoseScene.Stack(LowDoseScene.Noisy(Clean, 200, 9), Size);
        using var made = Denoiser.TrainNoise2Noise(_low, other, Short with { Steps = 200, ScoreEvery = 50 }).Apply(_low);
        Assert.True(Error(made) < Error(_low) / 2, $"{Error(_low):0.0000} before, {Error(made):0.0000} after");
    }

    [Fact]
    public void A_saved_denoiser_is_the_same()
    {
        Torch.Require();
        var denoiser = Denoiser.TrainPairs([_low.Projection(0), _low.Projection(5)], [LowDoseScene.Stack(Clean, Size).Projection(0), LowDoseScene.Stack(Clean, Size).Projection(5)], Short with { Steps = 20 });
        var path = Path.Combine(_folder, "d.safetensors");
        denoiser.Save(path);
        var loaded = Denoiser.Load(path);
        Assert.Equal(denoiser.Apply(_low.Projection(1)).Values.ToArray(), loaded.Apply(_low.Projection(1)).Values.ToArray());
        Assert.Equal(denoiser.ToString(), loaded.ToString());
        Assert.Equal(denoiser.Facts["data sha256"], loaded.Facts["data sha256"]);
        Assert.Equal("pairs of images", loaded.Facts["mode"]);

        var import = Denoiser.Import(path, DenoiserNetwork.UNetMedium, 1);
        Assert.Contains("the network needs", Assert.Throws<InvalidDataException>(() => import.Apply(_low.Projection(0))).Message);
    }

    [Fact]
    public void Pairs_that_cannot_be_are_refused()
    {
        using var small = LowDoseScene.Stack(new float[3 * 32 * 32], 32);
        Assert.Contains("32 x 32 pixels, low-dose views 64 x 64", Refused(small, Views));
        Assert.Contains("3 normal-dose views and 2 indices", Refused(_normal, [0, 1]));
        Assert.Contains("View 15 is not among", Refused(_normal, [0, 1, 15]));
        Assert.Contains("View -1 is not among", Refused(_normal, [-1, 1, 2]));
        Assert.Contains("named twice", Refused(_normal, [1, 1, 2]));
        Assert.Contains("One pair of views is not enough", Refused(LowDoseScene.Views(_normal, [0]), [2]));
        var swapped = Assert.Throws<ArgumentException>(() => Denoiser.StartHybridDose(LowDoseScene.Stack(LowDoseScene.Noisy(Clean, 2000, 2), Size), LowDoseScene.Views(_low, Views), Views, Short));
        Assert.Contains("swapped", swapped.Message);
        Assert.Contains("too small", Assert.Throws<ArgumentException>(() => Denoiser.TrainPairs([new Image(8, 8)], [new Image(8, 8)], Short)).Message);
        _low.Frame(7)[5] = float.NegativeInfinity;
        Assert.Contains("floor", Refused(_normal, Views));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private TrainingRun Start(CancellationToken cancellationToken)
    {
        using var context = RunContext.Use(new RunContext { CancellationToken = cancellationToken });
        return Denoiser.StartHybridDose(_low, _normal, Views, Short with { Steps = 100_000 });
    }

    private string Refused(ProjectionStack normal, int[] views) => Assert.Throws<ArgumentException>(() => Denoiser.StartHybridDose(_low, normal, views, Short)).Message;

    private byte[] Bytes(Denoiser denoiser)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}");
        denoiser.Save(path);
        var (tensors, _) = SafetensorsFile.Read(path);
        return [.. tensors.OrderBy(t => t.Key, StringComparer.Ordinal).SelectMany(t => t.Value.Values).SelectMany(BitConverter.GetBytes)];
    }

    private static double Error(ProjectionStack stack)
    {
        var values = new float[Clean.Length];
        stack.Read(new StackRegion(0, stack.AngleCount, 0, stack.RowCount), values);
        return LowDoseScene.Rmse(values, Clean);
    }

    private static double Middle(ProjectionStack stack)
    {
        var values = stack.Projection(3);
        return Enumerable.Range(16, 32).SelectMany(r => Enumerable.Range(26, 12).Select(c => (double)values.Values[(r * Size) + c])).Average();
    }
}
