using Beamline.Kernel;

namespace Beamline.Notebooks.Tests;

/// <summary>Notebook 00, run once.</summary>
public sealed class TutorialRun : IAsyncLifetime
{
    public NotebookRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Run = await NotebookRun.Start("00-csharp-in-ten-minutes.ipynb", null, "name=Marie");

    public ValueTask DisposeAsync()
    {
        Run.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>What the tutorial tells its readers is what its cells show.</summary>
[Collection("Notebook runs")]
public sealed class TutorialTests(TutorialRun tutorial) : IClassFixture<TutorialRun>
{
    private readonly NotebookRun _run = tutorial.Run;

    [Theory]
    [InlineData("var count = 3;", "Marie has 3 samples of 1.5 µm")]
    [InlineData("7 / 2, 7 % 2", "(3, 1, 3.5, 1024, 9223372036854775807)")]
    [InlineData("int? perhaps", "-143")]
    [InlineData("mu:F2", "mu = 79.99 1/cm, 7.999E+001, 1,234,567, 007, [      80.0]\nA \"quoted\" path: data\\new\nneeds no escapes here.\n3 parts, BEAM")]
    [InlineData("List<int> list", "10 is the last of 4; 1 2 3 10\nno Otto\nAda: 36\nMarie: 66\nEmmy: 53")]
    [InlineData("Attenuation(double", "(0.44932896411722156, 0.44932896411722156, 2.5, 1, 3)")]
    [InlineData("record Sample", "Sample { Name = tooth, Density = 2.9, Note = wet }; equal: True\n(dense, tooth (wet))")]
    [InlineData("StreamWriter", "[0, 2, 6, 12, 20]")]
    [InlineData("int.Parse(\"twelve\")", "FormatException: The input string 'twelve' was not in a correct format.\nin any case\n")]
    [InlineData("Task.WhenAll", "(14, 2262)")]
    public void A_cell_shows(string source, string expected) => Assert.Equal(expected, NotebookRun.Text(_run.Succeeded().CellWith(source)));

    [Fact]
    public void The_chart_is_there_and_the_package_solves_the_system()
    {
        var chart = _run.CellWith("Plot.Lines").Outputs.Last()!["data"]!;
        Assert.NotNull(chart["application/vnd.plotly.v1+json"]);
        Assert.NotNull(chart["image/png"]);
        var solved = NotebookRun.Text(_run.CellWith("#r \"nuget: "));
        Assert.Matches("0\\.8\\s+1\\.4", solved);
        Assert.Contains("--projection", NotebookRun.Text(_run.CellWith("#!view --help")), StringComparison.Ordinal);
        Assert.Equal(["squares.csv"], Directory.GetFiles(Path.Combine(_run.Folder, "results")).Select(Path.GetFileName));
    }

    [Fact]
    public Task The_page_is_valid_html() => HtmlValidator.CheckAsync(HtmlExporter.Export(_run.Document));

    [Fact]
    public void Its_parameters_are_listed()
    {
        var parameters = HeadlessRunner.Parameters(Repository.PathOf("notebooks", "00-csharp-in-ten-minutes.ipynb"), [new Beamline.Extension.BeamlineExtension()]);
        Assert.Equal(["name", "results"], parameters.Select(p => p.Name));
        Assert.Equal("whom to greet", parameters[0].Description);
    }
}
