using System.CommandLine;
using System.Diagnostics;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline endpoint start</c>: the service as a process that stays.</summary>
internal static class EndpointStart
{
    internal static Command Create()
    {
        var folder = EndpointCommand.FolderOption();
        var serve = new EndpointServeOptions();
        var command = new Command("start", "Start the service unless it runs, and wait until it answers. It stays when the terminal and the kernel are gone.") { folder };
        serve.AddTo(command);
        command.SetAction((parsed, cancellation) => EndpointCommand.GuardedAsync("start", async () =>
        {
            var since = Stopwatch.StartNew();
            var place = EndpointCommand.Folder(parsed.GetValue(folder));
            // Before the process is started: what is wrong with the options is said here.
            _ = serve.Read(parsed, place);
            var isOld = await EndpointDaemon.FindAsync(place, cancellation).ConfigureAwait(false) is not null;
            var (service, info) = await EndpointDaemon.StartAsync(place, serve.Arguments(parsed), cancellation).ConfigureAwait(false);
            Console.WriteLine(isOld
                ? $"The endpoint '{service.Name}' runs already: process {service.ProcessId}, {service.Address}"
                : $"The endpoint '{service.Name}' has started in {since.Elapsed.TotalSeconds:0.0} s: process {service.ProcessId}, {service.Address}");
            Console.WriteLine($"{info.Concurrency} job{(info.Concurrency == 1 ? "" : "s")} at a time; files and log in {place.Path}");
            return 0;
        }));
        return command;
    }
}
