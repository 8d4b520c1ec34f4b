using System.Diagnostics;
using System.Text;

namespace Beamline.Remote;

/// <summary>Starts the service of an endpoint as a process of its own that outlives whoever started it.</summary>
internal static class EndpointDaemon
{
    /// <summary>Exit code of a service that found another one in its folder.</summary>
    public const int RunsAlready = 4;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    /// <summary>The service that runs in a folder and answers, or null.</summary>
    public static async Task<(RunningService Service, EndpointInfo Info)?> FindAsync(ServiceFolder folder, CancellationToken cancellationToken)
    {
        if (Read(folder) is not { } service || OwnToken(folder) is not { } token)
        {
            return null;
        }

        try
        {
            await using var connection = new HttpEndpointConnection(
                service.Name, new HttpEndpointOptions(EndpointAddress.Parse(service.Address), token) { RetryFirst = TimeSpan.Zero });
            return (service, await connection.InfoAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (EndpointException)
        {
            return null;
        }
    }

    /// <summary>Starts the service unless it runs, and waits until it answers.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="arguments">More arguments for 'beamline endpoint serve'.</param>
    /// <param name="cancellationToken">Stops waiting; the service starts all the same.</param>
    /// <exception cref="EndpointException">It did not start: with what it said.</exception>
    public static async Task<(RunningService Service, EndpointInfo Info)> StartAsync(
        ServiceFolder folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (await FindAsync(folder, cancellationToken).ConfigureAwait(false) is { } running)
        {
            return running;
        }

        PrivateFile.CreateFolder(folder.Path);
        var logStart = File.Exists(folder.Log) ? new FileInfo(folder.Log).Length : 0;
        using var process = Spawn(folder, arguments);
        var since = Stopwatch.StartNew();
        while (true)
        {
            if (await FindAsync(folder, cancellationToken).ConfigureAwait(false) is { } found)
            {
                return found;
            }

            // Two senders at once both start one: the second service ends, and the first is as good.
            if (process.HasExited && process.ExitCode != RunsAlready)
            {
                throw new EndpointException($"The endpoint's service ended while it started (exit code {process.ExitCode}).{Said(folder, logStart)}");
            }

            if (since.Elapsed > LongestStart)
            {
                throw new EndpointException($"The endpoint's service does not answer after {LongestStart.TotalSeconds:0} s.{Said(folder, logStart)}");
            }

            await Task.Delay(10, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The service that should be running in a folder; null when none was started, or the last one ended in order.</summary>
    public static RunningService? Read(ServiceFolder folder)
    {
        try
        {
            return JobJson.Read<RunningService>(File.ReadAllBytes(folder.Running), folder.Running);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or EndpointException)
        {
            return null;
        }
    }

    public static string? OwnToken(ServiceFolder folder)
    {
        try
        {
            return File.ReadAllText(folder.OwnToken).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Process Spawn(ServiceFolder folder, IReadOnlyList<string> arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new EndpointException("The endpoint's service needs Linux or macOS: its workers are ended by groups of processes. Use WSL, or an endpoint of kind http.");
        }

        // A session of its own: Ctrl-C in the terminal, and Jupyter when it ends a kernel, reach whole groups of processes.
        string[] own = File.Exists("/usr/bin/setsid") ? ["setsid"] : [];
        var start = new ProcessStartInfo("/bin/sh") { WorkingDirectory = folder.Path };
        string[] script = ["-c", "umask 077; exec \"$@\" >>\"$0\" 2>&1 </dev/null", folder.Log];
        foreach (var argument in (string[])[.. script, .. own, .. BeamlineProgram.Command(), "endpoint", "serve", "--folder", folder.Path, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static string Said(ServiceFolder folder, long from)
    {
        try
        {
            using var log = new FileStream(folder.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            log.Position = Math.Max(from, log.Length - 2000);
            var text = new StreamReader(log, Encoding.UTF8).ReadToEnd().Trim();
            return text.Length == 0 ? $" It said nothing in {folder.Log}." : $" It said: {text} (from {folder.Log})";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
