using System.CommandLine;
using System.Runtime.InteropServices;
using Beamline.Endpoint;
using Beamline.Remote;

namespace Beamline.Cli.Commands;

/// <summary><c>beamline endpoint serve</c>: the service in this process, for 'start', systemd and containers.</summary>
internal static class EndpointServe
{
    internal static Command Create()
    {
        var folder = EndpointCommand.FolderOption();
        var options = new EndpointServeOptions();
        var command = new Command("serve", "Be the service, until SIGTERM or Ctrl-C; 'start' calls this.") { folder };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => EndpointCommand.GuardedAsync("serve", async () =>
        {
            try
            {
                return await RunAsync(options.Read(parsed, EndpointCommand.Folder(parsed.GetValue(folder))), cancellation).ConfigureAwait(false);
            }
            catch (ServiceRunsException e)
            {
                await Console.Error.WriteLineAsync($"beamline endpoint serve: {e.Message}").ConfigureAwait(false);
                return EndpointDaemon.RunsAlready;
            }
        }));
        return command;
    }

    private static async Task<int> RunAsync(ServiceOptions options, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            end.Cancel();
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        // A terminal that closes does not end a service.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true);
        await using var service = await EndpointService.StartAsync(options, null, cancellation).ConfigureAwait(false);
        Console.WriteLine($"{DateTimeOffset.UtcNow:u} the endpoint '{options.Name}' listens on {service.Address.Text} (process {Environment.ProcessId}, Beamline {BeamlineProgram.Version})");
        await service.WaitAsync(end.Token).ConfigureAwait(false);
        Console.WriteLine($"{DateTimeOffset.UtcNow:u} the endpoint '{options.Name}' ends");
        return 0;
    }
}
