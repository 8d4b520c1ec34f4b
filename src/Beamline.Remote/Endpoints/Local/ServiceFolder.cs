namespace Beamline.Remote;

/// <summary>Where the service of an endpoint keeps its files.</summary>
/// <param name="Path">The folder; only its user may enter it.</param>
internal sealed record ServiceFolder(string Path)
{
    /// <summary>Longest path of a socket that all systems take.</summary>
    private const int LongestSocket = 100;

    /// <summary>That of the endpoint 'local' of this user.</summary>
    public static ServiceFolder Local() => new(UserFolder.Of("local"));

    public string Jobs => In("jobs");

    public string Store => In("store");

    /// <summary>Who listens where: <see cref="RunningService"/>.</summary>
    public string Running => In("service.json");

    /// <summary>Held by the service for as long as it lives, so that there are never two.</summary>
    public string Lock => In("lock");

    /// <summary>The token of the user whose endpoint it is.</summary>
    public string OwnToken => In("token");

    public string Tokens => In("tokens.json");

    public string Audit => In("audit.jsonl");

    /// <summary>JSON list of the identifiers of keys whose jobs are run.</summary>
    public string Trust => In("trust.json");

    public string Policy => In("policy.json");

    public string Nonces => In("nonces");

    /// <summary>Jobs that housekeeping removed: <see cref="PrunedJob"/>.</summary>
    public string Pruned => In(PrunedJobs.FileName);

    /// <summary>What the service and its workers say.</summary>
    public string Log => In("service.log");

    public string WorkerLog => In("workers.log");

    /// <summary>The unix socket: in the folder, or, where its path would be too long for a socket, in one of the user's run-time folder.</summary>
    public string Socket()
    {
        var here = In("sock");
        if (here.Length <= LongestSocket)
        {
            return here;
        }

        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Path)))[..16];
        var root = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime ? runtime : System.IO.Path.GetTempPath();
        return System.IO.Path.Combine(root, $"beamline-{Environment.UserName}-{hash}", "sock");
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>The service that runs: service.json.</summary>
/// <param name="Address">Where it listens.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Name">Name of the endpoint.</param>
/// <param name="Started">When it began.</param>
internal sealed record RunningService(string Address, int ProcessId, string Name, DateTimeOffset Started);
