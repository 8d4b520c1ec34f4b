using System.Text.Json.Nodes;
using Beamline.Data;
using Beamline.Kernel;

namespace Beamline.Extension.Tests;

/// <summary>The commands in a real session: the C# that they write compiles and does what it says.</summary>
[Collection("Runner")]
public sealed class SessionTests(SmallScan small) : IClassFixture<SmallScan>
{
    [Fact]
    public async Task Every_command_runs()
    {
        string[] cells =
        [
            "var path = \"small.h5\";",
            "#!open @path",
            "#!open small.h5 --data-path /exchange/data --flat-path /exchange/data_white --dark-path /exchange/data_dark --angle-path /exchange/theta --pixel-size-micrometers 3 --as other",
            "#!open small.h5 --angles 0,7.5 --as third",
            "#!normalize scan --minus-log",
            "#!normalize scan --minus-log --floor 0.001 --as p2",
            "#!center projections",
            "#!center projections --method vo --from-column 10 --to-column 20 --as a2",
            "#!recon projections --axis @axis --plan",
            "#!recon projections --axis @axis --filter ram-lak --cutoff 0.9 --padding edge --image-size 40 --mask-outside-circle --device cpu --as v2",
            "#!recon projections --axis 15.5",
            "#!recon projections --filter hann --as v3",
            "#!view volume --window 1%,99% --map viridis --slice 1",
            "#!view scan --projection 2",
            "#!view projections --sinogram 1 --window 0,2",
            "#!profile volume --row 10",
            "#!histogram volume --bins 20",
            "#!save volume saved.h5",
            "#!save volume 'with \"quotes\".npy'",
            "#!device",
            "#!recon projections --axis 15.5 --quiet\nvolume.SliceCount",
            "#!normalize scan --flat interpolated --zingers --phase paganin --energy-kev 20 --distance-millimeters 10 --delta-over-beta 200 --minus-log --stripes all --as p4 --quiet\np4.Materialize().Provenance",
            "#!normalize scan --flat weighted --air-columns 3 --as p5 --quiet\np5.Projection(0).Quantity",
            "Func<double, double> window = w => 1 - w;",
            "#!recon projections --method fourier --axis @axis --response @window --kernel-width 6 --as v4 --quiet\nv4.Provenance",
            "#!recon projections --method log-polar --axis @axis --filter hann --as v6 --quiet\nv6.Provenance",
            "#!recon projections --method fourier --plan",
        ];
        var result = await Run(cells);
        Assert.True(result.ExitCode == 0, result.Message + string.Join('\n', result.Cells.SelectMany(c => c.Traceback)));
        var texts = result.Document!.Cells.Select(Text).ToArray();
        Assert.Matches(@"^scan = TomographyScan small.h5: 24 angles x 4 rows x 32 columns uint16, .* in [0-9.]+ m?s\n", texts[1]);
        Assert.Contains("pixel 3", texts[2], StringComparison.Ordinal);
        Assert.Matches(@"^axis = rotation axis at column 1[0-9]", texts[6]);
        Assert.Contains("4 slices of 32 x 32", texts[8], StringComparison.Ordinal);
        Assert.Contains("40", texts[9], StringComparison.Ordinal);
        Assert.Contains("saved volume to saved.h5", texts[17], StringComparison.Ordinal);
        Assert.Contains("cpu", texts[19], StringComparison.Ordinal);
        Assert.EndsWith("4", texts[20], StringComparison.Ordinal);
        Assert.Matches("normalize.*remove-zingers.*paganin.*minus-log.*remove-stripes", texts[21]);
        Assert.Contains("transmission", texts[22], StringComparison.Ordinal);
        Assert.Matches("fourier.*own window", texts[24]);
        Assert.Matches("log-polar.*Hann", texts[25]);
        Assert.Contains("4 slices of 32 x 32", texts[26], StringComparison.Ordinal);
        foreach (var shown in new[] { 1, 9, 10, 12, 13, 14, 15, 16 })
        {
            Assert.Contains(result.Document.Cells[shown].Outputs, o => o!["data"]?["image/png"] is not null);
        }

        Assert.Contains(result.Document.Cells[15].Outputs, o => o!["data"]?["application/vnd.plotly.v1+json"] is not null);
        using var saved = VolumeFiles.Open(small.PathOf("saved.h5"));
        Assert.Equal((4, 32, 32), (saved.SliceCount, saved.RowCount, saved.ColumnCount));
        Assert.True(File.Exists(small.PathOf("with \"quotes\".npy")));
    }

