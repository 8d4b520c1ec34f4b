using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography;

namespace Beamline.Learning.Tests;

/// <summary>Comparisons with classical filters. A function of known quality stands in for the network where its weights do not matter.</summary>
public sealed class CompareTests
{
    private const int Size = 64, Count = 48;
    private const double Photons = 300;
    private static readonly float[] CleanValues = LowDoseScene.Clean(Size, Count, 30);
    private static readonly MemoryProjectionStack Clean = LowDoseScene.Stack(CleanValues, Size);
    private static readonly MemoryProjectionStack Low = LowDoseScene.Stack(LowDoseScene.Noisy(CleanValues, Photons, 1), Size);
    private static readonly ComparedNetwork Near = new("near", _ => Mix(0.1f), [2, 7], 0);
    private static readonly ComparisonOptions Exact = new() { Axis = RotationAxis.Middle(Size), ReferenceIsExact = true, Slices = [20, 40] };

    [Fact]
    public void The_table_has_scan_network_filters_and_the_fair_opponent()
    {
        var dose = new HybridDose(Photons, 3000, 6);
        var made = ScanComparison.Run(Near, Low, Clean, Exact with { Dose = dose, Others = [new ComparedScan("mean of two", Mix(0.5f)) { PhotonsPerPixel = 600 }] });
        string[] methods = ["as measured", "network", "Gaussian", "median", "total variation", "non-local means", "uniform dose"];
        Assert.Equal(methods, made.Projections.Select(r => r.Method).Take(7));
        Assert.Equal(methods, made.Slices.Select(r => r.Method).Take(7));
        Assert.StartsWith("uniform dose, ", made.Slices[7].Method);
        Assert.Equal("mean of two", made.Slices[8].Method);
        Assert.Equal(9, made.Projections.Count);
        Assert.All(made.Slices.Skip(2).Take(4), r => Assert.Equal("tuned on the reference", r.Choice));

        // 300 photons in each of 48 views and 3000 in 6 of them are as many as 675 in all.
        Assert.Equal([300, 675, 300, 300, 300, 300, 675, 675, 600], made.Slices.Select(r => r.PhotonsPerPixel!.Value));
        foreach (var rows in new[] { made.Projections, made.Slices })
        {
            Assert.All(rows, r => Assert.True(r.PsnrDecibels > 0 && r.Ssim is > 0 and <= 1 && r.Rmse > 0 && r.ResolutionPixels >= 2 && r.NoiseSigma > 0, r.ToString()));
            Assert.True(rows[6].Rmse < rows[0].Rmse, "more photons, less noise");
            Assert.True(rows[7].Rmse < rows[6].Rmse, "and less with a filter");
            Assert.All(rows.Skip(2).Take(4), r => Assert.True(r.Rmse < 0.9 * rows[0].Rmse, r.Method));
            Assert.True(rows[1].Rmse < made.BestFilter(rows[0].Domain)!.Rmse);
        }

        // On projections the stand-in leaves a tenth of the noise.
        Assert.Equal(0.1, made.Projections[1].Rmse!.Value / made.Projections[0].Rmse!.Value, 1e-4);
        Assert.Equal(20, made.Projections[1].PsnrDecibels!.Value - made.Projections[0].PsnrDecibels!.Value, 1e-3);
        Assert.Contains("as much as 675 in all views", made.ToString());
        Assert.Contains("was not trained on these", made.ToString());
        Assert.Contains("careful", ScanComparison.Run(Near, Low, Clean, Exact with { Views = [2, 3], Filters = [] }).ToString());
    }

    [Fact]
    public void Numbers_are_those_of_the_measures_themselves()
    {
        var made = ScanComparison.Run(Near, Low, Clean, Exact with { Filters = [new GaussianFilter { SigmaPixels = 1.1 }], Views = [11], Slices = [30], ProjectionDataRange = 2, SliceDataRange = 0.04 });
        var (truth, noisy) = (Clean.Projection(11), Low.Projection(11));
        Assert.Equal(ImageQuality.Psnr(truth, noisy, 2), made.Projections[0].PsnrDecibels!.Value, 1e-9);
        Assert.Equal(ImageQuality.Ssim(truth, noisy, 2), made.Projections[0].Ssim!.Value, 1e-9);
        Assert.Equal(ImageQuality.Rmse(truth, noisy.Denoise(new GaussianFilter { SigmaPixels = 1.1 })), made.Projections[2].Rmse!.Value, 1e-9);
        Assert.Equal(FourierCorrelation.Between(truth, noisy).ResolutionPixels(FourierCriterion.HalfBit), made.Projections[0].ResolutionPixels!.Value, 1e-9);

        // After reconstruction: Hann against the plain ramp of exact data, inside the disc.
        using var sharp = Reconstruction.Fbp(Clean, Exact.Axis, new FbpOptions { Filter = FbpFilter.RamLak });
        using var soft = Reconstruction.Fbp(Low.Denoise(new GaussianFilter { SigmaPixels = 1.1 }), Exact.Axis, new FbpOptions { Filter = FbpFilter.Hann });
        Assert.Equal(ImageQuality.Rmse(sharp.SliceXY(30), soft.SliceXY(30), 0.95), made.Slices[2].Rmse!.Value, 1e-6);
        Assert.Equal(ImageQuality.Psnr(sharp.SliceXY(30), soft.SliceXY(30), 0.04, 0.95), made.Slices[2].PsnrDecibels!.Value, 1e-3);
        Assert.Equal(("given", "sigma 1.1 px"), (made.Slices[2].Choice, made.Slices[2].Parameter));
    }

