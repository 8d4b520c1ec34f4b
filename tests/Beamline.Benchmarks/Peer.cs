using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Beamline.Benchmarks;

/// <summary>Runs the Python scripts that measure other packages in the same run.</summary>
internal static class Peer
{
    private static readonly string[] Pythons = ["/usr/bin/python3", "python3", "python"];

    /// <summary>The JSON that a script prints, or why there is none.</summary>
    internal static (JsonObject? Answer, string Reason) Run(string script, params string[] arguments)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "peers", script);
        var reason = "no Python found";
        foreach (var python in Pythons)
        {
            try
            {
                var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true };
                start.ArgumentList.Add(path);
                foreach (var argument in arguments)
                {
                    start.ArgumentList.Add(argument);
                }

                using var process = Process.Start(start)!;
                var errors = process.StandardError.ReadToEndAsync();
                var answer = process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode == 0)
                {
                    return (JsonNode.Parse(answer)!.AsObject(), "");
                }

                reason = errors.Result.Trim().Split('\n')[^1] + " (eng/install-test-tools installs what peers need)";
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // No such program: the next name may be there.
            }
        }

        return (null, reason);
    }
}
