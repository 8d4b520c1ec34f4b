using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>A worker at a job, from its order to its last word.</summary>
internal sealed partial class JobScheduler
{
    private const long LargestStatus = 4 << 20;

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
        var reply = await watch.WaitAsync(worker.RunAsync(folder, range, job.Record.User), job.StopRequested.Task);
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
        catch (Exception e) when (e is EndpointException or IOException)
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
}
