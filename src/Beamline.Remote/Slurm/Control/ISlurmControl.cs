namespace Beamline.Remote.Slurm;

/// <summary>A batch system that takes orders: by its programs, here or over ssh, or by HTTP. Calls may come from several threads.</summary>
/// <remarks>All throw <see cref="EndpointException"/>; with <see cref="EndpointException.IsUnreachable"/> when the controller does not answer, so that nothing is known.</remarks>
internal interface ISlurmControl : IAsyncDisposable
{
    /// <summary>Whether Slurm can tell a job's script itself that its time is nearly up ("B:"), and not its steps only.</summary>
    bool CanTellScript { get; }

    /// <summary>The user that jobs run as.</summary>
    Task<string> UserAsync(CancellationToken cancellationToken);

    /// <summary>Hands a job over; returns its number.</summary>
    Task<long> SubmitAsync(SlurmBatch batch, CancellationToken cancellationToken);

    /// <summary>What the controller knows of jobs, in one question: a line for each, more for an array, and none for those that it has forgotten.</summary>
    Task<IReadOnlyList<SlurmJob>> JobsAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken);

    /// <summary>What the accounting knows of jobs that the controller has forgotten; empty where there is none.</summary>
    Task<IReadOnlyList<SlurmJob>> PastAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken);

    /// <summary>The number of the user's newest job of a name; null for none.</summary>
    Task<long?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Stops a job; one that has ended or is unknown is left alone.</summary>
    Task CancelAsync(long id, CancellationToken cancellationToken);

    /// <summary>Puts a job back into the queue.</summary>
    Task RequeueAsync(long id, CancellationToken cancellationToken);

    Task<IReadOnlyList<SlurmPartition>> PartitionsAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<SlurmNode>> NodesAsync(CancellationToken cancellationToken);

    /// <summary>Most tasks of one array.</summary>
    Task<int> MaxArrayTasksAsync(CancellationToken cancellationToken);
}
