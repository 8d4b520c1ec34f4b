using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Gives jobs to workers: fair among users, in order for each, as many at a time as the machine should do.</summary>
internal sealed class JobScheduler(ServiceOptions options, JobBook book, WorkerPool pool, IWorkerLauncher launcher, PolicySource policies) : IAsyncDisposable
{
    private const long LargestStatus = 4 << 20;

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

            await _wake.WaitAsync(TimeSpan.FromSeconds(1));
            if (DateTimeOffset.UtcNow - tidied > TimeSpan.FromSeconds(1))
            {
                tidied = DateTimeOffset.UtcNow;
                book.SaveLate();
                await pool.RetireAsync();
            }
        }
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

    private async Task RunAsync(JobEntry job, ItemRange? range)
    {
        try
        {
            var worker = await pool.TakeAsync(job.Record.User, _end.Token);
            if (Begin(job, range, worker))
            {
                await FollowAsync(job, range, worker);
            }
            else
            {
                await pool.ReturnAsync(worker, job.Record.User);
                EndPart(job, null);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // Nothing was started: the next service does it.
        }
        catch (Exception e)
        {
            EndPart(job, new JobStatus(JobState.Crashed) { Message = $"The endpoint could not run it: {e.Message}" });
        }
    }

    /// <summary>Notes who is about to run a job, before anybody does. False when it is not to run any more.</summary>
    private bool Begin(JobEntry job, ItemRange? range, IWorker worker)
    {
        lock (_gate)
        {
            if (job.Record.IsCancelRequested || _end.IsCancellationRequested)
            {
                return false;
            }

            var isFirst = job.Record.Runs.Count == 0 && job.Record.Started is null;
            job.Record = job.Record with
            {
                Attempt = isFirst ? job.Record.Attempt + 1 : job.Record.Attempt,
                Started = job.Record.Started ?? DateTimeOffset.UtcNow,
                Runs = [.. job.Record.Runs, new RunRecord(worker.Trace) { Range = range }],
            };
            book.Save(job);
            _busy.Add(worker);
            if (job.Status.State != JobState.Running)
            {
                job.Status = new JobStatus(JobState.Running)
                {
                    Attempt = job.Record.Attempt,
                    Host = Environment.MachineName,
                    ProcessId = worker.Trace.ProcessId,
                    Message = job.Record.Note,
                };
            }

            return true;
        }
    }

    private async Task FollowAsync(JobEntry job, ItemRange? range, IWorker worker)
    {
        var policy = PolicyOrNone();
        var walltime = job.Resources!.Walltime ?? policy.LongestWalltime;
        var memory = job.Resources.MemoryBytes > 0 ? job.Resources.MemoryBytes : policy.MemoryBytes;
        var folder = job.Folder.Layout.Folder;
        var watch = new RunWatch(worker, folder, options) { Deadline = job.Record.Started + walltime, MemoryBytes = memory };
        var reply = await watch.WaitAsync(worker.RunAsync(folder, range), job.StopRequested.Task);
        if (_end.IsCancellationRequested)
        {
            // The next service finds how it ended.
            return;
        }

        var outcome = new RunOutcome
        {
            Reply = reply,
            Written = range is null ? ReadStatus(job) : ReadStatus(job, range),
            Stop = watch.Reason,
            KernelKilled = reply.ExitCode == 137 && watch.KernelKilled,
            Walltime = walltime,
            MemoryLimitBytes = memory,
            MemoryBytes = watch.FoundBytes,
        };
        // First the worker, so that the next job finds it warm. One that was told to end may still look alive.
        await (watch.WasTold ? worker.DisposeAsync().AsTask() : pool.ReturnAsync(worker, job.Record.User));
        EndRun(job, range, worker, outcome);
    }

    private async Task FollowAdoptedAsync(JobEntry job, ItemRange? range, IWorker worker)
    {
        try
        {
            await FollowAsync(job, range, worker);
        }
        catch (Exception e)
        {
            EndPart(job, new JobStatus(JobState.Lost) { Message = $"The endpoint could not follow it: {e.Message}" });
        }
    }

    private EndpointPolicy PolicyOrNone()
    {
        try
        {
            return policies.Policy();
        }
        catch (RefusedException)
        {
            // Broken since the job was accepted: it runs by its own limits, and new ones are refused.
            return new EndpointPolicy();
        }
    }

    private static JobStatus? ReadStatus(JobEntry job)
    {
        try
        {
            return job.Folder.ReadStatus();
        }
        catch (EndpointException)
        {
            return null;
        }
    }

    /// <summary>What a worker wrote of its part of a map: a file of its own, because several are at it.</summary>
    private static JobStatus? ReadStatus(JobEntry job, ItemRange range)
    {
        try
        {
            return JobJson.Read<JobStatus>(Beneath.ReadAll(LargestStatus, job.Folder.Layout.Folder, $"status.{range.Text}.json"), "status.json");
        }
        catch (Exception e) when (e is EndpointException or IOException)
        {
            return null;
        }
    }

    private void EndRun(JobEntry job, ItemRange? range, IWorker worker, RunOutcome outcome)
    {
        JobStatus? end;
        lock (_gate)
        {
            _busy.Remove(worker);
            job.Record = job.Record with { Runs = [.. job.Record.Runs.Where(r => r.Worker != worker.Trace)] };
            end = range is null ? EndOfJob(job, outcome) : EndOfRange(job, range, outcome);
            TrySave(job);
        }

        EndPart(job, end);
    }

    /// <summary>Frees the place of a worker, and ends the job when that was its last one.</summary>
    private void EndPart(JobEntry job, JobStatus? end)
    {
        lock (_gate)
        {
            _running--;
            _turn.Ended(job.Record.User);
            job.Parts--;
            if (end is not null && job.Map is { } failing && job.Parts > 0 && !failing.IsComplete)
            {
                // Other workers are at other items: they are stopped, and the last one of them ends the job.
                failing.Close();
                job.MapEnd = end;
                job.StopRequested.TrySetResult();
            }
            else if (job.Parts == 0 && !job.Status.IsFinal)
            {
                var final = job.MapEnd ?? end
                    ?? (job.Record.IsCancelRequested ? new JobStatus(JobState.Cancelled) { Message = CancelWords(job) ?? "Cancelled before it ran." } : null)
                    ?? (job.Map is { IsComplete: true } map ? MapEnd(map) : null);
                if (final is not null)
                {
                    Finish(job, final);
                }
            }
        }

        _wake.Release();
    }

    private JobStatus? EndOfJob(JobEntry job, RunOutcome outcome)
    {
        if (outcome.NeverBegan && job.Record.Attempt < options.MostAttempts)
        {
            job.Record = job.Record with { Started = null };
            job.Status = new JobStatus(JobState.Queued) { Attempt = job.Record.Attempt, Message = job.Record.Note };
            return null;
        }

        if (!outcome.IsLost || !job.Resources!.MayRequeue || job.Record.Attempt >= options.MostAttempts)
        {
            return outcome.Status();
        }

        Requeue(job, $"Started again (attempt {job.Record.Attempt + 1}): its process was gone, and may have done a part of the work.");
        return null;
    }

    private void Requeue(JobEntry job, string why)
    {
        job.Record = job.Record with { Started = null, Note = why };
        book.Say(job, new JobStatus(JobState.Queued) { Attempt = job.Record.Attempt, Message = why });
    }

    private static JobStatus? EndOfRange(JobEntry job, ItemRange range, RunOutcome outcome)
    {
        var map = job.Map!;
        var folder = job.Folder.Layout.Folder;
        map.Collect(folder);
        var status = outcome.Status();
        if (outcome.Stop is StopReason.TimedOut)
        {
            return status with { Message = $"{status.Message} {map.Done} of {map.Count} items were done." };
        }

        if (outcome.Stop is StopReason.Cancelled)
        {
            return null;
        }

        // No item ran at all: the cell itself is at fault, and all items would fail alike.
        if (status.State is JobState.Refused || (status.State is JobState.Failed && !map.HasEnded(range)))
        {
            return status;
        }

        var error = new JobError(status.State == JobState.Succeeded ? "NoResult" : status.State.ToString(), status.Message ?? "The worker said nothing of this item.", []);
        var (culprit, isFinal, left) = map.End(range, error);
        if (culprit is not null)
        {
            TellOfLoss(job, culprit, isFinal, left, error);
        }

        return null;
    }

    /// <summary>What became of items whose worker is gone stands where results of items stand.</summary>
    private static void TellOfLoss(JobEntry job, ItemRange culprit, bool isFinal, int left, JobError error)
    {
        try
        {
            using var events = job.Folder.OpenEvents();
            var time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
            if (isFinal)
            {
                events.Append(new JobEvent("item") { Time = time, Item = culprit.First, Error = error, Attempt = culprit.Attempt });
            }

            var again = isFinal ? left - 1 : left;
            if (again > 0)
            {
                events.Append(new JobEvent("warning")
                {
                    Time = time,
                    Text = $"A worker ended at item {culprit.First}: {error.Message} {again} item{(again == 1 ? " is" : "s are")} run again{(isFinal ? "" : ", the first of them may have run in part")}.",
                });
            }
        }
        catch (EndpointException e)
        {
            Console.Error.WriteLine($"job {job.Id}: {e.Message}");
        }
    }

    private static JobStatus MapEnd(MapProgress map)
    {
        if (map.Failed.Count == 0)
        {
            return new JobStatus(JobState.Succeeded) { ExitCode = 0 };
        }

        var shown = string.Join(", ", map.Failed.Keys.Take(10)) + (map.Failed.Count > 10 ? ", ..." : "");
        return new JobStatus(JobState.Failed)
        {
            Message = $"{map.Failed.Count} of {map.Count} items failed: {shown}. The results of the others are there.",
            Error = map.Failed.Values.First(),
        };
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

    private void Recover(JobEntry job)
    {
        lock (_gate)
        {
            try
            {
                Submission.Describe(job, job.Folder.ReadJob());
            }
            catch (Exception e) when (e is EndpointException or IOException)
            {
                book.Say(job, new JobStatus(JobState.Lost) { Message = $"Its job.json cannot be read any more: {e.Message}" });
                return;
            }

            _open.Add(job);
            if (job.Record.IsCancelRequested)
            {
                job.StopRequested.TrySetResult();
            }

            job.Map?.Collect(job.Folder.Layout.Folder);
            foreach (var run in job.Record.Runs)
            {
                job.Map?.MarkOut(run.Range!);
            }

            if (job.Record.IsCancelRequested)
            {
                job.Map?.Close();
            }

            var runs = job.Record.Runs;
            if (runs.Count == 0 && job.Record.IsCancelRequested)
            {
                Finish(job, new JobStatus(JobState.Cancelled) { Message = CancelWords(job) ?? "Cancelled before it ran." });
            }
            else if (runs.Count == 0 && job.Map is null && job.Record.Started is not null && job.Status.State == JobState.Running)
            {
                // Its end was being written when the service was killed.
                Finish(job, new RunOutcome { Reply = new WorkerReply(null, null, true), Written = ReadStatus(job) }.Status());
            }
            else
            {
                foreach (var run in runs)
                {
                    Readopt(job, run);
                }
            }
        }
    }

    /// <summary>Follows a worker of an earlier service to its end, or finds that it is gone.</summary>
    private void Readopt(JobEntry job, RunRecord run)
    {
        // A worker says that it runs a job before it does; what was not said was not begun.
        var wasBegun = run.Range is not null || ReadStatus(job) is not { State: JobState.Queued };
        _running++;
        _turn.Began(job.Record.User);
        job.Parts++;
        if (launcher.Adopt(run.Worker) is { } worker)
        {
            _busy.Add(worker);
            job.Status = job.Status with { State = JobState.Running, ProcessId = run.Worker.ProcessId, Host = Environment.MachineName };
            _ = Task.Run(() => FollowAdoptedAsync(job, run.Range, worker));
        }
        else if (wasBegun)
        {
            EndRun(job, run.Range, new AdoptedWorker(run.Worker), new RunOutcome { Reply = new WorkerReply(null, null, true), Written = run.Range is null ? ReadStatus(job) : ReadStatus(job, run.Range) });
        }
        else
        {
            job.Record = job.Record with { Runs = [], Started = null, Attempt = Math.Max(0, job.Record.Attempt - 1) };
            TrySave(job);
            EndPart(job, null);
        }
    }
}
