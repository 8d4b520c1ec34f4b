using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>Jobs of an earlier service.</summary>
internal sealed partial class JobScheduler
{
    private void Recover(JobEntry job)
    {
        lock (_gate)
        {
            try
            {
                Submission.Describe(job, job.Folder.ReadJob());
                job.Map?.Collect(job.Folder.Layout.Folder);
            }
            catch (Exception e) when (e is EndpointException or IOException or UnauthorizedAccessException)
            {
                // One folder that was damaged, or tampered with, must not keep the service from all the others.
                job.Map = null;
                job.Record = job.Record with { End = job.Record.Items is null ? null : Unreadable(e) };
                TrySave(job);
                book.Say(job, Unreadable(e));
                return;
            }

            _open.Add(job);
            if (job.Record.IsCancelRequested)
            {
                job.StopRequested.TrySetResult();
            }

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
                foreach (var run in runs.TakeWhile(_ => !job.Status.IsFinal))
                {
                    Readopt(job, run);
                }
            }
        }
    }

    private static JobStatus Unreadable(Exception e) =>
        new(JobState.Lost) { Message = $"Its folder cannot be read any more: {e.Message} Send it again." };

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
