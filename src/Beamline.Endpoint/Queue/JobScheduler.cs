using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Gives jobs to workers: fair among users, in order for each, as many at a time as the machine should do.</summary>
internal sealed partial class JobScheduler(ServiceOptions options, JobBook book, WorkerPool pool, IWorkerLauncher launcher, PolicySource policies) : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<JobEntry> _open = [];
    private readonly FairTurn _turn = new();
    private readonly HashSet<IWorker> _busy = [];
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _end = new();
    private Task _loop = Task.CompletedTask;
    private int _running;

    /// <summary>Jobs that wait, and jobs that run.</summary>
    public (int Queued, int Running) Counts
    {
        get
        {
            lock (_gate)
            {
                return (_open.Count(j => j.Parts == 0), _open.Count(j => j.Parts > 0));
            }
        }
    }

    /// <summary>Takes up the jobs of an earlier service, and begins.</summary>
    public void Start()
    {
        foreach (var job in book.Load())
        {
            Recover(job);
        }

        pool.StartAhead();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Queues a job that was accepted.</summary>
    public void Add(JobEntry job)
    {
        lock (_gate)
        {
            _open.Add(job);
        }

        _wake.Release();
    }

    /// <summary>Stops a job; one that has ended stays as it is.</summary>
    public void Cancel(JobEntry job)
    {
        lock (_gate)
        {
            if (job.Status.IsFinal || job.Record.IsCancelRequested)
            {
                return;
            }

            job.Record = job.Record with { IsCancelRequested = true };
            TrySave(job);
            TryMark(job);
            job.Map?.Close();
            job.StopRequested.TrySetResult();
            if (job.Parts == 0)
            {
                Finish(job, new JobStatus(JobState.Cancelled) { Message = CancelWords(job) ?? "Cancelled before it ran." });
            }
        }
    }

    /// <summary>Lets go of all workers: those that are at a job finish it, and a later service follows them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _wake.Release();
        await _loop;
        await pool.DisposeAsync();
        IWorker[] busy;
        lock (_gate)
        {
            busy = [.. _busy];
        }

        foreach (var worker in busy)
        {
            await worker.DisposeAsync();
        }
    }

    private static string? CancelWords(JobEntry job) => job.Map is { } map ? $"Cancelled by its user; {map.Done} of {map.Count} items were done." : null;

    private static void TryMark(JobEntry job)
    {
        try
        {
            job.Folder.RequestCancel();
        }
        catch (EndpointException)
        {
            // The disk is full; the worker hears of it by its input, or by a signal.
        }
    }

    private async Task LoopAsync()
    {
        var tidied = DateTimeOffset.UtcNow;
        while (!_end.IsCancellationRequested)
        {
            while (Next() is { } work)
            {
                _ = Task.Run(() => RunAsync(work.Job, work.Range));
            }

            await _wake.WaitAsync(Pause());
            if (DateTimeOffset.UtcNow - tidied > TimeSpan.FromSeconds(1))
            {
                tidied = DateTimeOffset.UtcNow;
                book.SaveLate();
                await pool.RetireAsync();
            }
        }
    }

    /// <summary>How long to wait for news. All that changes wakes the loop: only warm workers that get old, and a disk that was full, are looked at.</summary>
    private TimeSpan Pause()
    {
        if (book.HasLate)
        {
            return Soon;
        }

        var quarter = options.KeepWarm / 4;
        return quarter < Soon ? Soon : quarter > Late ? Late : quarter;
    }

    private (JobEntry Job, ItemRange? Range)? Next()
    {
        lock (_gate)
        {
            if (_running >= options.Concurrency || _end.IsCancellationRequested)
            {
                return null;
            }

            var ready = _open.ToArray().Where(IsReady).ToArray();
            foreach (var user in _turn.Order(ready.Select(j => j.Record.User)))
            {
                foreach (var job in ready.Where(j => j.Record.User == user))
                {
                    var range = job.Map?.Take(options.Concurrency);
                    if (job.Map is not null && range is null)
                    {
                        continue;
                    }

                    _running++;
                    _turn.Began(user);
                    job.Parts++;
                    return (job, range);
                }
            }

            return null;
        }
    }

    /// <summary>Whether something of a job can be given to a worker now.</summary>
    private bool IsReady(JobEntry job)
    {
        if (job.Map is { IsComplete: true } && job.Parts == 0)
        {
            // A map of nothing, or one whose last items ended while nobody looked.
            Finish(job, MapEnd(job.Map));
            return false;
        }

        if (job.Map is null ? job.Parts > 0 : job.Map.Waiting == 0 || (job.Throttle > 0 && job.Parts >= job.Throttle))
        {
            return false;
        }

        foreach (var id in job.Resources!.After)
        {
            var before = book.Find(id)?.Status;
            if (before is null or { IsFinal: true, State: not JobState.Succeeded })
            {
                Finish(job, new JobStatus(JobState.Failed) { Message = $"It was to run after job {id}, and that one ended as {before?.State.ToString() ?? "nothing that is known"}: this one did not run." });
                return false;
            }

            if (!before.IsFinal)
            {
                if (job.Status.Message?.StartsWith("Waits for", StringComparison.Ordinal) != true)
                {
                    job.Status = job.Status with { Message = $"Waits for job {id}." };
                }

                return false;
            }
        }

        return true;
    }

    private void Finish(JobEntry job, JobStatus status)
    {
        _open.Remove(job);
        var final = JobBook.WithRecord(status, job.Record);
        // A worker has written most ends itself; its file is not written a second time.
        if (job.Map is null && ReadStatus(job) is { IsFinal: true } written && (written.State, written.Message) == (final.State, final.Message))
        {
            job.Status = final;
        }
        else
        {
            book.Say(job, final);
        }

        if (job.Map is not null)
        {
            job.Record = job.Record with { End = final };
            TrySave(job);
        }

        (job.Resources, job.Map) = (null, null);
        _wake.Release();
    }

    private void TrySave(JobEntry job)
    {
        try
        {
            book.Save(job);
        }
        catch (EndpointException e)
        {
            // The state in memory is right; only a restart now would know less.
            Console.Error.WriteLine($"job {job.Id}: {e.Message}");
        }
    }
}
