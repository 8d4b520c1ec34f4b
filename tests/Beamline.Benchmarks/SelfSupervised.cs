using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Learning;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>The bars of Noise2Inverse: over filtered backprojection, over classical filters that know the truth, near supervised training, in a quarter of an hour.</summary>
internal static class SelfSupervised
{
    private const double Photons = 10;

    /// <summary>Slices at each end of a block that filters of three dimensions see from one side only; they are not scored.</summary>
    private const int Margin = 8;

    internal static IEnumerable<BenchRow> Rows() => Measure(256, 256, Recipe);

    /// <summary>In a few minutes: 32 slices, a tenth of the steps.</summary>
    internal static IEnumerable<BenchRow> ShortRows() => Measure(256, 32, Recipe with { Steps = Recipe.Steps / 10 });

    /// <summary>The size of the paper's notebooks: 512 slices of 512 x 512 from 1024 views, published as PSNR 21.33 dB and SSIM 0.77 over the range of the clean reconstruction.</summary>
    internal static IEnumerable<BenchRow> PublishedRows()
    {
        using var scan = new FoamScan(512, 512, 1024, Photons, 1);
        var (made, denoiser, minutes) = SelfTrained(scan, Recipe with { Steps = 3 * Recipe.Steps });
        using var truth = Fbp(scan.Clean, scan, FbpFilter.RamLak);
        using var volume = made;
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        var (squares, ssim) = (0.0, 0.0);
        for (var z = 0; z < truth.SliceCount; z++)
        {
            foreach (var value in truth.Slice(z))
            {
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
            }
        }

        for (var z = 0; z < truth.SliceCount; z++)
        {
            squares += Math.Pow(ImageQuality.Rmse(truth.SliceXY(z), volume.SliceXY(z)), 2);
            ssim += ImageQuality.Ssim(truth.SliceXY(z), volume.SliceXY(z), high - low);
        }

        yield return new BenchRow { Name = "Noise2Inverse, 512 slices from 1024 views, PSNR", Value = 10 * Math.Log10(Math.Pow(high - low, 2) * truth.SliceCount / squares), Unit = "dB", Note = $"paper's notebooks: 21.33; {denoiser.Report}" };
        yield return new BenchRow { Name = "Noise2Inverse, 512 slices from 1024 views, SSIM", Value = ssim / truth.SliceCount, Unit = "", Note = "mean over slices; paper's notebooks: 0.77, over the volume" };
        yield return new BenchRow { Name = "Noise2Inverse, 512 slices from 1024 views, time", Value = minutes, Unit = "min", Threads = RunContext.Current.MaxThreads };
    }

    private static TrainingOptions Recipe => new()
    {
        Network = DenoiserNetwork.UNetMedium with { InputChannels = 7 }, Steps = 7000, ScoreEvery = 350,
    };

    /// <summary>Single voxels are nothing but noise here, and the best Gaussian is two voxels wide: half of the frequencies are left out before the network has to.</summary>
    private static Noise2InverseOptions Parts => new() { Filter = FbpFilter.Hann, Cutoff = 0.5, Slices = 256 };

