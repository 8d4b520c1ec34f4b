using System.Runtime.InteropServices;
using Xunit.MicrosoftTestingPlatform;

namespace Beamline.Endpoint.Tests;

/// <summary>Runs tests; with the arguments of 'beamline endpoint serve' it is that service.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is not ["endpoint", "serve", "--folder", var folder, ..])
        {
            return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }

        // The grace is short where doubles are told to end.
        var options = new ServiceOptions(new ServiceFolder(folder))
        {
            Concurrency = 2,
            WorkerCommand = Service.Double,
            Grace = TimeSpan.FromSeconds(0.5),
            CancelPatience = TimeSpan.FromSeconds(0.5),
        };
        using var end = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            end.Cancel();
        });
        try
        {
            await using var service = await EndpointService.StartAsync(options, null, end.Token);
            await service.WaitAsync(end.Token);
            return 0;
        }
        catch (ServiceRunsException)
        {
            return EndpointDaemon.RunsAlready;
        }
    }
}
