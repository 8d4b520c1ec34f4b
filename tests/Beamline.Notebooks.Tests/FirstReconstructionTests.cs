using System.Globalization;
using System.Text.RegularExpressions;
using Beamline.Data;
using Beamline.Kernel;

namespace Beamline.Notebooks.Tests;

/// <summary>Notebook 01 on the foam sample, run once; the last cell measures what the notebook made.</summary>
public sealed class FoamRun : IAsyncLifetime
{
    // Solid are the voxels that the true slices say are solid 5 pixels around; true slices, too, have the axis in their middle.
    private const string Measured = """
        var foam = (FoamPhantom)Samples.Find("foam").Specimen;
        double sum = 0; long count = 0;
        foreach (var z in new[] { 8, 16, 24, 32, 40 })
        {
            var truth = foam.Slice(z, rows: volume.SliceCount, size: volume.ColumnCount);
            for (var y = 5; y < volume.RowCount - 5; y++)
            for (var x = 5; x < volume.ColumnCount - 5; x++)
            {
                var inside = true;
                for (var dy = -5; dy <= 5 && inside; dy++)
                for (var dx = -5; dx <= 5 && inside; dx++)
                    inside = truth[y + dy, x + dx] > 0.0119;
                if (inside) { sum += volume[z, y, x]; count++; }
            }
        }
        double air = 0; long airCount = 0;
        for (var y = 0; y < 8; y++) for (var x = 92; x < 100; x++) { air += volume[24, y, x]; airCount++; }
        Console.WriteLine(FormattableString.Invariant($"solid {sum / count} of {count} air {air / airCount} axis {axis.Column} pair {fromPair.Column} unit {volume.Quantity.Unit}"));
        Console.WriteLine(scan.Metadata["/measurement/simulation/rotation_axis_column"]);
        var fromFile = VolumeFiles.Open(h5);
        var fromTiff = VolumeFiles.Open(Path.Combine(results, "volume.tif"));
        var same = true;
        for (var z = 0; z < volume.SliceCount; z++) same &= volume.Slice(z).SequenceEqual(fromFile.Slice(z)) && volume.Slice(z).SequenceEqual(fromTiff.Slice(z));
        Console.WriteLine($"same {same} {fromFile.SliceCount}x{fromFile.RowCount}x{fromFile.ColumnCount} {fromTiff.SliceCount} voxel {fromFile.VoxelSize} unit {fromFile.Quantity.Unit}");
        """;

    public NotebookRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Run = await NotebookRun.Start("01-first-reconstruction.ipynb", Measured);

    public ValueTask DisposeAsync()
    {
        Run.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>What the first notebook promises, against the truth of its sample.</summary>
// One after the other: a run changes the working folder of the whole process.
[Collection("Notebook runs")]
public sealed class FirstReconstructionTests(FoamRun foam) : IClassFixture<FoamRun>
{
    private readonly NotebookRun _run = foam.Run;

    [Fact]
    public void All_cells_succeed() => _run.Succeeded();

    [Fact]
    public void The_axis_is_the_true_one()
    {
        var truth = double.Parse(Measured().Split('\n')[1].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.Equal(98.9, truth, 9);
        Assert.InRange(Number("axis"), truth - 0.15, truth + 0.15);
        Assert.InRange(Number("pair"), truth - 0.5, truth + 0.5);
    }

    [Fact]
    public void The_solid_has_its_true_attenuation()
    {
        Assert.True(Number("of") > 1000, Measured());
        Assert.InRange(Number("solid"), 80 * 0.98, 80 * 1.02);
        Assert.InRange(Number("air"), -4, 4);
        Assert.Contains("unit 1/cm", Measured(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_saved_is_what_was_computed()
    {
        Assert.Contains("same True 48x192x192 48 voxel 1.5", Measured(), StringComparison.Ordinal);
        Assert.EndsWith("unit 1/cm", Measured().TrimEnd(), StringComparison.Ordinal);
        Assert.Equal(["volume.h5", "volume.tif"], Directory.GetFileSystemEntries(Path.Combine(_run.Folder, "results")).Select(p => Path.GetFileName(p)!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("#!open @data", "text/html", "image/png")]
    [InlineData("#!view scan", "text/html", "image/png")]
    [InlineData("scan.Frames.Sinogram", "text/html", "image/png")]
    [InlineData("#!normalize", "text/html", "image/png")]
    [InlineData("--filter shepp-logan", "text/html", "image/png")]
    [InlineData("#!view volume", "text/html", "image/png")]
    [InlineData("slice.View", "text/html", "image/png")]
    [InlineData("#!profile", "application/vnd.plotly.v1+json", "image/png")]
    [InlineData("#!histogram", "application/vnd.plotly.v1+json", "image/png")]
    [InlineData("Plot.Profile(smooth", "application/vnd.plotly.v1+json", "image/png")]
    public void Every_picture_is_there_in_every_kind(string source, params string[] kinds)
    {
        var output = _run.CellWith(source).Outputs.Last(o => o!["data"] is not null)!;
        foreach (var kind in kinds.Append("text/plain"))
        {
            Assert.True(output["data"]![kind] is not null, kind);
        }

        if (output["data"]!["text/html"] is { } html && kinds.Contains("text/html"))
        {
            Assert.Contains("<img", (string)html!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Nothing_is_fetched_from_the_network()
    {
        foreach (var output in _run.Document.Cells.SelectMany(c => c.Outputs))
        {
            // Not only "http": base64 may have those letters.
            Assert.DoesNotMatch("(?i)https?:", output!["data"]?["text/html"]?.ToString() ?? "");
        }

        var page = HtmlExporter.Export(_run.Document);
        Assert.DoesNotMatch("""(?i)<[a-z][^>]*\s(src|href|data)\s*=\s*["']?https?:""", page);
        Assert.DoesNotMatch("(?i)<link|@import", page);
        Assert.Contains("src=\"data:image/png;base64,", page, StringComparison.Ordinal);
    }

    [Fact]
    public Task The_page_is_valid_html() => HtmlValidator.CheckAsync(HtmlExporter.Export(_run.Document));

    private double Number(string name) =>
        double.Parse(Regex.Match(Measured(), $@"\b{name} (-?[0-9.E-]+)").Groups[1].Value, CultureInfo.InvariantCulture);

    private string Measured() => NotebookRun.Text(_run.Succeeded().Document.Cells[^1]);
}
