using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Beamline.Notebooks.Tests;

/// <summary>Notebooks that send cells get an endpoint of these tests' own: nothing of the user's is used, and it ends with them.</summary>
internal static class OwnEndpoint
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "beamline.dll");

    [ModuleInitializer]
    internal static void Begin()
    {
        var home = Directory.CreateTempSubdirectory("beamline-home-").FullName;
        Environment.SetEnvironmentVariable("BEAMLINE_HOME", home);
        Environment.SetEnvironmentVariable("BEAMLINE_PROGRAM", Program);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Directory.Exists(Path.Combine(home, "local")))
            {
                using var stop = Process.Start(new ProcessStartInfo("dotnet", [Program, "endpoint", "stop"]) { RedirectStandardOutput = true });
                stop?.WaitForExit(20_000);
            }

            Directory.Delete(home, recursive: true);
        };
    }
}
