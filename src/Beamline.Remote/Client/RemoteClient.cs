using System.Collections.Concurrent;
using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>What a sender works with: its endpoints, its list of jobs, the lines to endpoints. One for each notebook session.</summary>
internal sealed class RemoteClient : IDisposable
{
    /// <summary>How long the end of a session waits for what endpoints are just being told.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private static readonly Lazy<RemoteClient> OfProcess = new(() => OfUser(Directory.GetCurrentDirectory(), null));

    private readonly ConcurrentDictionary<string, (EndpointFile File, IEndpointConnection Line)> _lines = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (EndpointInfo Info, DateTimeOffset At)> _infos = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _unsaid = new();
    private readonly Lock _gate = new();
    private readonly Func<EndpointFile, IEndpointConnection> _open;

    public RemoteClient(EndpointCatalog catalog, JobRegistry registry, IJobCodec codec, Func<EndpointFile, IEndpointConnection> open)
    {
        (Catalog, Registry, Codec, _open) = (catalog, registry, codec, open);
        Results = new ResultStore(this);
        Retries = new MapRetries(this);
    }

    /// <summary>The one of the notebook that the calling code runs in; that of the process outside of any.</summary>
    public static RemoteClient Current => NotebookHost.Current?.Shared(host => OfUser(Directory.GetCurrentDirectory(), host)) ?? OfProcess.Value;

    public EndpointCatalog Catalog { get; }

    public JobRegistry Registry { get; }

    public IJobCodec Codec { get; }

    public ResultStore Results { get; }

    public MapRetries Retries { get; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>What this sender is.</summary>
    public SenderVersion Version { get; init; } = SenderVersion.Own;

    /// <param name="notebookFolder">Folder of the notebook.</param>
    /// <param name="host">The notebook; null for none.</param>
    public static RemoteClient OfUser(string notebookFolder, INotebookHost? host) => new(
        new EndpointCatalog(UserFolder.Of("endpoints"), notebookFolder),
        new JobRegistry(UserFolder.Of("jobs")),
        new EnvelopeCodec(() => IValueCodecSource.Of(host), () => JobSigner.Open()),
        EndpointKinds.Open);

    /// <summary>The line to an endpoint. Kept until its file changes.</summary>
    /// <exception cref="EndpointException">There is no such endpoint, or its file is wrong.</exception>
    public IEndpointConnection Connect(string name)
    {
        var file = Catalog.Find(name);
        lock (_gate)
        {
            if (_lines.TryGetValue(name, out var known) && known.File.Path == file.Path &&
                System.Text.Json.Nodes.JsonNode.DeepEquals(known.File.Settings, file.Settings))
            {
                return known.Line;
            }

            _infos.TryRemove(name, out _);
            var line = _open(file);
            _lines[name] = (file, line);
            return line;
        }
    }

    /// <summary>What an endpoint says of itself; asked again when that is a minute old.</summary>
    public async Task<EndpointInfo> InfoAsync(string name, CancellationToken cancellationToken)
    {
        var connection = Connect(name);
        if (_infos.TryGetValue(name, out var known) && Clock.GetUtcNow() - known.At < TimeSpan.FromMinutes(1))
        {
            return known.Info;
        }

        var info = await connection.InfoAsync(cancellationToken).ConfigureAwait(false);
        _infos[name] = (info, Clock.GetUtcNow());
        return info;
    }

    /// <summary>A job of the user's by its number.</summary>
    /// <exception cref="EndpointException">There is none.</exception>
    public JobRecord Find(int number)
    {
        if (Registry.Find(number) is { } record)
        {
            return record;
        }

        var all = Registry.All();
        throw new EndpointException($"There is no job {number} of yours. " + (all.Count == 0
            ? "No job was sent from this account yet."
            : $"The newest: {string.Join(", ", all.Take(5).Select(j => j.Number))}. #!jobs --all lists all."));
    }

    /// <summary>Takes work that nobody waits for and that must be done before the process ends, for instance cancelling a job.</summary>
    /// <param name="work">The work; it does not fail.</param>
    public void Finish(Task work)
    {
        _unsaid[work] = true;
        _ = work.ContinueWith(done => _unsaid.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Waits for what endpoints are just being told.</summary>
    public void Dispose() => Task.WhenAll(_unsaid.Keys).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(LastWords);

    public JobFollower Follower(JobRecord record) => new(Registry, Connect(record.Endpoint), Clock);
}
