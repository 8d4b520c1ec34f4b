using Beamline.Endpoint;

namespace Beamline.Endpoint.Tests;

/// <summary>A service in this process, with workers that are doubles.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    private Service(TemporaryFolder home, ServiceOptions options, EndpointService running) => (Home, Options, Running) = (home, options, running);

    public TemporaryFolder Home { get; }

    public ServiceOptions Options { get; }

    public EndpointService Running { get; private set; }

    public ServiceFolder Folder => Options.Folder;

    /// <summary>Of the user whose endpoint it is; may do all.</summary>
    public string OwnToken => EndpointDaemon.OwnToken(Folder)!;

    public static IReadOnlyList<string> Double { get; } = ["/usr/bin/python3", "-S", Path.Combine(AppContext.BaseDirectory, "python", "worker.py")];

    public static string Keys(TemporaryFolder home) => home.File("keys");

    public static async Task<Service> StartAsync(Func<ServiceOptions, ServiceOptions>? change = null, TemporaryFolder? home = null, string? folder = null)
    {
        home ??= new TemporaryFolder();
        var options = new ServiceOptions(new ServiceFolder(folder ?? home.File("local")))
        {
            Concurrency = 2,
            Grace = TimeSpan.FromSeconds(0.5),
            CancelPatience = TimeSpan.FromSeconds(0.5),
            WorkerCommand = Double,
            KeysFolder = Keys(home),
            ReservedBytes = 0,
        };
        options = change?.Invoke(options) ?? options;
        return new Service(home, options, await EndpointService.StartAsync(options, null, TestContext.Current.CancellationToken));
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync(o => o);
    }

    public ValueTask StopAsync() => Running.DisposeAsync();

    public async Task StartAgainAsync(Func<ServiceOptions, ServiceOptions> change) =>
        Running = await EndpointService.StartAsync(change(Options), null, TestContext.Current.CancellationToken);

    /// <summary>A sender; with the owner's token when none is given.</summary>
    public HttpEndpointConnection Connect(string? token = null, EndpointAddress? address = null)
    {
        var connection = new HttpEndpointConnection("test", new HttpEndpointOptions(address ?? Running.Address, token ?? OwnToken));
        _open.Add(connection);
        return connection;
    }

    public string NewToken(string user, params string[] scopes) => Running.Parts.Tokens.Add(user, scopes.Length == 0 ? ["submit", "read"] : scopes, null).Text;

    public SignedJob Sign(JobDescription job)
    {
        using var signer = JobSigner.Open(Keys(Home));
        return signer.Sign(job);
    }

    /// <summary>Sends a job of the double, and returns its name.</summary>
    public async Task<string> SendAsync(IEndpointConnection connection, string source, Func<JobDescription, JobDescription>? change = null)
    {
        var job = Jobs.Of(source);
        job = change?.Invoke(job) ?? job;
        await connection.SubmitAsync(Sign(job), Jobs.NoArrays, null, TestContext.Current.CancellationToken);
        return job.Id;
    }

    public RawClient Raw(string? token = null) => new(Running.Address, token ?? OwnToken);

    public IReadOnlyList<AuditLine> Audit() => Running.Parts.Audit.Last(1000);

    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open)
        {
            await open.DisposeAsync();
        }

        // Workers at a job would write into the folder that is about to go.
        foreach (var job in Running.Parts.Book.All.Where(j => !j.Status.IsFinal).ToArray())
        {
            Running.Parts.Scheduler.Cancel(job);
            await Jobs.UntilAsync(() => job.Status.IsFinal);
        }

        await Running.DisposeAsync();
        Home.Dispose();
    }
}
