using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>A batch system in memory. What a test does not need is not there.</summary>
internal class SlurmControlDouble : ISlurmControl
{
    /// <summary>All that it knows.</summary>
    public List<SlurmJob> Known { get; } = [];

    public List<SlurmNode> Nodes { get; } = [];

    public bool CanTellScript => true;

    public virtual Task<IReadOnlyList<SlurmJob>> JobsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SlurmJob>>([.. Known.Where(j => ids.Contains(j.ArrayId))]);

    public Task<IReadOnlyList<SlurmJob>> PastAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SlurmJob>>([]);

    public Task<string> UserAsync(CancellationToken cancellationToken) => Task.FromResult("me");

    public Task<long> SubmitAsync(SlurmBatch batch, CancellationToken cancellationToken)
    {
        Known.Add(new SlurmJob(Known.Count + 1, "PENDING") { Name = batch.Name, User = "me" });
        return Task.FromResult(Known[^1].Id);
    }

    public Task<long?> FindAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Known.LastOrDefault(j => j.Name == name)?.Id);

    public Task CancelAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RequeueAsync(long id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SlurmPartition>> PartitionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SlurmPartition>>([new("debug", true, true, null, 3, null), new("gpu", false, true, null, 2, null)]);

    public Task<IReadOnlyList<SlurmNode>> NodesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SlurmNode>>(Nodes);

    public Task<int> MaxArrayTasksAsync(CancellationToken cancellationToken) => Task.FromResult(1000);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
