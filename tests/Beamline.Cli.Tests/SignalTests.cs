namespace Beamline.Cli.Tests;

/// <summary>Ctrl-C and what a batch system sends: the notebook is saved as far as it came.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT", "while (true) { }")]
    [InlineData("TERM", "while (true) { }")]
    [InlineData("INT", "await Task.Delay(-1);")]
    public async Task A_signal_saves_what_there_is(string signal, string endless)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals need Linux or macOS.");
        // The cell says by a file that it runs: its output is seen only when it ended.
        TestNotebook.Write(
            _folder["a.ipynb"], "Console.WriteLine(\"before\");",
            $"Console.WriteLine(\"in\");\nFile.WriteAllText(\"running\", \"\");\n{endless}", "Console.WriteLine(\"after\");");
        using var watcher = new FileSystemWatcher(_folder.Root, "running");
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => running.TrySetResult();
        watcher.EnableRaisingEvents = true;
        using var child = Child.Start(_folder.Root, null, "run", "a.ipynb", "--html", "a.html");
        await running.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        child.Signal(signal);
        child.WaitForEnd().ExitedWith(130).SaysInErrors("The run was cancelled in cell 2");
        Assert.Equal(["a.executed.ipynb", "a.html", "a.ipynb", "running"], _folder.Names);
        var done = TestNotebook.Read(_folder["a.executed.ipynb"]);
        Assert.Equal("before\n", TestNotebook.Text(done, 0));
        Assert.StartsWith("in\n", TestNotebook.Text(done, 1), StringComparison.Ordinal);
        Assert.NotNull(TestNotebook.Error(done, 1));
        Assert.Empty(TestNotebook.Outputs(done, 2));
    }
}
