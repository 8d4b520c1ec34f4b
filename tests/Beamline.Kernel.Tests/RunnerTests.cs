using System.Text.Json.Nodes;
using Beamline.Compute;

namespace Beamline.Kernel.Tests;

/// <summary>Runs change the folder of the whole process, so they do not run beside other tests.</summary>
[CollectionDefinition(nameof(RunnerCollection), DisableParallelization = true)]
public sealed class RunnerCollection;

[Collection(nameof(RunnerCollection))]
public sealed class RunnerTests : IDisposable
{
    private readonly RunnerFixture _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task All_cells_run_in_order_and_are_saved_beside_the_notebook()
    {
        var path = _run.Notebook("var x = 20;", "", "Console.WriteLine(x);\nx + 22", "System.IO.Directory.GetCurrentDirectory()");
        var here = Directory.GetCurrentDirectory();
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path });
        Assert.Equal((0, _run.Folder.File("book.executed.ipynb")), (result.ExitCode, result.OutputPath));
        Assert.Equal(
            [(2, CellRunStatus.Ok), (3, CellRunStatus.Skipped), (4, CellRunStatus.Ok), (5, CellRunStatus.Ok)],
            result.Cells.Select(c => (c.Index, c.Status)));
        var saved = NotebookDocument.Load(result.OutputPath!);
        Assert.Equal([null, 1, null, 2, 3], saved.Cells.Select(c => c.ExecutionCount));
        Assert.Equal("20\n", (string?)saved.Cells[3].Outputs[0]!["text"]);
        Assert.Equal("42", RunnerFixture.Text(saved.Cells[3]));
        Assert.Equal(_run.Folder.Path, RunnerFixture.Text(saved.Cells[4]));
        Assert.Equal(here, Directory.GetCurrentDirectory());
        Assert.Equal(["start 2", "end 2", "end 3", "start 4", "end 4", "start 5", "end 5"], _run.Heard);
        var times = saved.Cells[1].Metadata["execution"]!;
        Assert.Equal(
            ["iopub.status.busy", "iopub.execute_input", "shell.execute_reply", "iopub.status.idle"],
            times.AsObject().Select(t => t.Key));
        var (begin, end) = ((DateTimeOffset)times["iopub.execute_input"]!, (DateTimeOffset)times["shell.execute_reply"]!);
        Assert.True(begin <= end && end <= DateTimeOffset.UtcNow && begin > DateTimeOffset.UtcNow.AddHours(-1));
        await JupyterPython.ValidateAsync(result.OutputPath!);
    }

    [Fact]
    public async Task A_cell_that_fails_ends_the_run_and_all_is_saved()
    {
        var path = _run.Notebook("Console.Write(1);", "int zero = 0;\nvar y = 1 / zero;", "Console.Write(3);");
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, ReportPath = _run.Folder.File("r/report.json") });
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("Cell 3 failed: DivideByZeroException", result.Message);
        Assert.Contains("line 2", string.Join('\n', result.Cells[^1].Traceback));
        Assert.DoesNotContain("\u001b", string.Join('\n', result.Cells[^1].Traceback));
        var saved = NotebookDocument.Load(result.OutputPath!);
        Assert.Equal("error", (string?)saved.Cells[2].Outputs[^1]!["output_type"]);
        Assert.Empty(saved.Cells[3].Outputs);
        await JupyterPython.ValidateAsync(result.OutputPath!);

        var report = JsonNode.Parse(await File.ReadAllTextAsync(_run.Folder.File("r/report.json")))!;
        Assert.Equal((1, path, result.OutputPath), ((int)report["exitCode"]!, (string?)report["notebook"], (string?)report["output"]));
        Assert.Equal(["Ok", "Failed"], report["cells"]!.AsArray().Select(c => (string?)c!["status"]));
        Assert.Equal([2, 3], report["cells"]!.AsArray().Select(c => (int)c!["index"]!));
        Assert.StartsWith("DivideByZeroException", (string?)report["cells"]![1]!["error"]);
    }

    [Fact]
    public async Task Errors_that_are_announced_or_allowed_do_not_end_the_run()
    {
        var path = _run.Notebook("wrong", "5");
        Assert.Equal(1, (await _run.RunAsync(new RunOptions { NotebookPath = path })).ExitCode);
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, AllowErrors = true });
        Assert.Equal((0, CellRunStatus.FailedAsAllowed, CellRunStatus.Ok),
            (result.ExitCode, result.Cells[0].Status, result.Cells[1].Status));
        RunnerFixture.Tag(path, 1, "raises-exception");
        result = await _run.RunAsync(new RunOptions { NotebookPath = path });
        Assert.Equal((0, CellRunStatus.FailedAsAllowed), (result.ExitCode, result.Cells[0].Status));
        Assert.Contains("1 of them with an error", result.Message);
        RunnerFixture.Tag(path, 1, "skip-execution");
        result = await _run.RunAsync(new RunOptions { NotebookPath = path });
        Assert.Equal((0, CellRunStatus.Skipped), (result.ExitCode, result.Cells[0].Status));
        Assert.Empty(result.Document!.Cells[1].Outputs);
    }

    [Fact]
    public async Task Outputs_of_an_earlier_run_do_not_pass_for_this_one()
    {
        var path = _run.Notebook("throw new Exception(\"stop\");", "1");
        var document = NotebookDocument.Load(path);
        document.Cells[2].Outputs.Add(new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "old" });
        document.Cells[2].ExecutionCount = 9;
        document.Cells[2].Metadata["execution"] = new JsonObject { ["shell.execute_reply"] = "2020" };
        document.Metadata["kernelspec"] = new JsonObject { ["name"] = "mine", ["display_name"] = "Mine", ["language"] = "C#" };
        document.Save(path);
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, OutputPath = path });
        Assert.Equal(path, result.OutputPath);
        var saved = NotebookDocument.Load(path);
        Assert.Equal((0, (int?)null), (saved.Cells[2].Outputs.Count, saved.Cells[2].ExecutionCount));
        Assert.False(saved.Cells[2].Metadata.ContainsKey("execution"));
        Assert.Equal("mine", (string?)saved.Metadata["kernelspec"]!["name"]);
        Assert.NotEmpty(saved.Cells[1].Outputs);
        Assert.Equal([path], Directory.GetFileSystemEntries(_run.Folder.Path));
    }

    [Fact]
    public async Task Limits_for_a_cell_and_for_the_run_end_with_124()
    {
        var path = _run.Notebook("Thread.Sleep(-1);", "2");
        var limit = TimeSpan.FromMilliseconds(500);
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, CellTimeout = limit });
        Assert.Equal((124, "Cell 2 ran longer than 0.5 s and was stopped."), (result.ExitCode, result.Message));
        Assert.Equal(CellRunStatus.TimedOut, Assert.Single(result.Cells).Status);
        var saved = NotebookDocument.Load(result.OutputPath!);
        Assert.Equal("error", (string?)Assert.Single(saved.Cells[1].Outputs)!["output_type"]);
        result = await _run.RunAsync(new RunOptions { NotebookPath = path, TotalTimeout = limit, CellTimeout = TimeSpan.FromHours(1) });
        Assert.Equal((124, "The run took longer than 0.5 s; cell 2 was stopped."), (result.ExitCode, result.Message));

        // An allowed error is no leave to run without end.
        result = await _run.RunAsync(new RunOptions { NotebookPath = path, CellTimeout = limit, AllowErrors = true });
        Assert.Equal(124, result.ExitCode);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunOptions { NotebookPath = path, CellTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new RunOptions { NotebookPath = path, TotalTimeout = TimeSpan.FromDays(25) });
    }

    [Fact]
    public async Task A_cancelled_run_saves_what_it_has()
    {
        var path = _run.Notebook("var x = 1; x", "System.IO.File.WriteAllText(\"here\", \"\"); await Task.Delay(-1);", "3");
        using var cancel = new CancellationTokenSource();
        var running = _run.RunAsync(new RunOptions { NotebookPath = path }, cancel.Token);
        while (!File.Exists(_run.Folder.File("here")) && !running.IsCompleted)
        {
            await Task.Delay(20);
        }

        await cancel.CancelAsync();
        var result = await running;
        Assert.Equal((130, "The run was cancelled in cell 3."), (result.ExitCode, result.Message));
        Assert.Equal([CellRunStatus.Ok, CellRunStatus.Cancelled], result.Cells.Select(c => c.Status));
        Assert.Equal("1", RunnerFixture.Text(NotebookDocument.Load(result.OutputPath!).Cells[1]));
    }

    [Fact]
    public async Task Bad_input_is_2_and_saves_nothing()
    {
        var path = _run.Notebook("1");
        var python = _run.Folder.Write("py.ipynb", """{"nbformat":4,"cells":[],"metadata":{"language_info":{"name":"python"}}}""");
        var before = Directory.GetFileSystemEntries(_run.Folder.Path).Order();
        foreach (var (options, expected) in new (RunOptions, string)[]
        {
            (new() { NotebookPath = _run.Folder.File("none.ipynb") }, "There is no notebook"),
            (new() { NotebookPath = _run.Folder.Path }, "There is no notebook"),
            (new() { NotebookPath = python }, "notebook in python, not C#"),
            (new() { NotebookPath = path, WorkingFolder = _run.Folder.File("nowhere") }, "There is no folder"),
            (new() { NotebookPath = path, OutputPath = _run.Folder.Path }, "it is a folder"),
            (new() { NotebookPath = path, ParametersFile = _run.Folder.File("no.yaml") }, "cannot be read"),
            (new() { NotebookPath = path, OutputPath = Path.Combine(path, "below", "out.ipynb") }, "cannot be saved"),
        })
        {
            var result = await _run.RunAsync(options);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(expected, result.Message);
            Assert.Null(result.OutputPath);
        }

        Assert.Empty(_run.Heard);
        Assert.Equal(before, Directory.GetFileSystemEntries(_run.Folder.Path).Order());
    }

    [Fact]
    public async Task The_output_may_lie_in_a_folder_that_does_not_exist_and_cells_elsewhere()
    {
        var elsewhere = Directory.CreateDirectory(_run.Folder.File("else")).FullName;
        var output = _run.Folder.File("a/b/out.ipynb");
        var result = await _run.RunAsync(new RunOptions
        {
            NotebookPath = _run.Notebook("System.IO.Directory.GetCurrentDirectory()", "Beamline.Compute.RunContext.Current.MemoryLimitBytes"),
            OutputPath = output,
            WorkingFolder = elsewhere,
            MemoryLimitBytes = 1 << 30,
            Device = Device.Cpu,
        });
        Assert.Equal((0, output), (result.ExitCode, result.OutputPath));
        var saved = NotebookDocument.Load(output);
        Assert.Equal((elsewhere, "1073741824"), (RunnerFixture.Text(saved.Cells[1]), RunnerFixture.Text(saved.Cells[2])));
    }
}