    [Fact]
    public async Task A_sweep_shows_its_slices_and_leaves_the_axis_to_go_on_with()
    {
        var result = await Run(
        [
            "#!open small.h5", "#!normalize scan --minus-log",
            "#!center projections --sweep --from-column 12.5 --to-column 18.5 --count 7",
            "axis.Column", "#!recon projections --axis @axis --quiet\nvolume.SliceCount",
        ]);
        Assert.True(result.ExitCode == 0, result.Message + string.Join('\n', result.Cells.SelectMany(c => c.Traceback)));
        Assert.Contains(result.Document!.Cells[2].Outputs, o => o!["data"]?["text/html"]?.ToString().Contains("15.5:", StringComparison.Ordinal) == true);
        Assert.Matches("1[456].5", Text(result.Document.Cells[3]));
        Assert.EndsWith("4", Text(result.Document.Cells[4]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!recon projections --axis 15.5")]
    [InlineData("#!recon projections --method fourier --axis 15.5")]
    [InlineData("#!recon projections --method fan --geometry @fan")]
    [InlineData("#!recon projections --method sirt --geometry @fan --iterations 1")]
    public async Task Angles_in_radians_are_told_under_the_cell(string line)
    {
        var result = await Run(
        [
            "var radians = Enumerable.Range(0, 24).Select(i => i * Math.PI / 24).ToArray();",
            "var projections = new MemoryProjectionStack(radians, 4, 32) { Quantity = Quantity.LineIntegral };",
            "var fan = new FanGeometry(radians, 32, Length.FromMillimeters(60), Length.FromMillimeters(90), Length.FromMillimeters(0.5));",
            line,
        ]);
        Assert.True(result.ExitCode == 0, result.Message + string.Join('\n', result.Cells.SelectMany(c => c.Traceback)));
        Assert.Contains("180 / pi", result.Document!.Cells[3].Outputs.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shown_code_can_be_pasted_into_a_cell()
    {
        var shown = await Run(["#!open small.h5 --as scan --quiet", "#!normalize scan --minus-log --as projections --quiet", "#!recon projections --axis 15.5 --filter cosine --as volume --show-code"]);
        var code = Text(shown.Document!.Cells[2]).TrimEnd();
        Assert.Equal("var volume = Reconstruction.Fbp(projections, new RotationAxis(15.5), new FbpOptions { Filter = FbpFilter.Cosine });", code);
        var pasted = await Run(["#!open small.h5 --as scan --quiet", "#!normalize scan --minus-log --as projections --quiet", code + "\nvolume.Provenance"]);
        Assert.True(pasted.ExitCode == 0, pasted.Message);
        Assert.Contains("Cosine", Text(pasted.Document!.Cells[2]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!view volume --window 2%,98% --map magma --slice 1 --row 9 --column 10 --title T")]
    [InlineData("#!view volume --plane yz --column 4 --static")]
    [InlineData("#!view volume --mode iso")]
    [InlineData("#!view volume --plane xy --slice 1 --profile 2,3,20,25.5")]
    [InlineData("#!view volume --compare other --window 0,1")]
    [InlineData("#!view projections --projection 2 --map viridis")]
    [InlineData("#!view projections --sinogram 1")]
    [InlineData("#!view wave --complex imaginary")]
    [InlineData("#!view wave --complex phase --static")]
    public async Task What_view_shows_is_what_its_shown_code_shows(string line)
    {
        string[] setup =
        [
            "#!open small.h5 --as scan --quiet", "#!normalize scan --minus-log --as projections --quiet",
            "var volume = Reconstruction.Fbp(projections, new RotationAxis(15.5));\nvar other = Reconstruction.Fbp(projections, new RotationAxis(14));\n" +
            "var wave = new ComplexImage(20, 30);\nwave.Real[31] = 2;\nwave.Imaginary[40] = -1;",
        ];
        var shown = await Run([.. setup, line + " --show-code", line]);
        Assert.True(shown.ExitCode == 0, shown.Message + string.Join('\n', shown.Cells.SelectMany(c => c.Traceback)));
        var pasted = await Run([.. setup, Text(shown.Document!.Cells[3]).TrimEnd()]);
        Assert.True(pasted.ExitCode == 0, pasted.Message + string.Join('\n', pasted.Cells.SelectMany(c => c.Traceback)));
        JsonNode Data(RunResult run, int cell) => run.Document!.Cells[cell].Outputs.Select(o => o!["data"]).OfType<JsonObject>().Last(d => d["image/png"] is not null);
        Assert.Equal(Data(shown, 4)["image/png"]!.ToString(), Data(pasted, 3)["image/png"]!.ToString());
        Assert.Equal(Data(shown, 4)["text/plain"]!.ToString(), Data(pasted, 3)["text/plain"]!.ToString());
    }

    [Fact]
    public async Task Names_that_everybody_uses_are_not_ambiguous()
    {
        var result = await Run(
        [
            """
            using System.Diagnostics;
            using System.Net.Http;
            using System.Text;
            using System.Text.RegularExpressions;
            using System.Threading;
            Image image = new Image(2, 3);
            Volume volume = new Volume(2, 2, 2);
            Sinogram sinogram = new Sinogram([0.0, 90.0], 4, new float[8]);
            Length length = Length.FromMicrometers(1);
            Device device = Device.Cpu;
            Range range = 1..2;
            Index index = ^1;
            string text = File.Exists("x") ? Path.GetFileName("a/b") : Directory.GetCurrentDirectory();
            Task<int> task = Task.FromResult(Enumerable.Range(0, 3).Sum());
            Random random = new Random(1);
            Sample sample = Samples.Find("foam");
            Phantom phantom = Phantom.SheppLogan(8);
            Quantity quantity = Quantity.LineIntegral;
            Provenance provenance = Provenance.None;
            Geometry();
            var plot = Plot.Histogram(image, bins: 3);
            var list = new List<double> { Math.Sqrt(2), MathF.PI };
            Regex regex = new Regex("a");
            Stopwatch watch = Stopwatch.StartNew();
            Timer? timer = null;
            Action<Exception> act = e => Console.WriteLine(e.Message);
            StringBuilder builder = new StringBuilder();
            Progress<double>? progress = null;
            Version version = new Version(1, 0);
            Window();
            void Geometry() { }
            void Window() { }
            """,
        ]);
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Cells.SelectMany(c => c.Traceback)));
    }

    private static string Text(NotebookCell cell) => string.Concat(cell.Outputs.Select(o => (string?)o!["text"] ?? (string?)o["data"]?["text/plain"] ?? ""));

    private async Task<RunResult> Run(string[] cells)
    {
        var notebook = new JsonObject
        {
            ["nbformat"] = 4, ["nbformat_minor"] = 5, ["metadata"] = new JsonObject(),
            ["cells"] = new JsonArray([.. cells.Select((source, i) => (JsonNode)new JsonObject
            {
                ["cell_type"] = "code", ["id"] = $"c{i}", ["metadata"] = new JsonObject(), ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = source,
            })]),
        };
        var name = small.PathOf($"{Guid.NewGuid():N}.ipynb");
        await File.WriteAllTextAsync(name, notebook.ToJsonString());
        return await HeadlessRunner.RunAsync(new RunOptions { NotebookPath = name }, new TextRunReporter(TextWriter.Null, isTerminal: false), [new BeamlineExtension()]);
    }
}
