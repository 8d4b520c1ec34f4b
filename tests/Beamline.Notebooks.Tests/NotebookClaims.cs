using System.Globalization;
using System.Text.RegularExpressions;

namespace Beamline.Notebooks.Tests;

/// <summary>What notebooks tell their readers, held against what their cells just showed: a run costs seconds, so it serves both.</summary>
internal static class NotebookClaims
{
    internal static void Check(string name, NotebookRun run)
    {
        switch (name)
        {
            case "03-iterative-and-tv.ipynb":
                Iterative(run);
                break;
            case "04-when-data-do-not-fit.ipynb":
                OutOfCore(run);
                break;
            case "06-low-dose-tomography.ipynb":
                LowDose(run);
                break;
            case StoredPictures.OfRealData:
                SelfSupervised(run);
                StoredPictures.CheckKinds(run);
                break;
        }

        if (StoredPictures.Has(name))
        {
            StoredPictures.Check(name, run);
        }
    }

    private static void Iterative(NotebookRun run)
    {
        var fbp = Off(run, "double Error(");
        var (sirt, bounded, tv) = (Off(run, "\"SIRT is off"), Off(run, "SIRT within bounds"), Off(run, "var live ="));
        Assert.True(sirt < fbp && bounded < sirt && tv < 0.6 * fbp, $"FBP {fbp}, SIRT {sirt}, within bounds {bounded}, TV {tv}");

        // Semi-convergence: the error turns round, and the noise says where.
        var turn = Regex.Match(Text(run, "var steps ="), @"least error after (\d+) steps: ([0-9.]+) per cm; after 30: ([0-9.]+)");
        Assert.InRange(Number(turn, 1), 3, 15);
        Assert.True(Number(turn, 3) > 1.15 * Number(turn, 2), turn.Value);
        var stop = Regex.Match(Text(run, "var noise ="), @"(\d+) iterations.*Discrepancy");
        Assert.InRange(Number(stop, 1), Number(turn, 1) - 3, Number(turn, 1) + 3);
        Assert.True(Off(run, "var noise =") < 1.05 * Number(turn, 2));

        Assert.Contains("went on with iteration 31; the same bits as the run of section 2: True", Text(run, "var first = int.MaxValue"), StringComparison.Ordinal);
        var table = Text(run, "double Solid(");
        Assert.InRange(Number(Regex.Match(table, @"(?m)^TV\s+[0-9.]+\s+[0-9.]+\s+([0-9.]+)"), 1), 78.5, 81.5);
        Assert.NotNull(run.CellWith("double[] Residuals").Outputs[^1]!["data"]!["image/png"]);
        Assert.True(File.Exists(Path.Combine(run.Folder, "results", "tv.h5")));
    }

    private static void OutOfCore(NotebookRun run)
    {
        Assert.Contains("Takes about", Text(run, "--axis @axis --plan"), StringComparison.Ordinal);
        Assert.Contains("in a file: it does not fit in memory", Text(run, "MemoryLimitBytes = "), StringComparison.Ordinal);
        Assert.Contains("values in Mapped memory", Text(run, "Volume large;"), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^backproject\s+[0-9.]+ m?s\s+[0-9.]+ m?s", Text(run, "var timing ="));
        Assert.Contains("Native and Mapped memory: 0 of 128 slices differ", Text(run, "var different ="), StringComparison.Ordinal);
        Assert.Equal("0", Text(run, "large.Dispose();").Trim());
        Assert.True(File.Exists(Path.Combine(run.Folder, "results", "large-volume.h5")));
    }

    private static void LowDose(NotebookRun run)
    {
        Assert.Matches("150.000 photons for each pixel; spread evenly that is 833 in each view", Text(run, "var dose ="));
        Assert.NotNull(run.CellWith("denoiser.Report").Outputs[^1]!["data"]!["image/png"]);
        var slices = Regex.Match(Text(run, "BestFilter("), @"low dose ([0-9.]+) dB, best filter \(.*\) ([0-9.]+) dB, network ([0-9.]+) dB");
        Assert.True(Number(slices, 3) > Number(slices, 1) + 2.5, slices.Value);
        var solid = Text(run, "double Solid(");
        Assert.InRange(Number(Regex.Match(solid, @"(?m)^denoised +[0-9.]+ per cm  \(([-+][0-9.]+) %\)"), 1), -1, 1);
        Assert.Contains("the same bits from the file: True; trained on 12 pairs (hybrid dose), seed 1", Text(run, "denoiser.Save(kept)"), StringComparison.Ordinal);
        Assert.Contains("Denoiser.TrainHybridDose(low, normal, views, new TrainingOptions {", Text(run, "--folder run1 --show-code"), StringComparison.Ordinal);
    }

    private static void SelfSupervised(NotebookRun run)
    {
        var noise = Regex.Match(Text(run, "var even ="), @"noise is down to ([0-9.]+) of what it was, the mean moved by ([0-9.]+) %");
        Assert.InRange(Number(noise, 1), 0.02, 0.7);
        // The mean of the noisy block is itself uncertain by some 3 %.
        Assert.InRange(Number(noise, 2), 0, 8);
        Assert.InRange(Number(Regex.Match(Text(run, "var exact ="), @"after: ([0-9.]+) of it"), 1), 0.05, 0.75);
        Assert.Contains("denoiser.Reconstruct(projections, axis)", Text(run, "denoiser.Apply(projections)"), StringComparison.Ordinal);
        Assert.NotNull(run.CellWith("var history =").Outputs[^1]!["data"]!["image/png"]);
        Assert.True(File.Exists(Path.Combine(run.Folder, "results", "denoiser.safetensors")));
    }

    private static double Off(NotebookRun run, string source) => Number(Regex.Match(Text(run, source), @"off by ([0-9.]+) per cm"), 1);

    private static double Number(Match match, int group)
    {
        Assert.True(match.Success, "a sentence of the notebook is missing");
        return double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private static string Text(NotebookRun run, string source) => NotebookRun.Text(run.CellWith(source));
}
