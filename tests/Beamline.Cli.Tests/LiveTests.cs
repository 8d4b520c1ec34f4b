using System.Diagnostics;

namespace Beamline.Cli.Tests;

/// <summary>The display of a job as Jupyter's own runner saves it, with the real program as its kernel.</summary>
public sealed class LiveTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public async Task Nbclient_and_nbconvert_keep_one_output_for_a_job_with_its_final_content()
    {
        Assert.SkipUnless(File.Exists(Python), "python3-nbclient is not installed: sudo apt-get install python3-nbclient python3-nbconvert");
        string[] arguments = ["-W", "ignore", Path.Combine(AppContext.BaseDirectory, "python", "live_test.py"), Path.Combine(AppContext.BaseDirectory, "beamline.dll")];
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        var said = await errors;
        Assert.SkipWhen(said.Contains("ModuleNotFoundError", StringComparison.Ordinal), "python3-nbclient or python3-nbconvert is not installed.");
        Assert.True(process.ExitCode == 0, text + said);
    }
}