    private static IEnumerable<BenchRow> Measure(int edge, int rows, TrainingOptions recipe)
    {
        using var scan = new FoamScan(edge, rows, edge, Photons, 1);
        using var truth = Fbp(scan.Clean, scan, FbpFilter.RamLak);
        using var hann = Fbp(scan.Noisy, scan, FbpFilter.Hann);
        using var ramp = Fbp(scan.Noisy, scan, FbpFilter.RamLak);
        var what = Text($"{rows} slices of {edge} x {edge} from {edge} views, {Photons} photons, half absorbed");
        var (made, denoiser, minutes) = SelfTrained(scan, recipe);
        using var volume = made;
        var (own, plain) = (Psnr(scan, truth, made), Psnr(scan, truth, hann));
        yield return Row("Noise2Inverse over FBP Hann", own - plain, ">=", 6, "dB", Text($"{own:0.00} against {plain:0.00} dB; {what}"));
        yield return Row("Noise2Inverse, training and reconstruction", minutes, "<=", 15, "min", Text($"{denoiser.Report}; {denoiser.Network}")) with { Threads = RunContext.Current.MaxThreads };
        yield return Row("Noise2Inverse, SSIM of the middle slice", ImageQuality.Ssim(truth.SliceXY(rows / 2), made.SliceXY(rows / 2), scan.Attenuation, 0.95), "", null, "", Text($"FBP Hann {ImageQuality.Ssim(truth.SliceXY(rows / 2), hann.SliceXY(rows / 2), scan.Attenuation, 0.95):0.000}"));

        // At this noise the best answer for a voxel leans to what its surroundings might be, so single regions are drawn together; the sample as a whole must not be.
        var whole = Mean(made) / Mean(truth);
        yield return Row("Noise2Inverse, attenuation of the whole sample", 100 * Math.Abs(whole - 1), "<=", 0.5, "%", Text($"{whole:0.0000} of noise-free FBP; FBP Hann {Mean(hann) / Mean(truth):0.0000}"));
        var (flat, count) = Flat(scan, truth, made);
        yield return Row("Noise2Inverse, attenuation of the solid", 100 * Math.Abs(flat - 1), "", null, "%", Text($"{flat:0.0000} of noise-free FBP, {count} voxels with nothing but solid 3 pixels around in their slice; FBP Hann {Flat(scan, truth, hann).Ratio:0.0000}"));
        var estimate = Math.Sqrt(Math.Max(0, Math.Pow(denoiser.Report!.BestHeldOutRmse, 2) - Math.Pow(denoiser.NoiseFloor!.Value, 2)));
        yield return Row("Noise2Inverse, error told without the truth", -20 * Math.Log10(estimate / scan.Attenuation), "", null, "dB", "from the score and the noise floor; of one choice of parts, whole squares");

        // The best that classical filters could do if the truth were known, on a block in the middle.
        var first = Math.Max(0, (rows / 2) - 16 - Margin);
        var depth = Math.Min(rows - first, 32 + (2 * Margin));
        using var block = Block(ramp, first, depth);
        using var smooth = Block(hann, first, depth);
        using var blockTruth = Block(truth, first, depth);
        using var blockOwn = Block(made, first, depth);
        var best = new (string Name, double Psnr)[]
        {
            Best("Gaussian", [1.2, 1.6, 2, 2.5, 3], s => OracleFilters.Gaussian(block, s)),
            Best("median of cubes", [1, 2], r => OracleFilters.Median(smooth, (int)r)),
            Best("total variation", [3, 5, 8, 12], w => OracleFilters.TotalVariation(block, w * scan.Attenuation)),
        };
        var (name, psnr) = best.MaxBy(b => b.Psnr);
        var inner = Psnr(scan, blockTruth, blockOwn, Margin);
        yield return Row("Noise2Inverse over the best classical filter", inner - psnr, ">=", 0, "dB", Text($"{inner:0.00} dB; {string.Join("; ", best.Select(b => $"{b.Name}: {b.Psnr:0.00}"))}; in three dimensions, tuned on the truth"));

        using var other = new FoamScan(edge, rows, edge, Photons, 2);
        using var otherTruth = Fbp(other.Clean, other, FbpFilter.RamLak);
        using var otherNoisy = Fbp(other.Noisy, other, Parts.Filter, Parts.Cutoff);
        var teacher = Supervised(otherNoisy, otherTruth, recipe);
        using var noisy = Fbp(scan.Noisy, scan, Parts.Filter, Parts.Cutoff);
        using var taught = Apply(teacher, noisy);
        var supervised = Psnr(scan, truth, taught);
        yield return Row("Supervised over Noise2Inverse", supervised - own, "<=", 1.5, "dB", Text($"{supervised:0.00} against {own:0.00} dB; same network and steps, trained on the noise-free slices of another foam; {teacher.Report}"));

        (string, double) Best(string filter, double[] settings, Func<double, Volume> apply)
        {
            var tried = settings.Select(setting =>
            {
                using var filtered = apply(setting);
                return (Setting: setting, Psnr: Psnr(scan, blockTruth, filtered, Margin));
            }).MaxBy(t => t.Psnr);
            return (FormattableString.Invariant($"{filter} {tried.Setting}"), tried.Psnr);
        }
    }

    private static (Volume Volume, Denoiser Denoiser, double Minutes) SelfTrained(FoamScan scan, TrainingOptions training)
    {
        var watch = Stopwatch.StartNew();
        var denoiser = Denoiser.TrainNoise2Inverse(scan.Noisy, scan.Axis, Parts with { Training = training });
        return (denoiser.Reconstruct(scan.Noisy, scan.Axis), denoiser, watch.Elapsed.TotalMinutes);
    }

