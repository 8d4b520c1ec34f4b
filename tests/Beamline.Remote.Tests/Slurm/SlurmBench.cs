using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>An endpoint on the emulated cluster with a work folder and a worker of its own. The worker is a double: it runs the job's source as shell.</summary>
internal sealed class SlurmBench : IAsyncDisposable
{
    /// <summary>Long enough for anything on a machine that is busy.</summary>
    public static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);

    /// <summary>Plays the worker: status.json by renaming, lines of display.jsonl, signals and exit codes as the real one.</summary>
    private const string Double = """
        #!/bin/bash
        [ "$1" = --version ] && { echo 9.9.9; exit 0; }
        while [ $# -gt 0 ]; do case $1 in --job) job=$2; cd "$job"; shift ;; --items) items=$2; shift ;; esac; shift; done
        file=$job/status${items:+.$items}.json
        status() {
          printf '{"state":"%s","since":"2026-01-01T00:00:00+00:00","attempt":%d,"host":"%s"%s}' "$1" "$BEAMLINE_ATTEMPT" "$(hostname)" "${2:+,\"error\":{\"name\":\"$2\",\"message\":\"$3\",\"traceback\":[]\}}" >"$file.part.$$"
          mv "$file.part.$$" "$file"
        }
        say() { printf '{"kind":"stream","name":"stdout","text":"%s"}\n' "$*" >>"$job/display.jsonl"; }
        status running
        eval "$(sed 's/.*"source":"\([^"]*\)".*/\1/' "$job/job.json")"
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly JobSigner _signer;

    private SlurmBench(SlurmVia via, SlurmSettings? like)
    {
        var program = _folder.Write("worker", Double + "\n");
        PrivateFile.CreateFolder(_folder.File("keys"));
        _signer = JobSigner.Open(_folder.File("keys"));
        Settings = (like ?? new SlurmSettings { WorkFolder = "" }) with
        {
            // Characters that every layer has to quote.
            WorkFolder = _folder.File("it's 100%j \"work\""),
            Via = via,
            BeamlineCommand = like?.BeamlineCommand ?? ["bash", program],
            Grace = TimeSpan.FromSeconds(1),
        };
        Endpoint = new SlurmEndpointConnection("cluster", Settings);
    }

    public SlurmSettings Settings { get; }

    public SlurmEndpointConnection Endpoint { get; }

    public string Folder(string id) => $"{Settings.WorkFolder}/jobs/{id}";

    /// <summary>An endpoint that is reached in one of the ways.</summary>
    public static SlurmBench Open(SlurmCluster cluster, string way, SlurmSettings? like = null)
    {
        cluster.Need();
        return new SlurmBench(
            way == "rest"
                ? new SlurmVia { Kind = SlurmViaKind.Rest, Url = new Uri(cluster.RestUrl), Token = cluster.TokenVariable }
                : new SlurmVia { Conf = cluster.Conf },
            like);
    }

    public static SlurmBench Open(SlurmVia via, SlurmSettings? like = null) => new(via, like);

    public SignedJob Job(string source, JobResources? resources = null, JobMap? map = null) => _signer.Sign(Describe(source, resources, map));

    public static JobDescription Describe(string source, JobResources? resources = null, JobMap? map = null) => new()
    {
        Id = JobNames.NewId(),
        Nonce = JobNames.NewId(),
        Created = DateTimeOffset.UtcNow,
        Expires = DateTimeOffset.UtcNow + TimeSpan.FromHours(1),
        User = "somebody",
        Label = "cell 7",
        Source = source,
        Framework = "net10.0",
        Runtime = "10.0.0",
        Beamline = "0.1.0",
        Resources = resources ?? new JobResources(),
        Map = map,
        Inputs = map is null ? [] : [new JobValue(map.Items, "int[]", "json") { Json = new System.Text.Json.Nodes.JsonArray() }],
    };

    public static JobMap Map(int count, int throttle = 0) => new("x", "int", "int", count, "Run") { Items = "xs", Throttle = throttle };

    /// <summary>Sends a job; returns its identifier.</summary>
    public async Task<string> SubmitAsync(string source, JobResources? resources = null, JobMap? map = null)
    {
        var job = Job(source, resources, map);
        var status = await Endpoint.SubmitAsync(job, new Dictionary<string, IArraySource>(), null, TestContext.Current.CancellationToken);
        Assert.NotNull(status.BatchId);
        return JobDescriptionFile.Read(job.Json).Id;
    }

    public async Task<JobStatus> RunAsync(string source, JobResources? resources = null, JobMap? map = null) =>
        await UntilAsync(await SubmitAsync(source, resources, map), s => s.IsFinal);

    /// <summary>Waits until a job is as wanted.</summary>
    public async Task<JobStatus> UntilAsync(string id, Func<JobStatus, bool> isWanted)
    {
        var until = DateTimeOffset.UtcNow + Enough;
        while (true)
        {
            var status = await Endpoint.StatusAsync(id, default);
            if (isWanted(status))
            {
                return status;
            }

            Assert.True(DateTimeOffset.UtcNow < until && !status.IsFinal, $"The job stayed {status}.");
            await Task.Delay(50);
        }
    }

    /// <summary>All that a job has shown until it ended.</summary>
    public async Task<(IReadOnlyList<JobEvent> Events, JobStatus Status)> FollowAsync(string id)
    {
        var all = new List<JobEvent>();
        for (long offset = 0; ;)
        {
            var some = await Endpoint.EventsAsync(id, offset, TimeSpan.FromSeconds(2), new CancellationTokenSource(Enough).Token);
            all.AddRange(some.Events);
            if (some.Status.IsFinal && some.Next == offset)
            {
                return (all, some.Status);
            }

            offset = some.Next;
        }
    }

    public async Task<long> BatchIdAsync(string id) => long.Parse((await Endpoint.StatusAsync(id, default)).BatchId!, System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        _signer.Dispose();
        _folder.Dispose();
    }
}
