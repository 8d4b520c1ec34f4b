using System.Globalization;
using System.Text.RegularExpressions;

namespace Beamline.Notebooks.Tests;

/// <summary>Notebook 02 says that its damage goes; here it is measured.</summary>
// One after the other: a run changes the working folder of the whole process.
[Collection("Notebook runs")]
public sealed class RingsTutorialTests
{
    private const string Measured = """
        double Error(Volume v, Volume truth) { double sum = 0; for (var i = 0; i < v.RowCount * v.ColumnCount; i++) sum += Math.Pow(v.Slice(24)[i] - truth.Slice(24)[i], 2); return Math.Sqrt(sum); }
        var truth = Reconstruction.Fbp(clean, axis);
        Console.WriteLine(FormattableString.Invariant($"rings {Error(rings, truth)} cleaned {Error(volume, truth)} late {Error(late, truth)}"));
        """;

    [Fact]
    public async Task The_damage_goes_and_the_best_method_is_the_one_that_the_text_says()
    {
        using var run = await NotebookRun.Start("02-preprocessing-and-rings.ipynb", Measured);
        run.Succeeded();
        var text = NotebookRun.Text(run.Document.Cells[^1]);
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Assert.True(Number(text, "cleaned") < 0.6 * Number(text, "rings"), text);
        Assert.True(Number(text, "late") < 0.95 * Number(text, "rings"), text);
        var table = NotebookRun.Text(run.CellWith("double Left"));
        TestContext.Current.TestOutputHelper?.WriteLine(table);
        var all = Percent(table, "All");
        Assert.InRange(all, 0, 10);
        Assert.All(new[] { "Sorting", "Filtering", "Large", "Dead", "Titarenko" }, m => Assert.True(Percent(table, m) > all, table));
        Assert.Contains("remove-stripes(method: All", NotebookRun.Text(run.CellWith("var recipe")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(run.Folder, "results", "cleaned.h5")));
    }

    private static double Number(string text, string name) =>
        double.Parse(Regex.Match(text, $@"\b{name} ([0-9.E-]+)").Groups[1].Value, CultureInfo.InvariantCulture);

    private static double Percent(string text, string name) =>
        double.Parse(Regex.Match(text, $@"(?m)^{name}\s+([0-9.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
}
