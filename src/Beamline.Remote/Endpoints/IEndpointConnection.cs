namespace Beamline.Remote;

/// <summary>An endpoint as a sender uses it. Calls may come from several threads.</summary>
/// <remarks>All calls throw <see cref="EndpointException"/> for what a user can do something about: not reachable, refused, unknown job.</remarks>
internal interface IEndpointConnection : IAsyncDisposable
{
    string Name { get; }

    Task<EndpointInfo> InfoAsync(CancellationToken cancellationToken);

    /// <summary>Sends what the endpoint does not have yet, and then the job. Sending a job a second time (after a broken line) does not run it twice.</summary>
    /// <param name="job">The job.</param>
    /// <param name="arrays">The files that its inputs name, by hash.</param>
    /// <param name="sent">Hears of bytes that were sent, and of those in all.</param>
    /// <param name="cancellationToken">Stops sending.</param>
    /// <returns>The state of the job there.</returns>
    Task<JobStatus> SubmitAsync(
        SignedJob job, IReadOnlyDictionary<string, IArraySource> arrays, IProgress<(long Sent, long All)>? sent, CancellationToken cancellationToken);

    Task<JobStatus> StatusAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>What a job has shown since an offset. Waits when there is nothing new yet.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="offset">0, or <see cref="JobEvents.Next"/> of the call before.</param>
    /// <param name="wait">How long to wait for something new.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<JobEvents> EventsAsync(string jobId, long offset, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Asks for a job to be stopped; one that has ended stays as it is.</summary>
    Task CancelAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>The results of a job that ended, or of the part of it that did.</summary>
    Task<IReadOnlyList<JobValue>> OutputsAsync(string jobId, CancellationToken cancellationToken);

    /// <summary>A file of the results.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="array">The file.</param>
    /// <param name="folder">Where to put it when it must be copied.</param>
    /// <param name="cancellationToken">Stops the copying.</param>
    /// <returns>Path of a file whose hash is right: the original where the file system is shared.</returns>
    Task<string> FetchAsync(string jobId, JobArray array, string folder, CancellationToken cancellationToken);

    /// <summary>The user's jobs that the endpoint knows, newest first.</summary>
    Task<IReadOnlyList<JobSummary>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Removes jobs that ended long ago, and arrays that none of those that are left needs.</summary>
    /// <param name="olderThanDays">Days since their end; null for what the endpoint's own rules say.</param>
    /// <param name="isTrial">Only says what would be removed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<EndpointPruning> PruneAsync(double? olderThanDays, bool isTrial, CancellationToken cancellationToken) =>
        throw new EndpointException($"The endpoint {Name} cannot be asked to remove old jobs.");
}

/// <summary>One line of a list of jobs.</summary>
/// <param name="Id">The job.</param>
/// <param name="Label">What its sender called it.</param>
/// <param name="Created">When it was sent.</param>
/// <param name="Status">Its state.</param>
internal sealed record JobSummary(string Id, string Label, DateTimeOffset Created, JobStatus Status);

/// <summary>A file to be sent.</summary>
internal interface IArraySource
{
    JobArray Array { get; }

    /// <summary>Writes the whole file.</summary>
    void WriteTo(Stream stream);
}

/// <summary>Something about an endpoint or a job that its user can do something about.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="cause">The cause; null for none.</param>
public sealed class EndpointException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>True when the endpoint could not be reached, so that trying again may help.</summary>
    public bool IsUnreachable { get; init; }
}
