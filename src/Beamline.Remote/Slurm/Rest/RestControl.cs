using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Remote.Slurm;

/// <summary>Slurm by slurmrestd, on a unix socket or a port.</summary>
internal sealed class RestControl : ISlurmControl
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly SlurmVia _via;
    private readonly HttpClient _client;
    private readonly string _where;
    private string? _version;

    public RestControl(SlurmVia via)
    {
        _via = via;
        _where = via.Socket ?? via.Url!.ToString();
        var handler = new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) };
        if (via.Socket is { } path)
        {
            handler.ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            };
        }

        _client = new HttpClient(handler) { BaseAddress = via.Url ?? new Uri("http://localhost"), Timeout = Timeout };
    }

    /// <summary>slurmrestd of 22.05 refuses "B:".</summary>
    public bool CanTellScript => false;

    public Task<string> UserAsync(CancellationToken cancellationToken) => Task.FromResult(_via.User ?? Environment.UserName);

    public async Task<long> SubmitAsync(SlurmBatch batch, CancellationToken cancellationToken)
    {
        var dialect = await DialectAsync(cancellationToken).ConfigureAwait(false);
        // Nothing of this process's environment; HOME, because a login shell without it reads nobody's profile.
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ["USER"] = await UserAsync(cancellationToken).ConfigureAwait(false),
        };
        var answer = await SendAsync(HttpMethod.Post, "job/submit", dialect.Submission(batch, environment), cancellationToken).ConfigureAwait(false);
        // Warnings come as errors, too: what counts is whether there is a number.
        var id = answer.Number("job_id") ?? (answer["result"] as JsonObject)?.Number("job_id");
        return id is > 0 ? id.Value : throw Refused(Errors(answer));
    }

    public async Task<IReadOnlyList<SlurmJob>> JobsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        var dialect = await DialectAsync(cancellationToken).ConfigureAwait(false);
        var answer = await SendAsync(HttpMethod.Get, ids.Count == 1 ? $"job/{ids.First()}" : "jobs", null, cancellationToken).ConfigureAwait(false);
        var jobs = List(answer, "jobs").Select(dialect.Job).Where(j => ids.Contains(j.ArrayId)).ToList();
        return jobs.Count > 0 || Errors(answer) is not { Length: > 0 } error || SlurmErrors.IsUnknownJob(error) ? jobs : throw Refused(error);
    }

    /// <summary>The accounting has other addresses, which need slurmdbd and further rights: it is not asked.</summary>
    public Task<IReadOnlyList<SlurmJob>> PastAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SlurmJob>>([]);

    public async Task<long?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var dialect = await DialectAsync(cancellationToken).ConfigureAwait(false);
        var answer = await SendAsync(HttpMethod.Get, "jobs", null, cancellationToken).ConfigureAwait(false);
        var user = await UserAsync(cancellationToken).ConfigureAwait(false);
        return Errors(answer) is { Length: > 0 } error && List(answer, "jobs").Count == 0
            ? throw Refused(error)
            : List(answer, "jobs").Select(dialect.Job).Where(j => j.Name == name && j.User == user).Select(j => (long?)j.ArrayId).Max();
    }

    public async Task CancelAsync(long id, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Delete, $"job/{id}", null, cancellationToken).ConfigureAwait(false);
        if (Errors(answer) is { Length: > 0 } error && !SlurmErrors.IsUnknownJob(error) && !SlurmErrors.HasEnded(error))
        {
            throw Refused(error);
        }
    }

    public Task RequeueAsync(long id, CancellationToken cancellationToken) =>
        throw new EndpointException($"slurmrestd has no way to put a job back into the queue. On a login node: scontrol requeue {id}");

    public async Task<IReadOnlyList<SlurmPartition>> PartitionsAsync(CancellationToken cancellationToken)
    {
        var dialect = await DialectAsync(cancellationToken).ConfigureAwait(false);
        var answer = await SendAsync(HttpMethod.Get, "partitions", null, cancellationToken).ConfigureAwait(false);
        return Errors(answer) is { Length: > 0 } error && List(answer, "partitions").Count == 0
            ? throw Refused(error)
            : [.. List(answer, "partitions").Select(dialect.Partition)];
    }

    public async Task<IReadOnlyList<SlurmNode>> NodesAsync(CancellationToken cancellationToken)
    {
        var answer = await SendAsync(HttpMethod.Get, "nodes", null, cancellationToken).ConfigureAwait(false);
        return Errors(answer) is { Length: > 0 } error && List(answer, "nodes").Count == 0
            ? throw Refused(error)
            : [.. List(answer, "nodes").Select(n => new SlurmNode(n.Word("name"), n.Word("gres"), n["partitions"] is JsonArray all ? [.. all.Select(p => p?.ToString() ?? "")] : []))];
    }

    /// <summary>slurmrestd does not tell it; this is what Slurm has unless an administrator changed it.</summary>
    public Task<int> MaxArrayTasksAsync(CancellationToken cancellationToken) => Task.FromResult(1000);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A daemon of 22.05 says nothing but "Unspecified error" of a token that it cannot read.</summary>
    private EndpointException Refused(string error) => _via.Token is not null && error == "Unspecified error"
        ? new EndpointException($"{What} refused ({error}): probably the token is wrong or has expired. On a login node: scontrol token lifespan=86400")
        : SlurmErrors.Of(What, error);

    private string What => $"slurmrestd at {_where}";

    private async Task<IRestDialect> DialectAsync(CancellationToken cancellationToken)
    {
        if (_version is null)
        {
            var description = await SendAsync(HttpMethod.Get, "/openapi/v3", null, cancellationToken).ConfigureAwait(false);
            var there = (description["paths"] as JsonObject ?? []).Select(p => p.Key.Split('/')).Where(p => p is [_, "slurm", _, "jobs", ..]).Select(p => p[2]).ToHashSet();
            _version = _via.Version is { } wanted
                ? there.Contains(wanted) && RestDialects.Versions.Contains(wanted) ? wanted : throw Other(wanted)
                : RestDialects.Versions.FirstOrDefault(there.Contains) ?? throw Other(null);

            EndpointException Other(string? wanted) => new(
                $"{What} speaks {(there.Count > 0 ? string.Join(", ", there.Order(StringComparer.Ordinal)) : "no version of Slurm's interface")}, " +
                $"{(wanted is null ? "" : $"the field via.version asks for {wanted}, ")}and Beamline knows {string.Join(", ", RestDialects.Versions)}. Use via cli or ssh.");
        }

        return RestDialects.Of(_version);
    }

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : $"/slurm/{await VersionAsync(cancellationToken).ConfigureAwait(false)}/{path}");
        if (_via.Token is { } variable)
        {
            var token = Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : throw new EndpointException(
                $"The environment variable {variable} is empty; slurmrestd wants a token in it. On a login node: scontrol token lifespan=86400");
            request.Headers.Add("X-SLURM-USER-NAME", await UserAsync(cancellationToken).ConfigureAwait(false));
            request.Headers.Add("X-SLURM-USER-TOKEN", token.StartsWith("SLURM_JWT=", StringComparison.Ordinal) ? token["SLURM_JWT=".Length..] : token);
        }

        if (body is not null)
        {
            // The daemon takes no body without a length, and no type of content with a character set.
            request.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body.ToJsonString()));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        try
        {
            using var response = await _client.SendAsync(request, cancellationToken).ConfigureAwait(false);
            var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is 401 or 403)
            {
                throw new EndpointException($"{What} does not know you as {await UserAsync(cancellationToken).ConfigureAwait(false)} (HTTP {(int)response.StatusCode}): the token is wrong or has expired. On a login node: scontrol token lifespan=86400");
            }

            // Errors of Slurm come with a code of 500 and a whole answer.
            return Parse(text) ?? throw new EndpointException($"{What} answered HTTP {(int)response.StatusCode} to {path}: {(text.Length > 300 ? text[..300] : text).Trim()}")
            {
                IsUnreachable = (int)response.StatusCode >= 500,
            };
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new EndpointException($"{What} does not answer: {e.Message} Is slurmrestd running, and is the address right?", e) { IsUnreachable = true };
        }
    }

    private async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        if (_version is null)
        {
            await DialectAsync(cancellationToken).ConfigureAwait(false);
        }

        return _version!;
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<JsonObject> List(JsonObject answer, string name) => answer[name] is JsonArray list ? [.. list.OfType<JsonObject>()] : [];

    private static string Errors(JsonObject answer) => string.Join("; ", List(answer, "errors").Select(e => string.Join(": ",
        new[] { e.Word("error"), e.Word("description") }.Where(t => t.Length > 0).Distinct())).Where(t => t.Length > 0));
}
