using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography;

namespace Beamline.Learning.Tests;

public sealed class Noise2InverseTests : IDisposable
{
    private static readonly SliceScene Scene = new();
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly List<string> _warnings = [];
    private readonly IDisposable _context;

    public Noise2InverseTests() => _context = RunContext.Use(new RunContext { Warning = _warnings.Add });

    private static Noise2InverseOptions Short(int steps = 4, int channels = 3) => new()
    {
        Filter = FbpFilter.RamLak,
        Training = new TrainingOptions
        {
            Network = DenoiserNetwork.UNetSmall with { InputChannels = channels }, Steps = steps, PatchSize = 20, BatchSize = 8, ScoreEvery = Math.Max(1, steps / 5), Threads = 1, InThisProcess = true,
        },
    };

    [Fact]
    public void A_scan_alone_is_enough_and_values_are_kept()
    {
        Torch.Require();
        using var noisy = Scene.Noisy(0.3);
        var denoiser = Denoiser.TrainNoise2Inverse(noisy, Scene.Axis, Short(500));
        using var truth = Scene.Fbp(Scene.Clean, FbpFilter.RamLak);
        using var hann = Scene.Fbp(noisy, FbpFilter.Hann);
        using var made = denoiser.Reconstruct(noisy, Scene.Axis);
        var (before, after) = (SliceScene.Rmse(truth, hann), SliceScene.Rmse(truth, made));
        TestContext.Current.TestOutputHelper?.WriteLine($"{before} {after} {denoiser.Report} floor {denoiser.NoiseFloor}");
        Assert.True(after < before / 1.8, $"RMSE {before:g4} of FBP Hann, {after:g4} denoised");

        // Attenuation where nothing but solid is near; noise has no mean here, so what FBP says is right to its own error.
        var flat = Scene.Flat().ToArray();
        Assert.True(flat.Length > 2000, $"{flat.Length}");
        Assert.Equal(1, flat.Average(v => (double)made[v.Z, v.Y, v.X]) / SliceScene.Attenuation, 0.005);

        // The score is error and noise together.
        var (score, floor) = (denoiser.Report!.BestHeldOutRmse, denoiser.NoiseFloor!.Value);
        Assert.InRange(score, 0.97 * floor, 1.1 * floor);
        Assert.Equal(Quantity.AttenuationPerPixel, made.Quantity);
        Assert.Equal("noise2inverse", made.Provenance.Steps[^1].Operation);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_loaded_denoiser_reconstructs_the_same_and_so_do_some_rows()
    {
        Torch.Require();
        using var noisy = Scene.Noisy(0.2);
        using var run = Denoiser.StartNoise2Inverse(noisy, Scene.Axis, Short() with { Splits = 3, Strategy = SplitStrategy.OneToMany, Filter = FbpFilter.SheppLogan, Slices = 5 });
        var denoiser = run.Wait();
        Assert.Equal(15, int.Parse(denoiser.Facts["pairs"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.StartsWith("Noise2Inverse, 3 parts, 1:2, FBP SheppLogan", denoiser.Facts["mode"], StringComparison.Ordinal);
        Assert.Equal(denoiser.Report!.History, run.History);
        var path = Path.Combine(_folder, "d.safetensors");
        denoiser.Save(path);
        var loaded = Denoiser.Load(path);
        Assert.Equal(denoiser.NoiseFloor, loaded.NoiseFloor);
        using var all = denoiser.Reconstruct(noisy, Scene.Axis);
        using var some = loaded.Reconstruct(noisy, Scene.Axis, 3..6);
        Assert.Equal((3, 64, 64), (some.SliceCount, some.RowCount, some.ColumnCount));
        for (var z = 0; z < 3; z++)
        {
            // Rows are filtered in pairs, and these have other partners: the last bits differ.
            Assert.All(all.Slice(3 + z).ToArray().Zip(some.Slice(z).ToArray()), p => Assert.Equal(p.First, p.Second, 1e-7));
        }

        Assert.Contains(all.Slice(3).ToArray(), v => Math.Abs(v) > 1e-3);

        Assert.Contains("hold none", Assert.Throws<ArgumentException>(() => loaded.Reconstruct(noisy, Scene.Axis, 3..3)).Message);
    }

    [Fact]
    public async Task A_single_row_of_an_odd_number_of_columns_will_do()
    {
        Torch.Require();
        var scene = new SliceScene(columns: 75, rows: 1, views: 33);
        using var noisy = scene.Noisy(0.2);
        var denoiser = await Denoiser.TrainNoise2InverseAsync(noisy, scene.Axis, Short(channels: 1));
        using var made = denoiser.Reconstruct(noisy, scene.Axis);
        Assert.Equal((1, 75, 75), (made.SliceCount, made.RowCount, made.ColumnCount));
        Assert.Equal(0, made[0, 0, 0]);
        Assert.True(made.Slice(0).ToArray().All(float.IsFinite));
    }

    [Fact]
    public void It_refuses_to_be_applied_to_what_it_does_not_know()
    {
        Torch.Require();
        using var noisy = Scene.Noisy(0.2);
        var neighbors = Denoiser.TrainNoise2Inverse(noisy, Scene.Axis, Short());
        var single = Denoiser.TrainNoise2Inverse(noisy, Scene.Axis, Short(channels: 1));
        foreach (var denoiser in new[] { neighbors, single })
        {
            Assert.Contains("denoiser.Reconstruct(projections, axis)", Assert.Throws<ArgumentException>(() => denoiser.Apply(noisy)).Message);
            Assert.Contains("trained on reconstructed slices", Assert.Throws<ArgumentException>(() => denoiser.Apply(noisy.Projection(0))).Message);
        }

        using var slices = Scene.Fbp(noisy, FbpFilter.RamLak);
        Assert.Contains("with their neighbors", Assert.Throws<ArgumentException>(() => neighbors.Apply(slices)).Message);
        Assert.Empty(_warnings);
        using var made = single.Apply(slices);
        Assert.Contains("part by part", Assert.Single(_warnings));

        using var other = new MemoryProjectionStack(noisy.AnglesDegrees, noisy.RowCount, noisy.ColumnCount) { PixelSize = Length.FromMicrometers(2), Quantity = Quantity.LineIntegral };
        Assert.Contains("1/pixel", Assert.Throws<ArgumentException>(() => single.Reconstruct(other, Scene.Axis)).Message);
        using var perCentimeter = Scene.Fbp(other, FbpFilter.RamLak);
        Assert.Contains("1/cm", Assert.Throws<ArgumentException>(() => single.Apply(perCentimeter)).Message);

        var pair = Denoiser.TrainPairs([slices.SliceXY(0)], [slices.SliceXY(1)], new TrainingOptions
        {
            Network = DenoiserNetwork.UNetSmall, Steps = 1, PatchSize = 16, BatchSize = 8, InThisProcess = true,
        });
        Assert.Null(pair.NoiseFloor);
        Assert.Contains("trained on pairs of images", Assert.Throws<ArgumentException>(() => pair.Reconstruct(noisy, Scene.Axis)).Message);
    }

    [Fact]
    public void Another_number_of_views_is_said()
    {
        Torch.Require();
        using var noisy = Scene.Noisy(0.2);
        var denoiser = Denoiser.TrainNoise2Inverse(noisy, Scene.Axis, Short(channels: 1) with { Slices = 2 });
        using var half = LowDoseScene.Views(noisy, [.. Enumerable.Range(0, 48).Select(i => 2 * i)]);
        using var made = denoiser.Reconstruct(half, Scene.Axis, 0..1);
        Assert.Contains("trained on 96 views, and this scan has 48", Assert.Single(_warnings));
    }

    [Fact]
    public void Scans_that_cannot_be_split_are_refused()
    {
        using var noisy = Scene.Noisy(0.2);
        Assert.Contains("2 to 16 parts", Assert.Throws<ArgumentOutOfRangeException>(() => new Noise2InverseOptions { Splits = 1 }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Noise2InverseOptions { Slices = 0 });
        Assert.Contains("leave 6 for each; a part needs at least 8. Take fewer parts, at most 12", Refused(noisy, Short() with { Splits = 16 }));
        using var few = LowDoseScene.Views(noisy, [.. Enumerable.Range(0, 12)]);
        Assert.Contains("TrainNoise2Noise", Refused(few, Short()));
        Assert.Contains("mean square", Refused(noisy, Short() with { Training = Short().Training! with { Loss = TrainingLoss.MeanAbsolute } }));
        using var counts = new MemoryProjectionStack(noisy.AnglesDegrees, 2, 64) { Quantity = Quantity.Counts };
        Assert.Contains("line integrals", Refused(counts, Short()));
        using var narrow = new MemoryProjectionStack(noisy.AnglesDegrees, 64, 9) { Quantity = Quantity.LineIntegral };
        Assert.Contains("9 x 9 pixels are too small", Refused(narrow, Short()));
        using var empty = new MemoryProjectionStack(noisy.AnglesDegrees, 2, 64) { Quantity = Quantity.LineIntegral };
        Assert.Contains("nothing above zero", Refused(empty, Short()));
        Assert.Throws<ArgumentException>(() => Denoiser.StartNoise2Inverse(noisy, new RotationAxis(90), Short()));
        noisy.Frame(7)[(2 * 64) + 5] = float.NaN;
        Assert.Contains("View 7 holds NaN at row 2, column 5", Refused(noisy, Short()));
    }

    [Fact]
    public void Half_acquisition_is_noticed()
    {
        Torch.Require();
        var turn = new SliceScene(rows: 3, turnDegrees: 360);
        using var noisy = turn.Noisy(0.2);
        Denoiser.TrainNoise2Inverse(noisy, turn.Axis, Short(steps: 1));
        Assert.Empty(_warnings);
        Denoiser.TrainNoise2Inverse(noisy, new RotationAxis(10), Short(steps: 1));
        Assert.Contains("StitchHalfAcquisition", Assert.Single(_warnings));
    }

    [Fact]
    public async Task Two_measurements_can_be_trained_on_while_looking()
    {
        Torch.Require();
        using var first = Scene.Noisy(0.2);
        using var second = Scene.Noisy(0.2, seed: 2);
        var options = new TrainingOptions { Network = DenoiserNetwork.UNetSmall, Steps = 6, ScoreEvery = 2, PatchSize = 16, BatchSize = 8, Threads = 1, InThisProcess = true };
        using var tall = new SliceScene(rows: 40, views: 8).Noisy(0.2);
        using var again = new SliceScene(rows: 40, views: 8).Noisy(0.2, seed: 2);
        using var run = Denoiser.StartNoise2Noise(tall, again, options);
        var denoiser = await run.Completion;
        Assert.Equal([0, 2, 4, 6], run.History.Select(s => s.Step));
        Assert.Equal("Noise2Noise", denoiser.Facts["mode"]);
        var same = await Denoiser.TrainNoise2NoiseAsync(tall, again, options);
        Assert.Equal(denoiser.Apply(tall.Projection(0)).Values.ToArray(), same.Apply(tall.Projection(0)).Values.ToArray());
        Assert.Contains("differ in shape", Assert.Throws<ArgumentException>(() => Denoiser.StartNoise2Noise(first, tall, options)).Message);
    }

    public void Dispose()
    {
        _context.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Refused(ProjectionStack stack, Noise2InverseOptions options) =>
        Assert.Throws<ArgumentException>(() => Denoiser.StartNoise2Inverse(stack, Scene.Axis, options)).Message;
}
