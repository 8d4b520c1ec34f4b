namespace Beamline.Remote;

/// <summary>The jobs that the user sent from this machine, from whatever notebook.</summary>
public static class RemoteJobs
{
    /// <summary>All jobs, newest first.</summary>
    public static RemoteJobList All => List();

    /// <summary>Some jobs, newest first.</summary>
    /// <param name="endpoint">Only those of this endpoint; null for all.</param>
    /// <param name="latest">Most to list; 0 for all.</param>
    public static RemoteJobList List(string? endpoint = null, int latest = 0)
    {
        var client = RemoteClient.Current;
        var found = client.Registry.All().Where(r => endpoint is null || r.Endpoint == endpoint);
        return new RemoteJobList([.. (latest > 0 ? found.Take(latest) : found).Select(r => new RemoteJob(client, r))]);
    }

    /// <summary>A job by its number.</summary>
    /// <param name="id">The number.</param>
    /// <exception cref="EndpointException">There is none of this number; the newest are listed.</exception>
    public static RemoteJob Find(int id)
    {
        var client = RemoteClient.Current;
        return new RemoteJob(client, client.Find(id));
    }

    /// <summary>Removes a job that has ended from the list, with what was fetched of it. Its endpoint keeps its own copy.</summary>
    /// <param name="id">The number, which is not used again.</param>
    /// <exception cref="EndpointException">There is none of this number, or it has not ended.</exception>
    public static void Forget(int id)
    {
        var client = RemoteClient.Current;
        var job = new RemoteJob(client, client.Find(id));
        if (!job.Status.IsFinal && job.Record is { IsAccepted: true } record)
        {
            throw new EndpointException($"Job {id} {JobLine.Words(record.Status.State)} on {record.Endpoint}: wait for it (#!attach {id}) or cancel it (#!cancel {id}) before it is forgotten.");
        }

        client.Registry.Forget(id);
    }
}

/// <summary>A list of jobs, shown as a table.</summary>
public sealed class RemoteJobList : System.Collections.ObjectModel.ReadOnlyCollection<RemoteJob>
{
    internal RemoteJobList(IList<RemoteJob> jobs)
        : base(jobs)
    {
    }

    /// <summary>Asks all endpoints at the same time for what is not final; those that cannot be reached leave what was known last.</summary>
    internal async Task RefreshAsync(TimeSpan patience)
    {
        using var soon = new CancellationTokenSource(patience);
        await Task.WhenAll(this.Select(async job =>
        {
            try
            {
                await job.RefreshAsync(soon.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is EndpointException or OperationCanceledException)
            {
            }
        })).ConfigureAwait(false);
    }
}
