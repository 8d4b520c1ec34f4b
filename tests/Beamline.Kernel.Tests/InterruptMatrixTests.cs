using System.Diagnostics;
using System.Globalization;
using Beamline.Kernel.TestHost;

namespace Beamline.Kernel.Tests;

/// <summary>Every way in which a cell can refuse to end, each in a process of its own: it could end by crashing.</summary>
public class InterruptMatrixTests
{
    public static TheoryData<string> Cases() => [.. InterruptCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_cell_is_answered_and_the_state_kept(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the cases call libc");
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Beamline.Kernel.TestHost.dll"), "interrupt", name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        var text = (await child.StandardOutput.ReadToEndAsync()).Trim();
        await child.WaitForExitAsync();
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {text}");
        Assert.True(child.ExitCode == 0, $"exit code {child.ExitCode}: {text}\n{await error}");

        // How fast it is, eng/interrupt-matrix measures; this only tells an answer from a hang.
        Assert.InRange(double.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture), 0, 30_000);

        // Only what no check and no wait can reach is left behind.
        Assert.Equal(name == "native sleep without end" ? "left" : "ended", text.Split(' ')[2]);
    }
}
