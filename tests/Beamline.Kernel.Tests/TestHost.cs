using System.Diagnostics;

namespace Beamline.Kernel.Tests;

/// <summary>The process that runs a notebook outside of the tests' own.</summary>
internal static class TestHost
{
    /// <summary>Runs a notebook and fails with what the process wrote when it does not end well.</summary>
    public static async Task RunAsync(string path, string output)
    {
        using var child = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Beamline.Kernel.TestHost.dll"), "run", path, output]) { RedirectStandardError = true })!;
        var text = await child.StandardError.ReadToEndAsync();
        await child.WaitForExitAsync();
        Assert.True(child.ExitCode == 0, text);
    }
}
