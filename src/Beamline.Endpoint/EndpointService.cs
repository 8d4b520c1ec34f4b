using System.Net;
using Beamline.Remote;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Beamline.Endpoint;

/// <summary>The service of an endpoint: takes jobs over HTTP, and has workers run them.</summary>
internal sealed class EndpointService : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly NonceBook _nonces;
    private readonly RequestLimits _limits;
    private readonly WebApplication _app;
    private readonly ServiceParts _parts;
    private readonly ServiceOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private Task _housekeeping = Task.CompletedTask;
    private long _lastRequest = Environment.TickCount64;
    private bool _isStopped;

    private EndpointService(ServiceOptions options, FileStream held, IWorkerLauncher launcher)
    {
        (_options, _lock) = (options, held);
        var folder = options.Folder;
        _nonces = NonceBook.Open(folder.Nonces);
        _limits = new RequestLimits(options);
        var (book, store, policies) = (new JobBook(folder), new ArrayStore(folder.Store), new PolicySource(options));
        var scheduler = new JobScheduler(options, book, new WorkerPool(launcher, options), launcher, policies);
        var (submission, audit) = (new Submission(options, book, store, _nonces, policies), new AuditLog(folder.Audit));
        var housekeeper = new Housekeeper(options.Name, folder, book, store, audit, submission.Accepting);
        _parts = new ServiceParts(options, new TokenBook(folder.Tokens), audit, book, store, submission, scheduler, policies, housekeeper, _stopping.Token);
        _app = Build();
    }

    /// <summary>Where it listens.</summary>
    public EndpointAddress Address { get; private set; } = null!;

    /// <summary>What the routes work with.</summary>
    internal ServiceParts Parts => _parts;

    /// <summary>All that it answers.</summary>
    internal IEnumerable<Microsoft.AspNetCore.Http.Endpoint> Routes => ((IEndpointRouteBuilder)_app).DataSources.SelectMany(s => s.Endpoints);

    /// <summary>Starts the service.</summary>
    /// <param name="options">How it works.</param>
    /// <param name="launcher">What starts workers; null for programs.</param>
    /// <param name="cancellationToken">Stops starting.</param>
    /// <exception cref="EndpointException">Another one runs in the folder, or it cannot listen, or the policy is broken.</exception>
    public static async Task<EndpointService> StartAsync(ServiceOptions options, IWorkerLauncher? launcher, CancellationToken cancellationToken)
    {
        var folder = options.Folder;
        PrivateFile.CreateFolder(folder.Path);
        var held = ServiceLock.Take(folder);
        EndpointService? service = null;
        try
        {
            // A policy that cannot be read must be known now, not at the first job.
            if (new PolicySource(options).File is { } policy)
            {
                _ = EndpointPolicy.Load(policy);
            }

            service = new EndpointService(options, held, launcher ?? new ProcessWorkerLauncher(options));
            await service.ListenAsync(cancellationToken);
            return service;
        }
        catch (Exception e)
        {
            if (service is not null)
            {
                await service.DisposeAsync();
            }

            await held.DisposeAsync();
            throw e is IOException ? new EndpointException($"The endpoint cannot listen: {e.Message}", e) : e;
        }
    }

    /// <summary>Waits until the service is to end: by the token, or because nobody has used it for long.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(_options.IdleExit is { } idle && idle < TimeSpan.FromMinutes(1) ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromSeconds(20), cancellationToken)
                .ContinueWith(_ => { }, TaskScheduler.Default);
            var (queued, running) = _parts.Scheduler.Counts;
            if (queued + running > 0)
            {
                Interlocked.Exchange(ref _lastRequest, Environment.TickCount64);
            }
            else if (_options.IdleExit is { } limit && Environment.TickCount64 - Interlocked.Read(ref _lastRequest) > limit.TotalMilliseconds)
            {
                return;
            }
        }
    }

    /// <summary>Stops: idle workers end, and those at a job finish it; the next service finds how they ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        // Those who wait for something new get an empty answer now.
        await _stopping.CancelAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(soon.Token);
        await _housekeeping;
        await _parts.Scheduler.DisposeAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
        _nonces.Dispose();
        File.Delete(_options.Folder.Running);
        await _lock.DisposeAsync();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        var folder = _options.Folder;
        // Left by a service that was killed: whoever waits for this one must not take it for that one.
        File.Delete(folder.Running);
        WriteOwnToken();
        TrustOwnKey();
        _parts.Scheduler.Start();
        if (_options.Listen is null)
        {
            // Left by a service that was killed: the lock says that nobody listens there.
            File.Delete(folder.Socket());
        }

        await _app.StartAsync(cancellationToken);
        if (_options.Listen is { } listen)
        {
            var bound = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            Address = EndpointAddress.Parse($"{(listen.Certificate is null ? "http" : "https")}://{Host(listen.Address)}:{bound.Port}");
        }
        else
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder.Socket(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            Address = EndpointAddress.Parse("unix:" + folder.Socket());
        }

        _housekeeping = DailyPruning.RunAsync(_parts.Housekeeper, _parts.Policies, _options.FirstPruning, _stopping.Token);
        PrivateFile.Replace(folder.Running, JobJson.Write(new RunningService(Address.Text, Environment.ProcessId, _options.Name, DateTimeOffset.UtcNow)));
    }

    private static string Host(IPAddress address) => address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    /// <summary>The user whose endpoint it is has a token in a file of theirs; a new one when the old was revoked.</summary>
    private void WriteOwnToken()
    {
        var known = EndpointDaemon.OwnToken(_options.Folder);
        if (known is null || _parts.Tokens.Check(known).Verdict != TokenVerdict.Good)
        {
            var (text, _) = _parts.Tokens.Add(Environment.UserName, ["admin"], null);
            PrivateFile.Replace(_options.Folder.OwnToken, System.Text.Encoding.ASCII.GetBytes(text + "\n"));
        }
    }

    private void TrustOwnKey()
    {
        using var own = JobSigner.Open(_options.KeysFolder);
        TrustedKeys.Add(_options.Folder.Trust, [own.KeyId]);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = _options.Folder.Path });
        builder.Logging.ClearProviders();
        builder.Services.AddOpenApi("openapi", ApiDescription.Configure);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JobJson.Options.PropertyNamingPolicy;
            foreach (var converter in JobJson.Options.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });
        builder.WebHost.ConfigureKestrel(Configure);
        // The program itself decides when to end, and not the host by its own handlers of signals.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.Use((context, next) =>
        {
            Interlocked.Exchange(ref _lastRequest, Environment.TickCount64);
            return next(context);
        });
        app.UseMiddleware<Problems>(_parts.Audit, _parts.Housekeeper);
        app.UseRouting();
        app.UseMiddleware<BearerAccess>(_parts.Tokens, _limits);
        app.MapOpenApi("/v1/{documentName}.json").WithMetadata(new ForAll());
        foreach (var map in (Action<IEndpointRouteBuilder, ServiceParts>[])[InfoRoutes.Map, ArrayRoutes.Map, JobRoutes.Map, ResultRoutes.Map, TokenRoutes.Map, PruneRoutes.Map])
        {
            map(app, _parts);
        }

        return app;
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = _options.LargestJobBytes * 2L + (1 << 16);
        kestrel.Limits.MaxConcurrentConnections = 1000;
        // A slow sender is not cut off by its rate, only when it stands still.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1, TimeSpan.FromSeconds(30));
        kestrel.Limits.MinResponseDataRate = new MinDataRate(1, TimeSpan.FromSeconds(30));
        if (_options.Listen is { } listen)
        {
            kestrel.Listen(listen.Address, listen.Port, place =>
            {
                if (listen.Certificate is { } certificate)
                {
                    place.UseHttps(certificate);
                }
            });
        }
        else
        {
            PrivateFile.CreateFolder(Path.GetDirectoryName(_options.Folder.Socket())!);
            kestrel.ListenUnixSocket(_options.Folder.Socket());
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
