using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Beamline.Endpoint.Tests;

/// <summary>A service as a process of its own, as 'beamline endpoint start' makes it, with workers that are doubles.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    private Daemon()
    {
    }

    public TemporaryFolder Home { get; } = new();

    public ServiceFolder Folder => new(Home.File("local"));

    public RunningService Service { get; private set; } = null!;

    private static string Worker => Path.Combine(AppContext.BaseDirectory, "python", "worker.py");

    private static IReadOnlyList<string> Arguments => ["--worker", Worker, "--concurrency", "2"];

    /// <summary>Before any test: keys are made in a folder of the tests, not in the user's.</summary>
    [ModuleInitializer]
    internal static void KeepAway() =>
        Environment.SetEnvironmentVariable("BEAMLINE_HOME", Path.Combine(Path.GetTempPath(), $"beamline-endpoint-tests-{Environment.UserName}"));

    public static async Task<Daemon> StartAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Worker, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var daemon = new Daemon();
        await daemon.StartAgainAsync();
        return daemon;
    }

    public async Task StartAgainAsync() => (Service, _) = await EndpointDaemon.StartAsync(Folder, Arguments, TestContext.Current.CancellationToken);

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

    /// <summary>The program as a user starts it.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var command = BeamlineProgram.Command();
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), "endpoint", .. arguments, "--folder", Folder.Path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
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

        Home.Dispose();
    }
}
