namespace Beamline.Remote;

/// <summary>Follows a job to its end: shows what it shows, keeps it, and goes on after a broken line.</summary>
internal sealed class JobFollower(JobRegistry registry, IEndpointConnection connection, TimeProvider clock)
{
    private static readonly TimeSpan[] Pauses = [.. new[] { 0.1, 0.3, 1, 2, 5 }.Select(TimeSpan.FromSeconds)];

    /// <summary>How long to wait for something new in one call; the line about the job moves at least so often.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an endpoint may be out of reach before its cell ends. The job goes on without.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Follows until the job has ended and all that it showed has come.</summary>
    /// <param name="record">The job.</param>
    /// <param name="view">Sees it.</param>
    /// <param name="cancellationToken">Ends the following, not the job.</param>
    /// <returns>The record with the final status.</returns>
    /// <exception cref="EndpointException">The endpoint does not know the job, or was out of reach for too long.</exception>
    public async Task<JobRecord> RunAsync(JobRecord record, IJobView view, CancellationToken cancellationToken)
    {
        var files = registry.Files(record.Number);
        using var keeps = files.TryFollow();
        if (keeps is not null)
        {
            files.Mend();
        }

        var (kept, next) = files.Kept();
        view.Status(record, keeps is null ? $"process {files.Follower()} follows it as well" : null);
        foreach (var shown in kept)
        {
            view.Event(shown);
        }

        var failures = 0;
        DateTimeOffset? lostAt = null;
        while (!(record.IsComplete && record.Status.IsFinal))
        {
            JobEvents events;
            try
            {
                events = await connection.EventsAsync(record.JobId, next, Wait, cancellationToken).ConfigureAwait(false);
                (failures, lostAt) = (0, null);
            }
            catch (EndpointException e) when (e.IsUnreachable)
            {
                lostAt ??= clock.GetUtcNow();
                if (clock.GetUtcNow() - lostAt > Patience)
                {
                    throw new EndpointException(
                        $"{record.Endpoint} could not be reached for {EndpointText.Seconds(Patience)}. Job {record.Number} goes on there without this cell: #!attach {record.Number} comes back to it. ({e.Message})", e) { IsUnreachable = true };
                }

                view.Status(record, $"{record.Endpoint} cannot be reached, trying again; the job goes on ({e.Message})");
                await Task.Delay(Pauses[Math.Min(failures++, Pauses.Length - 1)], clock, cancellationToken).ConfigureAwait(false);
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (events.Events.Count > 0 && keeps is not null)
            {
                // Before it is shown: what was seen once is there for ever.
                files.Keep(events);
            }

            var isOver = events.Status.IsFinal && events.Events.Count == 0;
            if (events.Status != record.Status || isOver)
            {
                record = registry.Update(record with { Status = events.Status, IsComplete = isOver && keeps is not null });
            }

            foreach (var shown in events.Events)
            {
                view.Event(shown);
            }

            next = events.Next;
            view.Status(record, null);
            if (isOver)
            {
                break;
            }
        }

        return record;
    }
}
