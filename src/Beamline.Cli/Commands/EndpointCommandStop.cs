using System.CommandLine;
using System.Diagnostics;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline endpoint stop</c>.</summary>
internal static class EndpointStop
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    internal static Command Create()
    {
        var folder = EndpointCommand.FolderOption();
        var cancel = new Option<bool>("--cancel-jobs") { Description = "Cancel your jobs that wait or run. Without it running ones finish, and the next start goes on with the rest." };
        var command = new Command("stop", "End the service.") { folder, cancel };
        command.SetAction((parsed, cancellation) => EndpointCommand.GuardedAsync(
            "stop", () => RunAsync(EndpointCommand.Folder(parsed.GetValue(folder)), parsed.GetValue(cancel), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(ServiceFolder folder, bool cancelsJobs, CancellationToken cancellation)
    {
        if (await EndpointDaemon.FindAsync(folder, cancellation).ConfigureAwait(false) is not { } found)
        {
            Console.WriteLine("No endpoint runs here.");
            return 0;
        }

        if (cancelsJobs)
        {
            await CancelAllAsync(folder, cancellation).ConfigureAwait(false);
        }

        using var service = Find(found.Service.ProcessId);
        if (service is not null)
        {
            using var kill = Process.Start("/bin/kill", ["-TERM", $"{found.Service.ProcessId}"]);
            await kill.WaitForExitAsync(cancellation).ConfigureAwait(false);
            using var longest = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            longest.CancelAfter(Longest);
            try
            {
                await service.WaitForExitAsync(longest.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new EndpointException($"The service (process {found.Service.ProcessId}) does not end. 'kill -9 {found.Service.ProcessId}' ends it; its jobs go on, and the next start finds them.");
            }
        }

        var left = found.Info.Running + found.Info.Queued;
        Console.WriteLine(left == 0 || cancelsJobs
            ? $"The endpoint '{found.Service.Name}' has ended."
            : $"The endpoint '{found.Service.Name}' has ended. {found.Info.Running} running jobs finish by themselves; the next start goes on with the {found.Info.Queued} that wait.");
        return 0;
    }

    private static Process? Find(int processId)
    {
        try
        {
            return Process.GetProcessById(processId);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static async Task CancelAllAsync(ServiceFolder folder, CancellationToken cancellation)
    {
        await using var connection = await LocalEndpoint.ConnectAsync(folder, startIfNeeded: false, cancellation).ConfigureAwait(false);
        var open = new List<string>();
        foreach (var job in (await connection.ListAsync(cancellation).ConfigureAwait(false)).Where(j => !j.Status.IsFinal))
        {
            open.Add(job.Id);
            await connection.CancelAsync(job.Id, cancellation).ConfigureAwait(false);
        }

        // Their workers write how they ended while the service is still there to see it.
        foreach (var id in open)
        {
            var since = Stopwatch.StartNew();
            var state = await connection.StatusAsync(id, cancellation).ConfigureAwait(false);
            while (!state.IsFinal && since.Elapsed < Longest)
            {
                await Task.Delay(50, cancellation).ConfigureAwait(false);
                state = await connection.StatusAsync(id, cancellation).ConfigureAwait(false);
            }
        }
    }
}
