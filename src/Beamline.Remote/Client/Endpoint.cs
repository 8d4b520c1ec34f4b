using System.Runtime.CompilerServices;
using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>A place where cells run: another process, another machine, a cluster. <c>local</c> needs no set-up; docs/remote.md tells how to add others.</summary>
/// <example><code>
/// var cluster = Endpoint.Open("slurm");
/// var map = cluster.Map(angles, angle => Reconstruct(projections, angle));
/// await map.WaitAsync();
/// map.Results
/// </code></example>
public sealed class Endpoint
{
    private readonly RemoteClient _client;
    private readonly EndpointFile _file;

    private Endpoint(RemoteClient client, EndpointFile file) => (_client, _file) = (client, file);

    /// <summary>Its name.</summary>
    public string Name => _file.Name;

    /// <summary>local, http or slurm.</summary>
    public string Kind => _file.Kind;

    /// <summary>One line for people; empty for none.</summary>
    public string Description => _file.Text("description") ?? (_file.Path is null ? "a process of this machine; needs no set-up" : "");

    /// <summary>The file that describes it; null for the embedded one.</summary>
    public string? File => _file.Path;

    /// <summary>What it says of itself: asks it.</summary>
    /// <exception cref="EndpointException">It cannot be reached or refuses the user.</exception>
    public EndpointInfo Info => _client.InfoAsync(Name, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>Sends a small job and says how long each step took. It does not throw for what is wrong with the endpoint: the result says it.</summary>
    /// <param name="cancellationToken">Ends the trial.</param>
    public Task<EndpointTest> TestAsync(CancellationToken cancellationToken = default) => EndpointTest.RunAsync(_client, Name, cancellationToken);

    /// <summary>Removes jobs that ended long ago there, with their results, and arrays that none of those that are left needs.</summary>
    /// <param name="olderThan">How long ago they ended, from zero (all that have ended); null for what the endpoint's rules say: 30 days when they say nothing.</param>
    /// <param name="isTrial">Only says what would be removed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="EndpointException">It cannot be reached, or does not let the user do that.</exception>
    public Task<EndpointPruning> PruneAsync(TimeSpan? olderThan = null, bool isTrial = false, CancellationToken cancellationToken = default) =>
        _client.Connect(Name).PruneAsync(olderThan?.TotalDays, isTrial, cancellationToken);

    /// <summary>Finds an endpoint by its name. It is not asked yet.</summary>
    /// <param name="name">The name: "local", or that of a file in the folder of the user's endpoints or in .beamline/endpoints beside the notebook.</param>
    /// <exception cref="EndpointException">There is none of this name, or its file is wrong: names file, line and field.</exception>
    public static Endpoint Open(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var client = RemoteClient.Current;
        return new Endpoint(client, client.Catalog.Find(name));
    }

    /// <summary>All endpoints that can be named, with what is wrong with the files of those that cannot be used. None is asked.</summary>
    public static EndpointList List()
    {
        var client = RemoteClient.Current;
        return new EndpointList([.. client.Catalog.Names.Select(name =>
        {
            try
            {
                var file = client.Catalog.Find(name);
                return new EndpointListed(name, file.Kind, new Endpoint(client, file).Description, file.Path, null);
            }
            catch (EndpointException e)
            {
                return new EndpointListed(name, "", "", client.Catalog.PathOf(name), e.Message);
            }
        })]);
    }

    /// <summary>Runs a function once for each item there. Returns when the endpoint has accepted it.</summary>
    /// <typeparam name="TItem">Type of an item.</typeparam>
    /// <typeparam name="TResult">Type of a result; it must be able to travel.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="function">A lambda, written out in the call: its text travels, with the variables that it reads.</param>
    /// <param name="options">What the job asks for; null for what the endpoint's file says.</param>
    /// <param name="source">Text of the lambda: left to the compiler.</param>
    /// <returns>The results, which come one by one.</returns>
    /// <exception cref="EndpointException">It cannot be reached, or refuses the job.</exception>
    /// <exception cref="MagicException">The lambda or what it reads cannot travel: the message names it.</exception>
    public RemoteMap<TResult> Map<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, TResult> function, RemoteOptions? options = null,
        [CallerArgumentExpression(nameof(function))] string source = "")
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(function);
        var capture = NotebookHost.Current?.Service<ICellCapture>() ?? throw new EndpointException(
            "Map takes its function apart with the compiler of a notebook: call it in a cell, or in a notebook that 'beamline run' runs.");
        TItem[] all = [.. items];
        var cell = capture.CaptureFunction(source, function, typeof(TItem), typeof(TResult), $"a map of {all.Length} items");
        return SubmitMapAsync<TResult>(MapInputs.With(cell, all), options ?? new RemoteOptions(), Compute.RunContext.Current.CancellationToken).GetAwaiter().GetResult();
    }

    internal async Task<RemoteMap<T>> SubmitMapAsync<T>(CapturedCell cell, RemoteOptions options, CancellationToken cancellationToken)
    {
        var request = new SendRequest(Name, options) { Notebook = Directory.GetCurrentDirectory(), HowToAgree = "new RemoteOptions { SendsAnything = true }" };
        var record = await new JobSender(_client).SendAsync(cell, request, cancellationToken).ConfigureAwait(false);
        _client.Retries.Keep(record, cell, request);
        return new RemoteMap<T>(_client, record, _client.Retries.Of<T>(record));
    }

    /// <summary>Name and kind.</summary>
    public override string ToString() => $"{Name} ({Kind})";
}

/// <summary>A line of the list of endpoints.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">local, http or slurm; empty when its file cannot be used.</param>
/// <param name="Description">One line for people.</param>
/// <param name="File">Its file; null for the embedded one.</param>
/// <param name="Problem">What is wrong with its file; null when nothing is.</param>
public sealed record EndpointListed(string Name, string Kind, string Description, string? File, string? Problem);

/// <summary>A list of endpoints, shown as a table.</summary>
public sealed class EndpointList : System.Collections.ObjectModel.ReadOnlyCollection<EndpointListed>
{
    internal EndpointList(IList<EndpointListed> endpoints)
        : base(endpoints)
    {
    }
}