    [Fact]
    public void A_tuned_filter_is_no_worse_than_any_given_one()
    {
        var tuned = ScanComparison.Run(Near, Low, Clean, Exact);
        NoiseFilter[] given =
        [
            new GaussianFilter { SigmaPixels = 0.8 }, new GaussianFilter { SigmaPixels = 1.2 }, new GaussianFilter { SigmaPixels = 2 },
            new MedianFilter { Size = 3 }, new MedianFilter { Size = 5 }, new TotalVariationFilter { Weight = 0.1 }, new TotalVariationFilter { Weight = 0.3 }, new NonLocalMeansFilter(),
        ];
        var other = ScanComparison.Run(Near, Low, Clean, Exact with { Filters = given });
        foreach (var row in other.Slices.Skip(2))
        {
            var best = tuned.Slices.Single(r => r.Method == row.Method);
            Assert.True(best.Rmse < 1.01 * row.Rmse, $"{row.Method}: {best.Parameter} {best.Rmse:g4}, {row.Parameter} {row.Rmse:g4}");
        }
    }

    [Fact]
    public void Without_a_reference_halves_of_the_views_tell_the_resolution()
    {
        var options = new ComparisonOptions { Axis = RotationAxis.Middle(Size), Filters = [new GaussianFilter { SigmaPixels = 1 }, new GaussianFilter { SigmaPixels = 5 }] };
        var made = ScanComparison.Run(Near, Low, null, options);
        Assert.All(made.Slices.Concat(made.Projections), r => Assert.True(r.PsnrDecibels is null && r.Ssim is null && r.Rmse is null, r.Method));
        Assert.All(made.Slices, r => Assert.True(r.ResolutionPixels >= 2 && r.Correlation is not null && r.NoisePower is not null, r.Method));
        Assert.True(made.Slices[1].ResolutionPixels < made.Slices[0].ResolutionPixels, "the network resolves more than the raw scan");
        Assert.True(made.Slices[3].NoiseSigma < made.Slices[2].NoiseSigma && made.Slices[2].NoiseSigma < made.Slices[0].NoiseSigma);
        Assert.Null(made.SliceDataRange);
        Assert.DoesNotContain("PSNR", made.ToString());
        Assert.Contains("Slices, even against odd views", made.ToString());
        Assert.Contains("Projections, without a reference", made.ToString());
        var tuned = ScanComparison.Run(Near with { Neighbors = 2 }, Low, null, options with { Filters = null });
        Assert.All(tuned.Slices.Skip(2), r => Assert.Equal("from the noise", r.Choice));
        Assert.Contains(tuned.Notes, n => n.Contains("neighboring views", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_noise_says_is_near_what_the_truth_says()
    {
        var (truth, noisy, random) = (new Image(80, 90), new Image(80, 90), new Random(5));
        for (var i = 0; i < truth.Values.Length; i++)
        {
            var (y, x) = (i / 90, i % 90);
            truth.Values[i] = (float)(Math.Sin(y / 7.0) + (x > 40 ? 1 : 0));
            noisy.Values[i] = truth.Values[i] + (float)(0.3 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        foreach (var family in FilterFamily.All(0.3))
        {
            double Error(NoiseFilter filter) => ImageQuality.Rmse(truth, filter.Apply(noisy));
            var (blind, best) = (family.Tune(f => SteinRisk.Of(noisy, 0.3, f)), family.Tune(Error));
            Assert.True(Error(blind) < 1.1 * Error(best), $"{blind} {Error(blind):g4}, {best} {Error(best):g4}");
        }
    }

    [Fact]
    public void Rows_around_a_slice_are_enough()
    {
        var maker = new SliceMaker(Exact.Axis!, new FbpOptions(), [5, 40]);
        foreach (var family in FilterFamily.All(0.1))
        {
            var filter = family.Forms[0](family.Grid[1]);
            using var rows = maker.Filter(Low, filter);
            using var whole = Low.Denoise(filter);
            var worst = Enumerable.Range(0, 2).Max(i => LowDoseScene.Rmse(rows.Sinogram(i).Values, whole.Sinogram(i == 0 ? 5 : 40).Values));
            Assert.True(worst < (filter is TotalVariationFilter ? 1e-4 : 1e-6), $"{filter}: {worst:g3}");
        }
    }

    [Fact]
    public void Volumes_are_compared_with_a_reference_and_with_their_other_half()
    {
        var options = new FbpOptions { Filter = FbpFilter.Hann };
        using var truth = Reconstruction.Fbp(Clean, Exact.Axis, options);
        using var first = Reconstruction.Fbp(Low, Exact.Axis, options);
        using var other = LowDoseScene.Stack(LowDoseScene.Noisy(CleanValues, Photons, 2), Size);
        using var second = Reconstruction.Fbp(other, Exact.Axis, options);
        Image Network(Image image) => image.Denoise(new GaussianFilter { SigmaPixels = 1 });
        var made = VolumeComparison.Run("blur", Network, first, truth, isHalf: false, new ComparisonOptions { ReferenceIsExact = true });
        Assert.Empty(made.Projections);
        Assert.Equal(6, made.Slices.Count);
        Assert.All(made.Slices.Skip(2), r => Assert.True(r.Rmse < made.Slices[0].Rmse, r.ToString()));
        Assert.True(made.Slices[2].Rmse <= made.Slices[1].Rmse * 1.001, "a tuned Gaussian is no worse than the one that stands for the network");

        // Without the truth nearly the same parameters are found.
        var halves = VolumeComparison.Run("blur", Network, first, second, isHalf: true, new ComparisonOptions());
        Assert.All(halves.Slices, r => Assert.Null(r.PsnrDecibels));
        Assert.All(halves.Slices.Skip(2), r => Assert.Equal("tuned on the other half", r.Choice));
        Assert.Equal(made.Slices[2].Parameter, halves.Slices[2].Parameter);
        Assert.True(halves.Slices[1].ResolutionPixels >= 2);
        Assert.Contains("differ in shape", Assert.Throws<ArgumentException>(() => VolumeComparison.Run("", Network, first, new Volume(3, 3, 3), false, new ComparisonOptions())).Message);
        Assert.Contains("same one", Assert.Throws<ArgumentException>(() => VolumeComparison.Run("", Network, first, first, true, new ComparisonOptions())).Message);
    }

    [Fact]
    public void A_scan_of_one_row_is_compared_by_its_slice()
    {
        using var clean = Row(Clean);
        using var low = Row(Low);
        var made = ScanComparison.Run(new ComparedNetwork("row", _ => Row(Mix(0.1f)), [], 0), low, clean, Exact with { Slices = null });
        Assert.All(made.Projections, r => Assert.True(r.Ssim is null && r.ResolutionPixels is null && r.PsnrDecibels > 0));
        Assert.All(made.Slices, r => Assert.True(r.Ssim > 0 && r.ResolutionPixels > 0 && r.PsnrDecibels > 0));
    }

    [Fact]
    public void A_trained_network_is_scored_on_views_that_it_has_not_seen()
    {
        Torch.Require();
        int[] views = [2, 9, 21, 40];
        using var normal = LowDoseScene.Views(LowDoseScene.Stack(LowDoseScene.Noisy(CleanValues, 3000, 2), Size), views);
        var options = new TrainingOptions { Network = DenoiserNetwork.UNetSmall, Steps = 150, PatchSize = 20, BatchSize = 8, ScoreEvery = 50, Threads = 1, InThisProcess = true, LearningRate = 5e-3 };
        var denoiser = Denoiser.TrainHybridDose(Low, normal, views, options);
        var made = denoiser.Compare(Low, Clean, Exact with { Filters = [new MedianFilter()] });
        Assert.Equal("network", made.Projections[1].Method);
        Assert.Equal(denoiser.Network.Name, made.Projections[1].Parameter);
        Assert.True(made.Projections[1].Rmse < 0.6 * made.Projections[0].Rmse, made.ToString());
        Assert.True(made.Slices[1].SecondsPerPicture > 0);
        Assert.Contains(made.Notes, n => n.StartsWith("24 projections", StringComparison.Ordinal) && n.Contains("not trained on these", StringComparison.Ordinal));
        using var volume = Reconstruction.Fbp(Low, Exact.Axis);
        using var other = Reconstruction.Fbp(Clean, Exact.Axis);
        Assert.Equal(3, denoiser.Compare(volume, other, new ComparisonOptions { Filters = [new MedianFilter()] }).Slices.Count);
        Assert.Equal(3, denoiser.CompareHalves(volume, other, new ComparisonOptions { Filters = [new MedianFilter()] }).Slices.Count);
    }

    [Fact]
    public void The_same_comparison_gives_the_same_numbers_for_any_number_of_threads()
    {
        NoiseFilter[] given = [new GaussianFilter(), new MedianFilter(), new TotalVariationFilter(), new NonLocalMeansFilter()];
        string One(int threads)
        {
            using var scope = RunContext.Use(new RunContext { MaxThreads = threads });
            return string.Join('\n', ScanComparison.Run(Near, Low, Clean, Exact with { Filters = given }).Slices.Select(r => FormattableString.Invariant($"{r.Parameter} {r.PsnrDecibels:R} {r.Ssim:R} {r.NoiseSigma:R} {r.ResolutionPixels:R}")));
        }

        Assert.Equal(One(1), One(4));
    }

    [Fact]
    public void It_reports_progress_and_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        var seen = 0.0;
        var progress = new Listener(r =>
        {
            seen = r.Activity == "comparison" ? r.Fraction : seen;
            if (seen > 0.2)
            {
                source.Cancel();
            }
        });
        using var scope = RunContext.Use(new RunContext { CancellationToken = source.Token, Progress = progress });
        Assert.ThrowsAny<OperationCanceledException>(() => ScanComparison.Run(Near, Low, Clean, Exact));
        Assert.InRange(seen, 0.2, 0.9);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        static string Refused(MemoryProjectionStack noisy, MemoryProjectionStack? reference, ComparisonOptions options) =>
            Assert.ThrowsAny<ArgumentException>(() => ScanComparison.Run(Near, noisy, reference, options)).Message;
        Assert.Contains("48 x 64 x 64", Refused(Low, LowDoseScene.Views(Clean, [1, 2, 3]), Exact));
        Assert.Contains("is the noisy scan itself", Refused(Low, Low, Exact));
        Assert.Contains("give it as the second argument", Refused(Low, null, Exact));
        Assert.Contains("give it as the second argument", Refused(Low, null, new ComparisonOptions { Tuning = FilterTuning.Reference }));
        Assert.Contains("no view 48", Refused(Low, Clean, Exact with { Views = [3, 48] }));
        Assert.Contains("no slice -1", Refused(Low, Clean, Exact with { Slices = [-1] }));
        Assert.Contains("named twice", Refused(Low, Clean, Exact with { Slices = [3, 3] }));
        Assert.Contains("no view to score", Refused(Low, Clean, Exact with { Views = [] }));
        Assert.Contains("does not fit a scan of 48 views", Refused(Low, Clean, Exact with { Dose = new HybridDose(100, 1000, 49) }));
        Assert.Contains("photons are above 0", Refused(Low, Clean, Exact with { Dose = new HybridDose(0, 1000, 4) }));
        Assert.Contains("'other' has 2 x", Refused(Low, Clean, Exact with { Others = [new ComparedScan("other", LowDoseScene.Views(Clean, [1, 2]))] }));
        Assert.Contains("does not lie in", Refused(Low, Clean, Exact with { FlatRegion = new FlatRegion(60, 3, 8) }));
        Assert.Contains("needs 8 views or more", Refused(LowDoseScene.Views(Low, [0, 1, 2]), null, new ComparisonOptions()));
        Assert.Contains("one value everywhere", Refused(Low, LowDoseScene.Stack(new float[CleanValues.Length], Size), Exact));
        using var counts = new MemoryProjectionStack(Low.AnglesDegrees, Size, Size) { Quantity = Quantity.Counts };
        Assert.Contains("These are counts", Refused(counts, Clean, Exact));
        using var broken = Mix(1);
        broken.Frame(5)[67] = float.NaN;
        Assert.Contains("The noisy scan holds NaN in view 5, row 1, column 3", Refused(broken, Clean, Exact));
        Assert.Contains("The reference holds NaN in view 5", Refused(Low, broken, Exact));
        Assert.Contains("'bad' holds NaN in view 5", Refused(Low, Clean, Exact with { Others = [new ComparedScan("bad", broken)] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComparisonOptions { DiscFraction = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComparisonOptions { SliceDataRange = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComparisonOptions { ProjectionDataRange = double.NaN });
    }

    /// <summary>The exact scan with a part of the noise.</summary>
    private static MemoryProjectionStack Mix(float noise)
    {
        var values = new float[CleanValues.Length];
        var low = Low.Memory.Span(0, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = CleanValues[i] + (noise * (low[i] - CleanValues[i]));
        }

        return LowDoseScene.Stack(values, Size);
    }

    private static MemoryProjectionStack Row(MemoryProjectionStack stack)
    {
        var made = new MemoryProjectionStack(stack.AnglesDegrees, 1, Size) { Quantity = stack.Quantity };
        for (var view = 0; view < Count; view++)
        {
            stack.Frame(view).Slice(32 * Size, Size).CopyTo(made.Frame(view));
        }

        return made;
    }

    private sealed class Listener(Action<ProgressReport> report) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => report(value);
    }
}
