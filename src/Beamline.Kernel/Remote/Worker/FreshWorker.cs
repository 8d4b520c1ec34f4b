using System.Diagnostics;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>
/// Runs a job in a process of its own, for a warm worker that has other versions of the job's packages loaded: a process holds one
/// version of a library, for ever.
/// </summary>
internal static class FreshWorker
{
    /// <summary>Whether this process can hold the packages of a job.</summary>
    public static bool IsNeeded(JobDescription job) => job.Packages.Any(p =>
        LibraryLoader.Packages.TryGetValue(p.Id, out var there) && !there.Version.Equals(p.Version, StringComparison.OrdinalIgnoreCase));

    /// <summary>Runs the job; a signal, a word to cancel and the job's mark reach it.</summary>
    /// <param name="options">How this worker was started.</param>
    /// <param name="folder">The job.</param>
    /// <param name="status">Says that the process crashed, should it.</param>
    /// <param name="stop">Stops the job.</param>
    /// <returns>How it ended.</returns>
    public static async Task<JobState> RunAsync(WorkerOptions options, JobFolder folder, JobStatusFile status, WorkerStop stop)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["BEAMLINE_ATTEMPT"] = $"{status.Attempt}";
        foreach (var argument in Arguments(options, folder))
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start)!;
        child.StandardInput.Close();
        _ = child.StandardOutput.ReadToEndAsync();
        await using var stopped = stop.Token.Register(() => Terminate(child, folder, stop)).ConfigureAwait(false);
        await child.WaitForExitAsync().ConfigureAwait(false);
        if (status.IsFinalThere)
        {
            return status.There!.State;
        }

        // A crash is told by the parent of a process, which this worker is.
        status.Crashed(child.ExitCode);
        return JobState.Crashed;
    }

    private static IEnumerable<string> Arguments(WorkerOptions options, JobFolder folder)
    {
        var program = Environment.GetCommandLineArgs()[0];
        string?[] all =
        [
            Path.GetFileNameWithoutExtension(Environment.ProcessPath) == Path.GetFileNameWithoutExtension(program) ? null : program,
            "worker", "--job", folder.Layout.Folder,
            .. options.Items is var (first, last) ? new[] { "--items", $"{first}-{last}" } : [],
            .. options.StoreFolder is { } store ? new[] { "--store", store } : [],
            .. options.User is { } user ? new[] { "--user", user } : [],
            .. options.PolicyFile is { } policy ? new[] { "--policy", policy } : [],
            .. options.NoTrust ? ["--no-trust"] : new[] { "--trust", options.TrustFile! },
        ];
        return all.OfType<string>();
    }

    private static void Terminate(Process child, JobFolder folder, WorkerStop stop)
    {
        if (stop.State == JobState.Cancelled)
        {
            folder.RequestCancel();
        }

        if (OperatingSystem.IsWindows())
        {
            child.Kill(entireProcessTree: true);
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", $"{child.Id}"]);
        kill.WaitForExit();
    }
}
