using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary>Notebooks run by Debian's ipykernel, and by kernels that misbehave.</summary>
[Collection(nameof(RunnerCollection))]
public sealed class OtherKernelTests : IDisposable
{
    private readonly RunnerFixture _run = new();
    private readonly string? _path = Environment.GetEnvironmentVariable("JUPYTER_PATH");

    public OtherKernelTests() => Environment.SetEnvironmentVariable("JUPYTER_PATH", _run.Folder.File("jupyter"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("JUPYTER_PATH", _path);
        _run.Dispose();
    }

    [Fact]
    public async Task Python_runs_with_parameters_environment_and_all_kinds_of_outputs()
    {
        await JupyterPython.RequireAsync("ipykernel");
        var path = _run.Notebook(
            "n = 1; names = []; text = None",
            "import os, sys\nprint(n + 1, names, text)\nprint('e', file=sys.stderr)\nos.environ['BEAMLINE_TEST'], os.getcwd()",
            "from IPython.display import display, HTML, clear_output\nh = display(HTML('<b>1</b>'), display_id=True)\nprint('gone'); clear_output(wait=True); print('kept')",
            "d = display(HTML('a'), display_id=True)", "d.update(HTML('b'))",
            "1 / 0", "'after'");
        RunnerFixture.Tag(path, 1, "parameters");
        RunnerFixture.Tag(path, 6, "raises-exception");
        var result = await _run.RunAsync(new RunOptions
        {
            NotebookPath = path, KernelName = "Python3", Parameters = ["n=41", "names=[a, 2, \"3\"]", "text=a \"b\"\\ 😀"],
            KernelEnvironment = new Dictionary<string, string?> { ["BEAMLINE_TEST"] = "set" },
        });
        Assert.True(result.ExitCode == 0, result.Message);
        var cells = NotebookDocument.Load(result.OutputPath!).Cells;
        Assert.Equal("injected-parameters", Assert.Single(cells[2].Tags));
        Assert.Equal("42 ['a', 2, '3'] a \"b\"\\ 😀\n", (string?)cells[3].Outputs[0]!["text"]);
        Assert.Equal(("stderr", "e\n"), ((string?)cells[3].Outputs[1]!["name"], (string?)cells[3].Outputs[1]!["text"]));
        Assert.Equal($"('set', '{_run.Folder.Path}')", RunnerFixture.Text(cells[3]));
        Assert.Equal("kept\n", (string?)Assert.Single(cells[4].Outputs)!["text"]);
        Assert.Equal("b", (string?)cells[5].Outputs[0]!["data"]!["text/html"]);
        Assert.Equal("ZeroDivisionError", (string?)cells[7].Outputs[0]!["ename"]);
        Assert.Equal("'after'", RunnerFixture.Text(cells[8]));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], cells.Skip(1).Select(c => c.ExecutionCount!.Value));
        Assert.Equal(("python3", "python"), ((string?)result.Document!.Metadata["kernelspec"]!["name"], (string?)result.Document.Metadata["language_info"]!["name"]));
        await JupyterPython.ValidateAsync(result.OutputPath!);
        Assert.Null(Environment.GetEnvironmentVariable("BEAMLINE_TEST"));
    }

    [Fact]
    public async Task A_cell_out_of_time_is_interrupted_and_one_that_will_not_stop_is_ended()
    {
        await JupyterPython.RequireAsync("ipykernel");
        var path = _run.Notebook("print('in', flush=True)\nimport time; time.sleep(100)", "1");
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, KernelName = "python3", CellTimeout = TimeSpan.FromSeconds(3) });
        Assert.Equal((124, "Cell 2 ran longer than 3 s and was stopped."), (result.ExitCode, result.Message));
        var outputs = NotebookDocument.Load(result.OutputPath!).Cells[1].Outputs;
        Assert.Equal(("in\n", "KeyboardInterrupt"), ((string?)outputs[0]!["text"], (string?)outputs[^1]!["ename"]));

        path = _run.Notebook("import time, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: time.sleep(1)");
        result = await _run.RunAsync(new RunOptions { NotebookPath = path, KernelName = "python3", CellTimeout = TimeSpan.FromSeconds(3) });
        Assert.Equal(124, result.ExitCode);
        Assert.Contains("did not stop when it was interrupted and was ended", NotebookDocument.Load(result.OutputPath!).ToJson());
    }

    [Fact]
    public async Task A_kernel_that_dies_in_a_cell_is_told_with_what_it_wrote_and_all_is_saved()
    {
        await JupyterPython.RequireAsync("ipykernel");
        var path = _run.Notebook("print('before')", "import os, sys\nos.write(2, b'last words\\n')\nos._exit(7)", "'after'");
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, KernelName = "python3", AllowErrors = true });
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("The kernel 'python3' died. It ended with code 7", result.Message);
        var saved = NotebookDocument.Load(result.OutputPath!);
        Assert.Equal("before\n", (string?)saved.Cells[1].Outputs[0]!["text"]);
        Assert.Equal("DeadKernelError", (string?)saved.Cells[2].Outputs[^1]!["ename"]);
        Assert.Empty(saved.Cells[3].Outputs);
    }

    [Fact]
    public async Task Kernels_that_cannot_be_used_say_why()
    {
        var path = _run.Notebook("1");
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        Install("dies", python, "-c", "import sys; sys.stderr.write('no such module\\n'); sys.exit(3)", "{connection_file}");
        Install("silent", python, "-c", "import time; time.sleep(100)", "{connection_file}");
        Install("noprogram", "/nowhere/python", "{connection_file}");
        Install("noconnection", python);
        Directory.CreateDirectory(_run.Folder.File("jupyter/kernels/broken"));
        await File.WriteAllTextAsync(_run.Folder.File("jupyter/kernels/broken/kernel.json"), "{");
        foreach (var (name, expected) in new (string, string[])[]
        {
            ("dise", ["There is no kernel 'dise'. Did you mean dies?", "Installed: ", "silent"]),
            ("dies", ["The kernel 'dies' ended before it answered. It ended with code 3 and wrote last:\nno such module"]),
            ("silent", ["The kernel 'silent' did not answer within 2 s. It still runs and wrote nothing."]),
            ("noprogram", ["The kernel 'noprogram' cannot be started: /nowhere/python"]),
            ("noconnection", ["lacks {connection_file}"]),
            ("broken", ["is not a kernel specification"]),
        })
        {
            var result = await _run.RunAsync(new RunOptions { NotebookPath = path, KernelName = name, KernelStartTimeout = TimeSpan.FromSeconds(name == "silent" ? 2 : 60) });
            Assert.Equal(2, result.ExitCode);
            Assert.All(expected, e => Assert.Contains(e, result.Message));
        }

        Assert.Empty(_run.Heard);
        var notes = await _run.RunAsync(new RunOptions { NotebookPath = _run.Folder.Write("py.ipynb",
            """{"nbformat":4,"cells":[],"metadata":{"kernelspec":{"name":"python3","language":"python","display_name":"Python 3"}}}""") });
        Assert.EndsWith("Here: add --kernel python3.", notes.Message);
    }

    [Fact]
    public void The_connection_file_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("File modes are of Unix.");
            return;
        }

        Install("cat", "/bin/sh", "-c", "sleep 60", "{connection_file}");
        var before = Directory.GetDirectories(Path.GetTempPath(), "beamline-kernel-*").ToHashSet();
        using var process = KernelProcess.Start(InstalledKernel.Find("cat"), _run.Folder.Path, new Dictionary<string, string?>());
        var folder = Directory.GetDirectories(Path.GetTempPath(), "beamline-kernel-*").Single(f => !before.Contains(f) && File.Exists(Path.Combine(f, "connection.json")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "connection.json")));
        var connection = ConnectionInfo.Load(Path.Combine(folder, "connection.json"));
        Assert.Equal(process.Connection, connection);
        Assert.True(connection.Key.Length >= 32);
        process.Kill();
        process.Dispose();
        Assert.False(Directory.Exists(folder));
        Directory.CreateDirectory(folder); // for the second Dispose of 'using'
    }

    [Theory]
    [InlineData("a-b", "1")]
    [InlineData("", "1")]
    public async Task A_name_that_python_cannot_have_is_refused(string name, string value)
    {
        Install("x", "/bin/true", "{connection_file}");
        var result = await _run.RunAsync(new RunOptions { NotebookPath = _run.Notebook("1"), KernelName = "x", Parameters = [$"{name}={value}"] });
        Assert.Equal(2, result.ExitCode);
    }

    private void Install(string name, params string[] command)
    {
        Directory.CreateDirectory(_run.Folder.File($"jupyter/kernels/{name}"));
        File.WriteAllText(_run.Folder.File($"jupyter/kernels/{name}/kernel.json"), new JsonObject
        {
            ["argv"] = new JsonArray([.. command.Select(c => JsonValue.Create(c))]), ["display_name"] = name, ["language"] = "python",
        }.ToJsonString());
    }
}
