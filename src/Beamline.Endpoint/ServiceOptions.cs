using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>How the service of an endpoint works.</summary>
/// <param name="Folder">Its files.</param>
internal sealed record ServiceOptions(ServiceFolder Folder)
{
    public string Name { get; init; } = "local";

    /// <summary>Where to listen; null for the unix socket in the folder.</summary>
    public ListenAddress? Listen { get; init; }

    /// <summary>Jobs, or parts of a map, that run at the same time.</summary>
    public int Concurrency { get; init; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Workers that are started ahead.</summary>
    public int Spares { get; init; } = 1;

    /// <summary>The policy file; policy.json of the folder when null and that exists.</summary>
    public string? PolicyFile { get; init; }

    public long LargestUploadBytes { get; init; } = 64L << 30;

    public int LargestJobBytes { get; init; } = 4 << 20;

    /// <summary>About how many bytes of events one answer has.</summary>
    public int EventsPageBytes { get; init; } = 1 << 20;

    public TimeSpan LongestPoll { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests per second and token, on average.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>Requests of a token that may come at once.</summary>
    public int RequestBurst { get; init; } = 1000;

    /// <summary>Requests per second with tokens that are none.</summary>
    public int StrangersPerSecond { get; init; } = 20;

    /// <summary>How long a worker that was told to end may take, before it is killed with its children.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a worker that was asked to stop a job may take, before it is told to end.</summary>
    public TimeSpan CancelPatience { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>How often a job is started at most, when it may be requeued.</summary>
    public int MostAttempts { get; init; } = 3;

    /// <summary>The service ends after so long without jobs and requests; null for never.</summary>
    public TimeSpan? IdleExit { get; init; }

    /// <summary>How long a worker that has worked for a user is kept warm.</summary>
    public TimeSpan KeepWarm { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Folder of the key whose jobs are run without being asked: that of the user whose endpoint it is. Null for the user's own.</summary>
    public string? KeysFolder { get; init; }

    /// <summary>The command of workers; null for 'beamline worker' of this program.</summary>
    public IReadOnlyList<string>? WorkerCommand { get; init; }

    /// <summary>How GPUs are found.</summary>
    public GpuFacts Gpus { get; init; } = new();

    /// <summary>How long after its start the service looks for the first time for what is too old.</summary>
    public TimeSpan FirstPruning { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Free bytes of the disk that uploads leave alone, so that running jobs can say how they ended.</summary>
    public long ReservedBytes { get; init; } = 64 << 20;
}
