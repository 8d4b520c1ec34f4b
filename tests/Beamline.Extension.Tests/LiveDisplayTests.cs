using System.Text.Json.Nodes;
using Beamline.Display;
using Beamline.Kernel;

namespace Beamline.Extension.Tests;

/// <summary>Jobs in cells of a whole kernel with the extension: what is saved of their displays.</summary>
[Collection("Runner")]
public sealed class LiveDisplayTests(SmallScan small) : IClassFixture<SmallScan>
{
    /// <summary>A job of about 1.2 s, more than the display waits for.</summary>
    private const string Work = """
        Volume Work(string name, int steps = 12)
        {
            using var job = RunJob.Start(name);
            var volume = new Volume(4, 16, 16);
            for (var i = 1; i <= steps; i++)
            {
                RunContext.Current.CancellationToken.WaitHandle.WaitOne(100);
                RunContext.Current.Report(new ProgressReport(name, (double)i / steps)
                {
                    Iteration = i, Residual = 1.0 / i, Preview = job.WantsPreview ? new Image(16, 16) : null,
                });
            }
            job.Complete(new JobResult(volume) { Residuals = [1, 0.5, 0.25] });
            return volume;
        }
        """;

    [Fact]
    public async Task A_job_leaves_one_output_with_viewer_and_chart()
    {
        var (result, cells) = await Run([Work, "var v = Work(\"one <b>\");"]);
        Assert.Equal(0, result.ExitCode);
        var output = Assert.Single(cells[1].Outputs)!;
        Assert.Equal("display_data", (string?)output["output_type"]);
        Assert.True((bool)output["metadata"]!["beamline"]!["job"]!);
        Assert.StartsWith("one <b>: done in ", (string?)output["data"]!["text/plain"], StringComparison.Ordinal);
        var html = (string)output["data"]!["text/html"]!;
        Assert.Contains("BeamlineViewer", html, StringComparison.Ordinal);
        Assert.Contains("convergence", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("progressbar", html, StringComparison.Ordinal);
        Assert.True(output.ToJsonString().Length < 2_000_000);
    }

    [Fact]
    public async Task A_cell_that_shows_the_volume_shows_it_once()
    {
        var (_, cells) = await Run([Work, "Work(\"shown\")"]);
        Assert.Equal(["display_data", "execute_result"], cells[1].Outputs.Select(o => (string?)o!["output_type"]));
        Assert.DoesNotContain("BeamlineViewer", (string?)cells[1].Outputs[0]!["data"]!["text/html"], StringComparison.Ordinal);
        Assert.Contains("BeamlineViewer", (string?)cells[1].Outputs[1]!["data"]!["text/html"], StringComparison.Ordinal);
        Assert.NotNull(cells[1].Outputs[0]!["data"]!["application/vnd.plotly.v1+json"]);
    }

    [Fact]
    public async Task Jobs_in_a_job_share_its_display_and_jobs_at_once_have_their_own()
    {
        var (_, cells) = await Run(
        [
            Work,
            "using (var outer = RunJob.Start(\"outer\")) { Work(\"inner\"); outer.Complete(); }",
            "await Task.WhenAll(Task.Run(() => { Work(\"left\"); }), Task.Run(() => { Work(\"right\"); }));",
        ]);
        Assert.StartsWith("outer: done", Texts(cells[1]).Single(), StringComparison.Ordinal);
        Assert.Equal(["left", "right"], Texts(cells[2]).Select(t => t.Split(':')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Off_short_and_unreported_work_leaves_nothing()
    {
        var (result, cells) = await Run(
        [
            Work, "LiveDisplay.Off(); var v = Work(\"off\");", "var s = Work(\"short\", 2);", "new Volume(2, 2, 2);", "var o = Work(\"on\");",
        ]);
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(cells[1].Outputs);
        Assert.Empty(cells[2].Outputs);
        Assert.Single(cells[4].Outputs);
    }

    [Fact]
    public async Task Who_captures_output_gets_the_end_of_a_display_too()
    {
        var (_, cells) = await Run(
        [
            Work,
            "var kept = Beamline.Notebook.NotebookHost.Current!.Capture(() => { var v = Work(\"kept\"); }); kept.Count + \" \" + kept[0][\"data\"]![\"text/plain\"]",
        ]);
        Assert.StartsWith("1 kept: done in", Texts(cells[1]).Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_outside_any_job_is_shown_until_its_cell_ends()
    {
        var (_, cells) = await Run(
        [
            """
            for (var i = 1; i <= 13; i++)
            {
                RunContext.Current.CancellationToken.WaitHandle.WaitOne(100);
                RunContext.Current.Report("counting", i / 13.0);
            }
            """,
        ]);
        Assert.StartsWith("counting: done in", Texts(cells[0]).Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_job_leaves_its_last_state_before_the_error()
    {
        var (result, cells) = await Run([Work, "using (var job = RunJob.Start(\"bad\")) { Work(\"part\"); throw new InvalidOperationException(\"no\"); }"]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Equal(["display_data", "error"], cells[1].Outputs.Select(o => (string?)o!["output_type"]));
        Assert.StartsWith("bad: failed at", Texts(cells[1])[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Work(\"long\", 600);")]
    [InlineData("using (var job = RunJob.Start(\"long\")) for (var i = 0; ; i++) { job.Report(new(\"long\", 0.3) { Iteration = i, Preview = job.WantsPreview ? new Image(16, 16) : null }); await Task.Delay(20); }")]
    public async Task A_stopped_job_leaves_its_last_preview_and_says_where_it_was(string code)
    {
        var (result, cells) = await Run([Work, code], TimeSpan.FromSeconds(2.5));
        Assert.NotEqual(0, result.ExitCode);
        var output = cells[1].Outputs.Single(o => (string?)o!["output_type"] == "display_data")!;
        Assert.Matches("^long: cancelled at iteration [0-9]+", (string?)output["data"]!["text/plain"]);
        Assert.Contains("data:image/", (string?)output["data"]!["text/html"], StringComparison.Ordinal);
        Assert.Single(cells[1].Outputs, o => (string?)o!["output_type"] == "error");
    }

    [Fact]
    public async Task A_reconstruction_shows_itself_and_gives_the_same_bits_with_and_without_display()
    {
        // At once and at the highest rate, so that a small run has pictures, too.
        const string Sum = "BitConverter.ToString(System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(v.Memory.Span(0, (int)v.Memory.Length))))";
        var (result, cells) = await Run(
        [
            "#!open small.h5 --quiet", "#!normalize scan --minus-log --quiet",
            "LiveDisplay.Options = new LiveDisplayOptions { Delay = TimeSpan.Zero, UpdatesPerSecond = 10 };",
            "var options = new IterativeOptions { Iterations = 800 };",
            "var v = IterativeReconstruction.Run(projections, new RotationAxis(15.5), options).Volume;", Sum,
            "LiveDisplay.Options = new LiveDisplayOptions { Enabled = false };",
            "v = IterativeReconstruction.Run(projections, new RotationAxis(15.5), options).Volume;", Sum,
            "LiveDisplay.Options = new LiveDisplayOptions();",
            "#!recon projections --axis 15.5 --method sirt --iterations 800 --as w",
        ]);
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Cells.SelectMany(c => c.Traceback)));
        Assert.Matches("^Sirt: done in .*; 800 iterations; residual 0\\.", Texts(cells[4]).Single());
        Assert.Contains("BeamlineViewer", (string?)cells[4].Outputs[0]!["data"]!["text/html"], StringComparison.Ordinal);
        Assert.Empty(cells[7].Outputs);
        Assert.Equal(Texts(cells[5]), Texts(cells[8]));
        // The magic shows the volume itself.
        Assert.Equal(1, cells[10].Outputs.Count(o => ((string?)o!["data"]?["text/html"])?.Contains("BeamlineViewer", StringComparison.Ordinal) == true));
    }

    private static string[] Texts(NotebookCell cell) => [.. cell.Outputs.Select(o => (string?)o!["data"]?["text/plain"]).OfType<string>()];

    private async Task<(RunResult Result, IReadOnlyList<NotebookCell> Cells)> Run(string[] cells, TimeSpan? timeout = null)
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
        var options = new RunOptions { NotebookPath = name };
        var result = await HeadlessRunner.RunAsync(
            timeout is { } limit ? options with { CellTimeout = limit } : options, new TextRunReporter(TextWriter.Null, isTerminal: false), [new BeamlineExtension()]);
        Assert.True(result.Document is not null, result.Message);
        return (result, [.. result.Document.Cells]);
    }
}
