using System.Text.Json.Nodes;
using Beamline.Arrays;
using Beamline.Data.Simulation;
using Beamline.Display.Widgets;
using Beamline.Extension.Formatting;
using Beamline.Kernel;
using Beamline.Learning;
using Beamline.Notebook;

namespace Beamline.Extension.Tests;

/// <summary>Trainings in cells of a whole kernel: what one sees of them, what stays of broken ones, and that the kernel lives.</summary>
[Collection("Runner")]
public sealed class DenoiseSessionTests : IDisposable
{
    /// <summary>A scan of 15 views at 200 photons a pixel, and three of them at ten times that.</summary>
    private const string Scene = """
        const int size = 48;
        var clean = new MemoryProjectionStack([.. Enumerable.Range(0, 15).Select(i => 12.0 * i)], size, size) { Quantity = Quantity.LineIntegral };
        for (var v = 0; v < 15; v++)
            for (var r = 0; r < size; r++)
                for (var c = 0; c < size; c++)
                    clean.Frame(v)[r * size + c] = (float)(Math.Max(0, 1.5 - Math.Abs(c - 23.5) / 14) * (1 + 0.3 * Math.Sin(0.4 * r + v)));
        int[] views = [2, 7, 12];
        var low = PhotonNoise.Measure(clean, 200, 1);
        var all = PhotonNoise.Measure(clean, 2000, 2);
        var normal = new MemoryProjectionStack([.. views.Select(v => all.AnglesDegrees[v])], size, size) { Quantity = Quantity.LineIntegral };
        for (var i = 0; i < 3; i++) all.Frame(views[i]).CopyTo(normal.Frame(i));
        double Off(ProjectionStack stack)
        {
            double sum = 0;
            for (var v = 0; v < 15; v++) for (var i = 0; i < size * size; i++) sum += Math.Pow(stack.Projection(v).Values[i] - clean.Frame(v)[i], 2);
            return Math.Sqrt(sum / 15 / size / size);
        }
        LiveDisplay.Options = new LiveDisplayOptions { Delay = TimeSpan.Zero, UpdatesPerSecond = 10 };
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-denoise-").FullName;

    [Fact]
    public async Task A_training_in_a_cell_is_watched_applied_and_saved()
    {
        Torch.Require();
        var (result, cells) = await Run(
        [
            Scene,
            "#!denoise train low --normal normal --views 2,7,12 --network unet-small --steps 250 --patch-size 16 --learning-rate 5e-3 --score-every 50 --save d.safetensors",
            "#!denoise apply low --model denoiser --quiet",
            "Console.WriteLine(Off(denoised) < 0.6 * Off(low))",
            "#!denoise apply low --file d.safetensors --as again --quiet\nagain.Projection(3).Values.SequenceEqual(denoised.Projection(3).Values)",
            "denoiser.Report",
        ]);
        Assert.True(result.ExitCode == 0, string.Join('\n', result.Cells.SelectMany(c => c.Traceback)));
        var job = cells[1].Outputs.First(o => o!["metadata"]?["beamline"]?["job"] is not null)!["data"]!;
        Assert.Matches(@"^training: done in .*; 250 steps; loss .*best at step [0-9]+ with a held-out RMSE of 0\.", (string?)job["text/plain"]);
        var html = (string)job["text/html"]!;
        Assert.Contains("data:image/", html, StringComparison.Ordinal);
        Assert.Contains("alt=\"view 0, step ", html, StringComparison.Ordinal);
        Assert.Contains("held-out RMSE", job["application/vnd.plotly.v1+json"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("denoiser = Denoiser: U-Net small", Text(cells[1]), StringComparison.Ordinal);
        Assert.Contains("True", Text(cells[3]), StringComparison.Ordinal);
        Assert.EndsWith("True", Text(cells[4]), StringComparison.Ordinal);
        var chart = cells[5].Outputs.Last()!["data"]!;
        Assert.StartsWith("Completed after 250 steps, best at", (string?)chart["text/plain"], StringComparison.Ordinal);
        Assert.NotNull(chart["application/vnd.plotly.v1+json"]);
        Assert.True(File.Exists(Path.Combine(_folder, "d.safetensors")));
    }

    [Fact]
    public async Task An_interrupted_cell_keeps_the_best_so_far()
    {
        Torch.Require();
        var before = TrainingRun.Latest;
        using var stop = new CancellationTokenSource();
        var running = Run(
            [Scene, "var d = Denoiser.TrainHybridDose(low, normal, views, new() { Network = DenoiserNetwork.UNetSmall, Steps = 100000, ScoreEvery = 5, PatchSize = 16, BatchSize = 8 });"],
            stop: stop.Token);
        for (var i = 0; i < 1200 && (TrainingRun.Latest == before || !(TrainingRun.Latest!.Best?.Report!.BestStep > 0)); i++)
        {
            await Task.Delay(100);
        }

        await stop.CancelAsync();
        var (result, cells) = await running;
        Assert.Equal(130, result.ExitCode);
        var output = cells[1].Outputs.Single(o => o!["metadata"]?["beamline"]?["job"] is not null)!;
        Assert.Matches(@"^training: cancelled at step [0-9]+ of 100000 after .*The best weights until then are in TrainingRun.Latest.Best", (string?)output["data"]!["text/plain"]);
        Assert.Single(cells[1].Outputs, o => (string?)o!["output_type"] == "error");

        // What the next cell would find.
        var best = TrainingRun.Latest!.Best!;
        Assert.True(best.Report!.BestStep > 0);
        Assert.True(best.Report.BestHeldOutRmse < best.Report.History[0].HeldOutRmse);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TrainingRun.Latest.Completion);
    }

    [Fact]
    public async Task A_killed_training_process_fails_its_cell_alone_and_goes_on_from_its_checkpoint()
    {
        Torch.Require();
        var (result, cells) = await Run(
        [
            Scene,
            """
            var options = new TrainingOptions { Network = DenoiserNetwork.UNetSmall, Steps = 100000, ScoreEvery = 5, PatchSize = 16, BatchSize = 8, Folder = "run1" };
            var run = Denoiser.StartHybridDose(low, normal, views, options);
            run
            """,
            """
            while (run.History.Count < 4) await Task.Delay(20);
            System.Diagnostics.Process.GetProcessById(run.ProcessId!.Value).Kill();
            var never = run.Wait();
            """,
            """
            var again = Denoiser.StartHybridDose(low, normal, views, options with { Resume = true });
            again.Scored += _ => again.Stop();
            var resumed = await again.Completion;
            $"{resumed.Report!.End}, first score of this process after {run.History[^1].Step <= resumed.Report.History[^1].Step}"
            """,
        ], allowErrors: true);
        Assert.Equal(0, result.ExitCode);
        var shown = cells[1].Outputs.Single(o => o!["data"]?["text/plain"]?.ToString().StartsWith("TrainingRun", StringComparison.Ordinal) == true)!["data"]!;
        Assert.Contains("[pause]", (string?)shown["text/html"], StringComparison.Ordinal);
        Assert.Contains("[stop]", (string?)shown["text/html"], StringComparison.Ordinal);

        // The display of the detached run belongs to the cell that started it, and follows it to its end.
        var job = cells[1].Outputs.Single(o => o!["metadata"]?["beamline"]?["job"] is not null)!;
        Assert.Matches(@"^training: failed at step [0-9]+ of 100000 .*exit code 137", (string?)job["data"]!["text/plain"]);
        var error = string.Join('\n', result.Cells[2].Traceback);
        Assert.Contains("TrainingFailedException: The training process ended by itself (exit code 137: killed", error, StringComparison.Ordinal);
        Assert.Contains("train again with Resume = true to go on from there", error, StringComparison.Ordinal);
        var resumed = cells[3].Outputs.Single(o => (string?)o!["output_type"] == "execute_result")!;
        Assert.Equal("Stopped, first score of this process after True", (string?)resumed["data"]!["text/plain"]);
    }

    [Fact]
    public async Task Bad_input_is_told_in_the_cell()
    {
        var (result, _) = await Run(
        [
            Scene,
            "Denoiser.TrainHybridDose(all, low, views)",
            "#!denoise train low --normal normal --views 2,7,15",
            "Denoiser.TrainHybridDose(low, normal, [2, 7, 15])",
            """
            var few = new MemoryProjectionStack([24.0, 84, 144], size, size) { Quantity = Quantity.LineIntegral };
            for (var i = 0; i < 3; i++) low.Frame(views[i]).CopyTo(few.Frame(i));
            #!denoise train all --normal few --views 2,7,12
            """,
            "#!denoise apply low --file missing.safetensors",
        ], allowErrors: true);
        string Error(int cell) => string.Join('\n', result.Cells[cell].Traceback);
        Assert.Contains("There are 15 normal-dose views and 3 indices", Error(1), StringComparison.Ordinal);
        Assert.Contains("MagicError: #!denoise: --views has 15, but goes from 0 to 14 here.", Error(2), StringComparison.Ordinal);
        Assert.Contains("View 15 is not among the low-dose views 0 to 14", Error(3), StringComparison.Ordinal);
        Assert.Contains("were the two stacks swapped?", Error(4), StringComparison.Ordinal);
        Assert.Contains("missing.safetensors", Error(5), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buttons_pause_go_on_and_stop()
    {
        Torch.Require();
        var clean = new MemoryProjectionStack([.. Enumerable.Range(0, 6).Select(i => 30.0 * i)], 32, 32) { Quantity = Quantity.LineIntegral };
        for (var i = 0; i < 6; i++)
        {
            clean.Frame(i).Fill(1);
        }

        var options = new TrainingOptions { Network = DenoiserNetwork.UNetSmall, Steps = 100_000, PatchSize = 16, BatchSize = 8, ScoreEvery = 1, InThisProcess = true, Threads = 1 };
        using var run = Denoiser.StartHybridDose(PhotonNoise.Measure(clean, 100, 1), PhotonNoise.Measure(clean, 1000, 2), [0, 1, 2, 3, 4, 5], options);
        var box = TrainingFormatter.Controls(run);
        var (pause, stop) = ((Button)box.Children[0], (Button)box.Children[1]);
        pause.Click();
        Assert.True(run.IsPaused);
        Assert.Equal("go on", pause.Description);
        pause.Click();
        Assert.False(run.IsPaused);
        Assert.Equal("pause", pause.Description);
        stop.Click();
        Assert.Equal(TrainingEnd.Stopped, (await run.Completion).Report!.End);
        Assert.True(SpinWait.SpinUntil(() => pause.Disabled && stop.Disabled, TimeSpan.FromSeconds(30)));
        Assert.StartsWith("Stopped after", (string)Registered.Instance.FormatterOf(typeof(TrainingRun)).Format(run).Parts[MimeTypes.Text], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train", "denoiser")]
    [InlineData("apply", "denoised")]
    [InlineData("compare", "comparison")]
    [InlineData("reconstruct", "volume")]
    public void Each_action_makes_a_variable_of_its_own_name_which_the_graph_of_cells_knows(string action, string name)
    {
        var descriptor = Registered.Instance.Commands.Single(c => c.Descriptor.Name == "denoise").Descriptor;
        Assert.Equal(name, MagicParser.Parse($"#!denoise {action} low", descriptor).Variable("as"));
        Assert.Equal("mine", MagicParser.Parse($"#!denoise {action} low --as mine", descriptor).Variable("as"));
        Assert.Contains($"{name} ({action})", MagicParser.Help(descriptor), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        // The options are the process's: other tests have jobs of a few milliseconds, which are to show nothing.
        Display.LiveDisplay.Options = new Display.LiveDisplayOptions();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Text(NotebookCell cell) => string.Concat(cell.Outputs.Select(o => (string?)o!["text"] ?? (string?)o["data"]?["text/plain"] ?? ""));

    private async Task<(RunResult Result, IReadOnlyList<NotebookCell> Cells)> Run(string[] cells, bool allowErrors = false, CancellationToken stop = default)
    {
        var notebook = new JsonObject
        {
            ["nbformat"] = 4, ["nbformat_minor"] = 5, ["metadata"] = new JsonObject(),
            ["cells"] = new JsonArray([.. cells.Select((source, i) => (JsonNode)new JsonObject
            {
                ["cell_type"] = "code", ["id"] = $"c{i}", ["metadata"] = new JsonObject(), ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = source,
            })]),
        };
        var name = Path.Combine(_folder, $"{Guid.NewGuid():N}.ipynb");
        await File.WriteAllTextAsync(name, notebook.ToJsonString(), CancellationToken.None);
        var options = new RunOptions { NotebookPath = name, AllowErrors = allowErrors };
        var result = await HeadlessRunner.RunAsync(
            options, new TextRunReporter(TextWriter.Null, isTerminal: false), [new BeamlineExtension()], stop);
        Assert.True(result.Document is not null, result.Message);
        return (result, [.. result.Document.Cells]);
    }
}
