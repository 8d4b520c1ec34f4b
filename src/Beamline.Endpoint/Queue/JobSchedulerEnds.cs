using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>What becomes of a job when a worker is done with it.</summary>
internal sealed partial class JobScheduler
{
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
}
