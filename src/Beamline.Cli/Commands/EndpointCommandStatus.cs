using System.CommandLine;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline endpoint status</c>.</summary>
internal static class EndpointStatus
{
    /// <summary>Exit code when nothing answers, as services have it.</summary>
    private const int NotRunning = 3;

    internal static Command Create()
    {
        var folder = EndpointCommand.FolderOption();
        var command = new Command("status", "Say whether the service runs, and what it does; exit code 3 when it does not run.") { folder };
        command.SetAction((parsed, cancellation) => EndpointCommand.GuardedAsync("status", async () =>
        {
            var place = EndpointCommand.Folder(parsed.GetValue(folder));
            if (await EndpointDaemon.FindAsync(place, cancellation).ConfigureAwait(false) is not { } found)
            {
                Console.WriteLine(EndpointDaemon.Read(place) is { } old
                    ? $"The endpoint '{old.Name}' does not answer (it was process {old.ProcessId}, since {old.Started:u}). 'beamline endpoint start' starts it, and goes on with its jobs."
                    : "No endpoint runs here. 'beamline endpoint start' starts it.");
                return NotRunning;
            }

            var (service, info) = found;
            Console.WriteLine($"The endpoint '{service.Name}' runs: process {service.ProcessId}, since {service.Started:u}, {service.Address}");
            Console.WriteLine($"{info.Queued} jobs wait, {info.Running} run, {info.Concurrency} at a time; Beamline {info.Beamline}, .NET {info.Runtime}, {info.Rid}");
            Console.WriteLine(info.Gpus.Count > 0 ? $"GPUs: {string.Join(", ", info.Gpus)}" : "no GPU of NVIDIA");
            Console.WriteLine($"files and log in {place.Path}");
            return 0;
        }));
        return command;
    }
}
