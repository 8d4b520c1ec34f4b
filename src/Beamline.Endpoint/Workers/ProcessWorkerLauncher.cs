using System.Diagnostics;
using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Workers as programs: 'beamline worker --serve', each in a session of its own.</summary>
internal sealed class ProcessWorkerLauncher(ServiceOptions options) : IWorkerLauncher
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A worker is the first that the kernel ends when memory runs out, not the service; it leaves no core file; and what it
    /// says outside of jobs goes to a file, which stays when the service is gone.
    /// </summary>
    private const string Script = "umask 077; ulimit -c 0; { echo 500 >/proc/self/oom_score_adj; } 2>/dev/null; exec setsid \"$@\" 2>>\"$0\"";

    public async Task<IWorker> StartAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new EndpointException("The endpoint's service runs jobs on Linux only: it ends workers with all their children by sessions.");
        }

        var folder = options.Folder;
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
        };
        var policy = options.PolicyFile ?? (File.Exists(folder.Policy) ? folder.Policy : null);
        string[] rules = policy is null ? [] : ["--policy", policy];
        string[] trust = File.Exists(folder.Trust) ? ["--trust", folder.Trust] : [];
        foreach (var argument in (string[])
            ["-c", Script, folder.WorkerLog, .. options.WorkerCommand ?? [.. BeamlineProgram.Command(), "worker"], "--serve", "--store", folder.Store, .. trust, .. rules])
        {
            start.ArgumentList.Add(argument);
        }

        // A worker must not find the token by looking around in its own surroundings.
        start.Environment.Remove("BEAMLINE_TOKEN");
        var process = Process.Start(start)!;
        var worker = new ServedWorker(process, folder.WorkerLog);
        try
        {
            await worker.ReadyAsync(LongestStart, cancellationToken);
            return worker;
        }
        catch
        {
            worker.Kill();
            await worker.DisposeAsync();
            throw;
        }
    }

    public IWorker? Adopt(WorkerTrace trace) => ProcessFacts.IsAlive(trace) ? new AdoptedWorker(trace) : null;
}
