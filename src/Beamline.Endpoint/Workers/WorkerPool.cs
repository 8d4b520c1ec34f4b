using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>
/// Warm workers. One that has run a job of a user gets jobs of that user only; some that nobody has used yet are started ahead.
/// </summary>
internal sealed class WorkerPool(IWorkerLauncher launcher, ServiceOptions options) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Idle> _idle = [];
    private int _starting;
    private bool _isClosed;

    /// <summary>Why the last worker that was started ahead did not start; null when it did.</summary>
    public string? LastProblem { get; private set; }

    public int IdleCount
    {
        get
        {
            lock (_gate)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>A worker for a job of a user: one of theirs, one that is fresh, or a new one.</summary>
    /// <exception cref="EndpointException">None starts.</exception>
    public async Task<IWorker> TakeAsync(string user, CancellationToken cancellationToken)
    {
        IWorker? found = null;
        lock (_gate)
        {
            _idle.RemoveAll(i => !i.Worker.IsAlive);
            var place = _idle.FindLastIndex(i => i.User == user);
            place = place >= 0 ? place : _idle.FindIndex(i => i.User is null);
            if (place >= 0)
            {
                found = _idle[place].Worker;
                _idle.RemoveAt(place);
            }
        }

        try
        {
            return found ?? await launcher.StartAsync(cancellationToken);
        }
        finally
        {
            StartAhead();
        }
    }

    /// <summary>Gives a worker back after a job.</summary>
    public async Task ReturnAsync(IWorker worker, string user)
    {
        Idle? tooMany = null;
        var isKept = false;
        lock (_gate)
        {
            if (worker.IsAlive && worker is not AdoptedWorker && !_isClosed)
            {
                isKept = true;
                _idle.Add(new Idle(worker, user, DateTimeOffset.UtcNow));
                // Not more of them than can work at the same time; the longest idle one goes.
                if (_idle.Count(i => i.User is not null) > options.Concurrency)
                {
                    tooMany = _idle.First(i => i.User is not null);
                    _idle.Remove(tooMany);
                }
            }
        }

        if (!isKept)
        {
            await worker.DisposeAsync();
        }

        if (tooMany is not null)
        {
            await tooMany.Worker.DisposeAsync();
        }
    }

    /// <summary>Starts workers for those who come next.</summary>
    public void StartAhead()
    {
        lock (_gate)
        {
            _idle.RemoveAll(i => !i.Worker.IsAlive);
            for (var fresh = _idle.Count(i => i.User is null) + _starting; fresh < options.Spares && !_isClosed; fresh++)
            {
                _starting++;
                _ = Task.Run(StartOneAsync);
            }
        }
    }

    /// <summary>Ends workers that were not needed for long.</summary>
    public async Task RetireAsync()
    {
        Idle[] old;
        lock (_gate)
        {
            old = [.. _idle.Where(i => i.User is not null && DateTimeOffset.UtcNow - i.Since > options.KeepWarm)];
            _idle.RemoveAll(old.Contains);
        }

        foreach (var idle in old)
        {
            await idle.Worker.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Idle[] all;
        lock (_gate)
        {
            _isClosed = true;
            all = [.. _idle];
            _idle.Clear();
        }

        foreach (var idle in all)
        {
            await idle.Worker.DisposeAsync();
        }
    }

    private async Task StartOneAsync()
    {
        IWorker? worker = null;
        try
        {
            worker = await launcher.StartAsync(CancellationToken.None);
            LastProblem = null;
        }
        catch (Exception e)
        {
            // The next job tries again, and tells its sender.
            LastProblem = e.Message;
        }

        var isLate = false;
        lock (_gate)
        {
            _starting--;
            isLate = _isClosed;
            if (worker is not null && !isLate)
            {
                _idle.Add(new Idle(worker, null, DateTimeOffset.UtcNow));
            }
        }

        if (worker is not null && isLate)
        {
            await worker.DisposeAsync();
        }
    }

    private sealed record Idle(IWorker Worker, string? User, DateTimeOffset Since);
}
