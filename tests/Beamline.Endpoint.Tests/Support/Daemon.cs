using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Beamline.Endpoint.Tests;

/// <summary>A service as a process of its own, started as 'beamline endpoint start' does it, with workers that are doubles.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    private Daemon()
    {
    }

    public TemporaryFolder Home { get; } = new();

    public ServiceFolder Folder => new(Home.File("local"));

    public RunningService Service { get; set; } = null!;

    /// <summary>Before any test: keys are made in a folder of the tests, not in the user's.</summary>
    [ModuleInitializer]
    internal static void KeepAway()
    {
        Environment.SetEnvironmentVariable("BEAMLINE_HOME", Path.Combine(Path.GetTempPath(), $"beamline-endpoint-tests-{Environment.UserName}"));
        // The service is this program, whose workers are doubles.
        Environment.SetEnvironmentVariable("BEAMLINE_PROGRAM", typeof(Daemon).Assembly.Location);
    }

    public static async Task<Daemon> StartAsync()
    {
        var daemon = new Daemon();
        await daemon.StartAgainAsync();
        return daemon;
    }

    public async Task StartAgainAsync() => (Service, _) = await EndpointDaemon.StartAsync(Folder, [], TestContext.Current.CancellationToken);

    public async Task KillAsync()
    {
        using var process = Process.GetProcessById(Service.ProcessId);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<IEndpointConnection> ConnectAsync()
    {
        var connection = await LocalEndpoint.ConnectAsync(Folder, startIfNeeded: false, TestContext.Current.CancellationToken);
        _open.Add(connection);
        return connection;
    }

    public static async Task<string> SendAsync(IEndpointConnection connection, JobDescription job)
    {
        using var signer = JobSigner.Open();
        await connection.SubmitAsync(signer.Sign(job), Jobs.NoArrays, null, TestContext.Current.CancellationToken);
        return job.Id;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open)
        {
            await open.DisposeAsync();
        }

        if (ProcessFacts.Started(Service.ProcessId) is not null)
        {
            await KillAsync();
        }

        // Workers end when their input does, or when they have finished.
        foreach (var run in Directory.EnumerateFiles(Home.File("local/records")).Select(f => JobJson.Read<JobRecord>(File.ReadAllBytes(f), f)).SelectMany(r => r.Runs))
        {
            if (ProcessFacts.IsAlive(run.Worker))
            {
                ProcessFacts.SignalSession(run.Worker.ProcessId, ProcessFacts.Kill);
            }
        }

        // A worker that is just ending may still write a line into its log.
        await Jobs.UntilAsync(() =>
        {
            try
            {
                Home.Dispose();
                return true;
            }
            catch (IOException)
            {
                return !Directory.Exists(Home.Path);
            }
        });
    }
}
