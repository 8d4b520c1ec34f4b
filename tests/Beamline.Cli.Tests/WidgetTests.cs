using System.Diagnostics;

namespace Beamline.Cli.Tests;

/// <summary>Widgets of a cell over the sockets of the real program, driven by Jupyter's own client.</summary>
public sealed class WidgetTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_slider_that_the_front_end_moves_runs_the_function_again_while_a_cell_runs()
    {
        Assert.SkipUnless(File.Exists(Python), "python3-jupyter-client is not installed: sudo apt-get install python3-jupyter-client");
        var start = new ProcessStartInfo(Python) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Root };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "python", "widgets_test.py"));
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "beamline.dll"));
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        var said = await errors;
        Assert.SkipWhen(said.Contains("ModuleNotFoundError", StringComparison.Ordinal), "python3-jupyter-client is not installed: sudo apt-get install python3-jupyter-client");
        Assert.True(process.ExitCode == 0, text + said);
    }
}
