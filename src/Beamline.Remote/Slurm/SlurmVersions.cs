using System.Text;

namespace Beamline.Remote.Slurm;

/// <summary>Which Beamline and which runtime jobs will find.</summary>
internal sealed class SlurmVersions(SlurmSettings settings, ICommandHost? host)
{
    /// <summary>The words that start Beamline on a node.</summary>
    public static IReadOnlyList<string> Command(SlurmSettings settings)
    {
        if (settings.BeamlineCommand is { } command)
        {
            return command;
        }

        // $BEAMLINE_PROGRAM for tests, whose own program is another one.
        var program = Environment.GetEnvironmentVariable("BEAMLINE_PROGRAM") is { Length: > 0 } given ? given : Path.Combine(AppContext.BaseDirectory, "beamline.dll");
        if (!File.Exists(program))
        {
            throw new EndpointException($"Nobody knows how a node starts Beamline: there is no {program} here. Give the field beamlineCommand, for instance [\"dotnet\", \"/shared/beamline/beamline.dll\"].");
        }

        return [Dotnet(), program];
    }

    /// <summary>Version of Beamline and of the runtime.</summary>
    public async Task<(string Beamline, string Runtime)> AskAsync(CancellationToken cancellationToken)
    {
        if (host is null || settings.BeamlineCommand is null)
        {
            return (Own, Environment.Version.ToString());
        }

        var command = settings.BeamlineCommand;
        var script = new StringBuilder();
        foreach (var line in settings.Prologue)
        {
            // Standard output is for the answers.
            script.Append(line).Append(" >&2; ");
        }

        script.Append(Shell.Quote(command)).Append(" --version && ").Append(Shell.Quote(command[0])).Append(" --list-runtimes");
        var result = await host.RunAsync(["/bin/bash", "-lc", script.ToString()], null, null, cancellationToken).ConfigureAwait(false);
        var lines = result.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 0 || result.ExitCode is 126 or 127)
        {
            throw new EndpointException(
                $"Beamline does not start on {host.Name}: {(result.Error.Length > 0 ? result.Error.Split('\n')[^1] : $"exit code {result.ExitCode}")}. Check the fields beamlineCommand and prologue of the endpoint's file.");
        }

        var newest = lines.Skip(1).Select(l => l.Split(' ')).Where(w => w is ["Microsoft.NETCore.App", _, ..])
            .Select(w => Version.TryParse(w[1].Split('-')[0], out var version) ? version : new Version()).Where(v => v.Major == Environment.Version.Major).Max();
        // A program of its own has its runtime within: the same as its version says.
        return (lines[0].Split('+')[0], newest?.ToString() ?? Environment.Version.ToString());
    }

    private static string Own => typeof(SlurmVersions).Assembly.GetName().Version?.ToString(3) ?? "";

    private static string Dotnet()
    {
        if (Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet")
        {
            return path;
        }

        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } given ? given
            : Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var dotnet = Path.Combine(root, "dotnet");
        return File.Exists(dotnet) ? dotnet : "dotnet";
    }
}
