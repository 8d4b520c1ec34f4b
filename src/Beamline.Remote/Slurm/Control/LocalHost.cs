using System.ComponentModel;
using System.Diagnostics;

namespace Beamline.Remote.Slurm;

/// <summary>Runs programs on this machine, in an environment without what an allocation of Slurm around this process set.</summary>
/// <param name="slurmConf">Value of SLURM_CONF; null for what this process has.</param>
internal sealed class LocalHost(string? slurmConf = null) : ICommandHost
{
    // A notebook may itself run in a job: its SLURM_NTASKS, SBATCH_PARTITION and so on must not become those of the new job.
    private static readonly HashSet<string> Kept =
        ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "TERM", "DOTNET_ROOT", "SLURM_CONF", "SLURM_JWT", "SSH_AUTH_SOCK", "XDG_RUNTIME_DIR", "KRB5CCNAME"];

    public string Name => "this machine";

    public async Task<CommandResult> RunAsync(
        IReadOnlyList<string> words, Func<Stream, CancellationToken, Task>? input, Stream? output, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var name in start.Environment.Keys.Where(n => !Kept.Contains(n)).ToList())
        {
            start.Environment.Remove(name);
        }

        if (slurmConf is not null)
        {
            start.Environment["SLURM_CONF"] = slurmConf;
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return new CommandResult(127, [], $"{words[0]}: there is no such program here");
        }

        try
        {
            var buffer = output is null ? new MemoryStream() : null;
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var copying = process.StandardOutput.BaseStream.CopyToAsync(output ?? buffer!, cancellationToken);
            try
            {
                if (input is not null)
                {
                    await input(process.StandardInput.BaseStream, cancellationToken).ConfigureAwait(false);
                }

                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading all; its exit code says why.
            }

            await copying.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new CommandResult(process.ExitCode, buffer?.ToArray() ?? [], (await error.ConfigureAwait(false)).Trim());
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // Ended by itself meanwhile.
        }
    }
}
