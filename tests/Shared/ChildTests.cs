using System.Diagnostics;

namespace Beamline.Tests;

/// <summary>
/// Runs one test class of the calling test project once more, in a process with an environment variable set: what
/// vectors a process uses is fixed when it starts.
/// </summary>
internal static class ChildTests
{
    internal static async Task RunAsync(Type testClass, string variable, string value)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A notebook that runs in this process at the same time has taken it to a folder that may be gone.
            WorkingDirectory = AppContext.BaseDirectory,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(testClass.Assembly.Location);
        }

        foreach (var argument in (string[])["--filter-class", testClass.FullName!, "--no-ansi", "--progress", "off"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[variable] = value;
        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(child.ExitCode == 0, output + await errors);
        // Every test ran: a filter that found nothing would prove nothing.
        Assert.Contains("failed: 0", output);
        Assert.Contains("skipped: 0", output);
        Assert.DoesNotContain("total: 0", output);
    }
}
