using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>OpenSSH's daemon on the loopback, for this user, with keys of its own.</summary>
internal sealed class RealSshd : IAsyncDisposable
{
    private readonly Process _process;

    private RealSshd(Process process, string config) => (_process, Config) = (process, config);

    /// <summary>A configuration of the client that knows it as emulated-login.</summary>
    public string Config { get; }

    /// <param name="folder">Gets its files.</param>
    /// <param name="variables">NAME=VALUE of who logs in, as a login node sets them for all.</param>
    public static async Task<RealSshd> StartAsync(TemporaryFolder folder, params string[] variables)
    {
        foreach (var key in new[] { "host", "user" })
        {
            var (code, _, error) = await SlurmCluster.StartAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", folder.File(key)]);
            Assert.True(code == 0, error);
        }

        // sshd will not start without this folder, which its package's service makes.
        Directory.CreateDirectory("/run/sshd");
        int port;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        File.Copy(folder.File("user.pub"), folder.File("authorized"));
        var settings = folder.Write("sshd_config", $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {folder.File("host")}
            AuthorizedKeysFile {folder.File("authorized")}
            PidFile none
            UsePAM no
            StrictModes no
            PasswordAuthentication no
            PermitRootLogin prohibit-password
            # The shell of this user may have a long profile, which it reads for a login only.
            SetEnv {string.Join(' ', variables.Prepend("SHLVL=3"))}
            """);
        var start = new ProcessStartInfo("/usr/sbin/sshd", ["-D", "-e", "-f", settings]) { RedirectStandardError = true };
        var process = Process.Start(start)!;
        while (await process.StandardError.ReadLineAsync() is { } line && !line.Contains("listening", StringComparison.Ordinal))
        {
            // What it says before it listens.
        }

        Assert.False(process.HasExited, "sshd did not start.");
        _ = process.StandardError.ReadToEndAsync();
        return new RealSshd(process, folder.Write("ssh_config", $"""
            Host emulated-login
              HostName 127.0.0.1
              Port {port}
              IdentityFile {folder.File("user")}
              IdentitiesOnly yes
              StrictHostKeyChecking no
              UserKnownHostsFile {folder.File("known")}
              LogLevel ERROR
            """));
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
