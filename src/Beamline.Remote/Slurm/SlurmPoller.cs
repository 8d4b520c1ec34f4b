namespace Beamline.Remote.Slurm;

/// <summary>Asks Slurm for the state of all jobs that somebody wants to know of at once, and seldom: controllers are shared by many users.</summary>
/// <remarks>The first look is after a second; while nothing changes they come more and more seldom, every ten seconds at last.</remarks>
internal sealed class SlurmPoller(ISlurmControl control, TimeProvider time)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>A job that nobody asked for so long is asked for no more.</summary>
    private static readonly TimeSpan Interest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Watched> _watched = [];
    private Task? _round;
    private TimeSpan _interval = Shortest;
    private DateTimeOffset? _silentSince;

    /// <summary>What is known of a job, not older than the interval.</summary>
    public async Task<SlurmSight> LookAsync(long id, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task round;
            lock (_lock)
            {
                var now = time.GetUtcNow();
                if (!_watched.TryGetValue(id, out var job))
                {
                    _watched[id] = job = new Watched();
                }

                job.Asked = now;
                if (job.Sight is { } sight && now - job.Seen < _interval)
                {
                    return sight;
                }

                // One round at a time, for all; a job that came too late for one is in the next.
                round = _round ??= Task.Run(RoundAsync, CancellationToken.None);
            }

            await round.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Something was done to a job: what is known is old, and changes are near.</summary>
    public void Hurry(long id)
    {
        lock (_lock)
        {
            _interval = Shortest;
            if (_watched.TryGetValue(id, out var job))
            {
                job.Seen = DateTimeOffset.MinValue;
            }
        }
    }

    private async Task RoundAsync()
    {
        List<long> ids;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var old in _watched.Where(w => now - w.Value.Asked > Interest).Select(w => w.Key).ToList())
            {
                _watched.Remove(old);
            }

            ids = [.. _watched.Where(w => w.Value.Sight is null || now - w.Value.Seen >= _interval || !IsOver(w.Value.Sight)).Select(w => w.Key)];
        }

        Dictionary<long, SlurmSight> sights = [];
        string? silence = null;
        try
        {
            using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(60), time);
            sights = await AskAsync(ids, enough.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EndpointException or OperationCanceledException or IOException or HttpRequestException)
        {
            silence = e is OperationCanceledException ? "Slurm's controller did not answer within a minute. It is asked again." : e.Message;
        }

        lock (_lock)
        {
            var now = time.GetUtcNow();
            var isChanged = false;
            _silentSince = silence is null ? null : _silentSince ?? now;
            foreach (var id in ids)
            {
                if (!_watched.TryGetValue(id, out var job))
                {
                    continue;
                }

                var sight = silence is null ? sights[id]
                    : (job.Sight ?? new SlurmSight([])) with { Silence = $"{silence} (since {_silentSince:HH:mm:ss} UTC; the state is the last that was known)" };
                isChanged |= job.Sight is null || !job.Sight.Jobs.SequenceEqual(sight.Jobs, SameState.Instance) || job.Sight.Silence is null != sight.Silence is null;
                (job.Sight, job.Seen) = (sight, now);
            }

            _interval = isChanged ? Shortest : TimeSpan.FromSeconds(Math.Min(_interval.TotalSeconds * 1.5, Longest.TotalSeconds));
            _round = null;
        }
    }

    private async Task<Dictionary<long, SlurmSight>> AskAsync(List<long> ids, CancellationToken cancellationToken)
    {
        var found = (await control.JobsAsync(ids, cancellationToken).ConfigureAwait(false)).ToLookup(j => j.ArrayId);
        var forgotten = ids.Where(id => !found.Contains(id)).ToList();
        var past = forgotten.Count == 0
            ? Enumerable.Empty<SlurmJob>().ToLookup(j => j.ArrayId)
            : (await control.PastAsync(forgotten, cancellationToken).ConfigureAwait(false)).ToLookup(j => j.ArrayId);
        return ids.ToDictionary(
            id => id,
            id => found.Contains(id) ? new SlurmSight([.. found[id]])
                : past.Contains(id) ? new SlurmSight([.. past[id]])
                : new SlurmSight([]) { IsGone = true });
    }

    private static bool IsOver(SlurmSight sight) => sight.Silence is null && (sight.IsGone || sight.Jobs.All(j => j.IsFinal));

    private sealed class Watched
    {
        public DateTimeOffset Asked;
        public DateTimeOffset Seen = DateTimeOffset.MinValue;
        public SlurmSight? Sight;
    }

    /// <summary>Two records of a job that say the same for a user; the time that it runs changes always.</summary>
    private sealed class SameState : IEqualityComparer<SlurmJob>
    {
        public static readonly SameState Instance = new();

        public bool Equals(SlurmJob? x, SlurmJob? y) => x! with { RunTime = null } == y! with { RunTime = null };

        public int GetHashCode(SlurmJob job) => job.Id.GetHashCode();
    }
}
