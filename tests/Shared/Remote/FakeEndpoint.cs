using System.Collections.Concurrent;
using Beamline.Remote;

namespace Beamline.Tests;

/// <summary>An endpoint in memory. What a job does is written by the test.</summary>
internal sealed class FakeEndpoint(string name = "fake") : IEndpointConnection
{
    private readonly ConcurrentDictionary<string, FakeJob> _jobs = new();
    private int _failuresLeft;

    public string Name => name;

    public EndpointInfo Info { get; set; } = new(name, "http", "n1", SenderVersion.Own.Beamline, SenderVersion.Own.Framework, SenderVersion.Own.Runtime);

    /// <summary>What a job does when it arrives; on a thread of its own.</summary>
    public Action<FakeJob>? Work { get; set; }

    /// <summary>Called before a job is taken; throws to refuse it.</summary>
    public Action<SignedJob>? Submitting { get; set; }

    /// <summary>Called when files would be on their way; throws when their line breaks.</summary>
    public Action<IProgress<(long Sent, long All)>?>? Uploading { get; set; }

    /// <summary>What a job waits for before it hears that it is cancelled.</summary>
    public Func<Task>? Cancelling { get; set; }

    /// <summary>How many of the next calls find the line broken.</summary>
    public int FailuresLeft { get => Volatile.Read(ref _failuresLeft); set => Volatile.Write(ref _failuresLeft, value); }

    public int Submissions { get; private set; }

    public int EventCalls { get; private set; }

    public List<long> Offsets { get; } = [];

    public FakeJob Last => _jobs.Values.OrderBy(j => j.Number).Last();

    public FakeJob Job(string id) => _jobs[id];

    public void ForgetAll() => _jobs.Clear();

    public Task<EndpointInfo> InfoAsync(CancellationToken cancellationToken)
    {
        Break();
        return Task.FromResult(Info);
    }

    public Task<JobStatus> SubmitAsync(
        SignedJob job, IReadOnlyDictionary<string, IArraySource> arrays, IProgress<(long Sent, long All)>? sent, CancellationToken cancellationToken)
    {
        Submissions++;
        Break();
        Uploading?.Invoke(sent);
        Submitting?.Invoke(job);
        var description = JobJson.Read<JobDescription>(job.Json, "job.json");
        var made = new FakeJob(description, _jobs.Count);
        if (_jobs.TryAdd(description.Id, made))
        {
            var all = arrays.Values.Sum(a => a.Array.Bytes);
            if (all > 0)
            {
                sent?.Report((all, all));
            }

            _ = Task.Run(() => Work?.Invoke(made), CancellationToken.None);
        }

        // It has arrived, whether the sender hears of it or not.
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(_jobs[description.Id].Status);
    }

    public Task<JobStatus> StatusAsync(string jobId, CancellationToken cancellationToken)
    {
        Break();
        return Task.FromResult(Find(jobId).Status);
    }

    public async Task<JobEvents> EventsAsync(string jobId, long offset, TimeSpan wait, CancellationToken cancellationToken)
    {
        EventCalls++;
        Break();
        lock (Offsets)
        {
            Offsets.Add(offset);
        }

        return await Find(jobId).EventsAsync(offset, wait, cancellationToken);
    }

    public async Task CancelAsync(string jobId, CancellationToken cancellationToken)
    {
        await (Cancelling?.Invoke() ?? Task.CompletedTask);
        Break();
        Find(jobId).Cancel();
    }

    public Task<IReadOnlyList<JobValue>> OutputsAsync(string jobId, CancellationToken cancellationToken)
    {
        Break();
        return Task.FromResult<IReadOnlyList<JobValue>>([.. Find(jobId).Outputs]);
    }

    public Task<string> FetchAsync(string jobId, JobArray array, string folder, CancellationToken cancellationToken)
    {
        Break();
        var job = Find(jobId);
        job.Fetches++;
        var path = Path.Combine(folder, array.Sha256);
        File.WriteAllText(path, job.Files[array.Sha256]);
        return Task.FromResult(path);
    }

    public Task<IReadOnlyList<JobSummary>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JobSummary>>([.. _jobs.Values.Select(j => new JobSummary(j.Description.Id, j.Description.Label, j.Description.Created, j.Status))]);

    /// <summary>What was asked to be removed.</summary>
    public List<(double? Days, bool IsTrial)> Prunings { get; } = [];

    public Task<EndpointPruning> PruneAsync(double? olderThanDays, bool isTrial, CancellationToken cancellationToken)
    {
        Break();
        Prunings.Add((olderThanDays, isTrial));
        return Task.FromResult(new EndpointPruning(name, isTrial, 2, 1, 3 << 20, 1000));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private FakeJob Find(string id) => _jobs.GetValueOrDefault(id) ?? throw new EndpointException($"{name} knows no job {id}.");

    private void Break()
    {
        if (Interlocked.Decrement(ref _failuresLeft) >= 0)
        {
            throw new EndpointException("the line is broken") { IsUnreachable = true };
        }

        Interlocked.Increment(ref _failuresLeft);
    }
}