    private static Volume Fbp(ProjectionStack stack, FoamScan scan, FbpFilter filter, double cutoff = 1) =>
        Reconstruction.Fbp(stack, scan.Axis, new FbpOptions { Filter = filter, Cutoff = cutoff, MaskOutsideCircle = true });

    private static Denoiser Supervised(Volume noisy, Volume clean, TrainingOptions options)
    {
        var set = new TrainingSet(options, noisy.RowCount, noisy.ColumnCount);
        var (sum, step) = (0.0, Math.Max(1, noisy.SliceCount / Parts.Slices));
        for (var z = step / 2; z < noisy.SliceCount; z += step)
        {
            var slice = z;
            sum += noisy.Slice(z).ToArray().Average(v => (double)v * v) * step / noisy.SliceCount;
            set.Add(() => Window(noisy, slice, options.Network.InputChannels), () => clean.Slice(slice).ToArray());
        }

        using var run = set.Start(new Dictionary<string, string>(), Math.Sqrt(sum));
        return run.Wait();
    }

    private static Volume Apply(Denoiser denoiser, Volume noisy)
    {
        var path = Path.GetTempFileName();
        denoiser.Save(path);
        var (weights, _) = SafetensorsFile.Read(path);
        File.Delete(path);
        using var inference = new NetworkInference(denoiser, weights);
        var made = new Volume(noisy.SliceCount, noisy.RowCount, noisy.ColumnCount);
        for (var z = 0; z < made.SliceCount; z++)
        {
            inference.Apply(Window(noisy, z, denoiser.Network.InputChannels), made.Slice(z), made.RowCount, made.ColumnCount);
        }

        return made;
    }

    private static float[] Window(Volume volume, int z, int channels)
    {
        var size = volume.RowCount * volume.ColumnCount;
        var values = new float[channels * size];
        for (var c = 0; c < channels; c++)
        {
            volume.Slice(Math.Clamp(z - (channels / 2) + c, 0, volume.SliceCount - 1)).CopyTo(values.AsSpan(c * size));
        }

        return values;
    }

    private static Volume Block(Volume volume, int first, int depth)
    {
        var made = new Volume(depth, volume.RowCount, volume.ColumnCount);
        for (var z = 0; z < depth; z++)
        {
            volume.Slice(first + z).CopyTo(made.Slice(z));
        }

        return made;
    }

    /// <summary>PSNR against noise-free FBP over the disc of 0.95; the range is the attenuation of the solid, from air.</summary>
    private static double Psnr(FoamScan scan, Volume truth, Volume volume, int margin = 0) => 10 * Math.Log10(Math.Pow(scan.Attenuation, 2) /
        Enumerable.Range(margin, truth.SliceCount - (2 * margin)).Average(z => Math.Pow(ImageQuality.Rmse(truth.SliceXY(z), volume.SliceXY(z), 0.95), 2)));

    private static double Mean(Volume volume) => Enumerable.Range(0, volume.SliceCount).Average(z => volume.Slice(z).ToArray().Average(v => (double)v));

    /// <summary>Mean of what is solid in all 7 x 7 pixels around, over that of noise-free FBP.</summary>
    private static (double Ratio, int Count) Flat(FoamScan scan, Volume truth, Volume made)
    {
        var (sum, clean, count) = (0.0, 0.0, 0);
        for (var z = 0; z < truth.SliceCount; z++)
        {
            for (var y = 3; y < truth.RowCount - 3; y += 2)
            {
                for (var x = 3; x < truth.ColumnCount - 3; x += 2)
                {
                    if (IsSolid(y, x))
                    {
                        sum += made[z, y, x];
                        clean += truth[z, y, x];
                        count++;
                    }
                }
            }

            bool IsSolid(int y, int x)
            {
                for (var i = 0; i < 49; i++)
                {
                    if (truth[z, y - 3 + (i / 7), x - 3 + (i % 7)] < 0.85 * scan.Attenuation)
                    {
                        return false;
                    }
                }

                return true;
            }
        }

        return (sum / clean, count);
    }

    private static BenchRow Row(string name, double value, string comparison, double? bar, string unit, string note) => new()
    {
        Name = name, Value = value, Comparison = comparison, Bar = bar, Unit = unit, Note = note,
    };

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
