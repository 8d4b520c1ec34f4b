using System.Globalization;

namespace Beamline.Remote.Slurm;

/// <summary>Runs programs on a login node. One connection is kept open and shared, so that a command costs no new login.</summary>
/// <param name="via">The machine.</param>
/// <param name="folder">A folder of the user for the socket of the shared connection.</param>
internal sealed class SshHost(SlurmVia via, string folder) : ICommandHost
{
    // Longer paths do not fit into the address of a unix socket; ssh adds a name of 17 letters while it makes one.
    private const int LongestSocket = 107 - 17;

    private readonly LocalHost _local = new();
    private readonly string[] _ssh = Words(via, folder);

    public string Name => via.Host!;

    public async Task<CommandResult> RunAsync(
        IReadOnlyList<string> words, Func<Stream, CancellationToken, Task>? input, Stream? output, CancellationToken cancellationToken)
    {
        // ssh joins its words with blanks and gives them to the login shell, whichever that is: it only has to take one quoted word.
        var command = "exec /bin/sh -c " + Shell.Quote("exec " + Shell.Quote(words));
        var result = await _local.RunAsync([.. _ssh, command], input, output, cancellationToken).ConfigureAwait(false);
        return result.ExitCode switch
        {
            255 => throw new EndpointException(
                $"{via.Host} cannot be reached by ssh: {LastLine(result.Error)} Try 'ssh {via.Host} true' in a terminal: it must work without a password (a key in ssh-agent).")
            {
                IsUnreachable = true,
            },
            127 when result.Error.EndsWith("there is no such program here", StringComparison.Ordinal) =>
                throw new EndpointException($"The program {via.Program} is not here. Install OpenSSH's client, or say in the field via.program where it is."),
            _ => result,
        };
    }

    private static string[] Words(SlurmVia via, string folder)
    {
        var words = new List<string> { via.Program, "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3" };
        var socket = Path.Combine(folder, "%C");
        if (folder.Length + 41 <= LongestSocket)
        {
            words.AddRange(["-o", "ControlMaster=auto", "-o", $"ControlPath={socket}", "-o", "ControlPersist=120"]);
        }

        if (via.Config is { } config)
        {
            words.AddRange(["-F", config]);
        }

        if (via.Port > 0)
        {
            words.AddRange(["-p", via.Port.ToString(CultureInfo.InvariantCulture)]);
        }

        if (via.User is { } user)
        {
            words.AddRange(["-l", user]);
        }

        return [.. words, "--", via.Host!];
    }

    private static string LastLine(string text) => text.Split('\n')[^1].Trim() is { Length: > 0 } line ? line.TrimEnd('.') + "." : "it said nothing.";
}
