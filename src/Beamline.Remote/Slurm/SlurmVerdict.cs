namespace Beamline.Remote.Slurm;

/// <summary>What was last seen of a job in Slurm.</summary>
/// <param name="Jobs">Its records: one, or several of an array; none when the controller has forgotten it, or did not answer yet.</param>
internal sealed record SlurmSight(IReadOnlyList<SlurmJob> Jobs)
{
    /// <summary>Why nothing newer is known; null when the controller answers.</summary>
    public string? Silence { get; init; }

    /// <summary>Neither the controller nor the accounting knows it.</summary>
    public bool IsGone { get; init; }

    /// <summary>
    /// Without the records of other jobs: numbers begin anew when a cluster is set up anew, or when a controller lost its last notes, and
    /// then the accounting has two jobs of one number.
    /// </summary>
    public SlurmSight Only(string name, string user)
    {
        var own = Jobs.Where(j => j.Name == name && (j.User.Length == 0 || j.User == user)).ToList();
        return own.Count == Jobs.Count ? this : this with { Jobs = own, IsGone = own.Count == 0 };
    }
}

/// <summary>
/// Puts together what the worker wrote and what Slurm says (the table in docs/adr/0054). The worker's last word counts most, because only it
/// knows how the cell ended; Slurm knows how the process ended. That a job is not in the queue says nothing.
/// </summary>
internal static class SlurmVerdict
{
    /// <summary>Said of a job that waited for one that failed.</summary>
    public const string NotRun = "Not run: a job that it needs (--after) did not succeed.";

    /// <param name="ticket">What was noted when the job was sent.</param>
    /// <param name="worker">status.json; null when there is none.</param>
    /// <param name="parts">The same of each task of an array; empty without one.</param>
    /// <param name="sight">What Slurm says, asked before status.json was read.</param>
    /// <param name="isCancelled">Whether this endpoint was asked to stop the job.</param>
    /// <param name="known">The last state that was put together; null for none.</param>
    public static JobStatus Of(
        SlurmTicket ticket, JobStatus? worker, IReadOnlyDictionary<int, JobStatus> parts, SlurmSight sight, bool isCancelled, JobStatus? known)
    {
        var status = sight.Jobs.Count == 0 ? WithoutSlurm(worker, sight, isCancelled, known)
            : ticket.Tasks > 0 ? OfArray(ticket, parts, sight.Jobs, isCancelled)
            : OfJob(worker, sight.Jobs[0], isCancelled);
        if (sight.Silence is { } silence && !status.IsFinal)
        {
            status = status with { Message = silence + (status.Message is { } message ? " Before that: " + message : "") };
        }

        return status with { BatchId = ticket.BatchId.ToString(System.Globalization.CultureInfo.InvariantCulture) };
    }

    private static JobStatus WithoutSlurm(JobStatus? worker, SlurmSight sight, bool isCancelled, JobStatus? known)
    {
        if (worker is { IsFinal: true })
        {
            return worker;
        }

        if (known is { IsFinal: true } || !sight.IsGone)
        {
            return known ?? worker ?? new JobStatus(JobState.Queued);
        }

        return (worker ?? new JobStatus(JobState.Lost)) with
        {
            State = isCancelled ? JobState.Cancelled : JobState.Lost,
            Since = DateTimeOffset.UtcNow,
            Message = isCancelled ? "Cancelled; Slurm has forgotten the job meanwhile."
                : "Slurm does not know the job any more, and its worker left no last word. It may have run in part; its folder has what it wrote.",
        };
    }

    private static JobStatus OfJob(JobStatus? worker, SlurmJob job, bool isCancelled)
    {
        var attempt = job.Restarts + 1;
        // A word of an earlier start says nothing of this one.
        var isOld = worker is not null && worker.Attempt < attempt && job.Restarts > 0;
        if (!job.IsFinal && !isOld && worker is { State: JobState.TimedOut })
        {
            // Told to end, by whom Slurm says when the process has ended; it may be put back into the queue as well. What Slurm said
            // may even be older than the start.
            return worker with { State = JobState.Running, Message = "It was told to end, and saved its state." };
        }

        if (job.IsWaiting)
        {
            // It has started since Slurm was asked.
            if (worker is not null && !isOld)
            {
                return worker;
            }

            if (job.Reason == SlurmReasons.NeverSatisfied)
            {
                return New(JobState.Failed, job) with { Message = NotRun };
            }

            var again = job.Restarts > 0 ? "Slurm has put it back into the queue (its node failed, it was preempted, or somebody requeued it); it starts from its last checkpoint. It " : "It ";
            return New(JobState.Queued, job) with { Message = SlurmReasons.Of(job) is { } reason ? again + reason : null };
        }

        if (job.IsRunning)
        {
            if (worker is not null && !isOld)
            {
                return worker.State == JobState.Queued ? worker with { State = JobState.Running } : worker;
            }

            var running = New(JobState.Running, job);
            return job.State == "CONFIGURING" ? running with { State = JobState.Queued, Message = "Its nodes are being started." }
                : job.State == "SUSPENDED" ? running with { Message = "Slurm has suspended it; it goes on by itself." }
                : running;
        }

        if (worker is { IsFinal: true } && !isOld)
        {
            // The worker only knows that it was told to end; who told it, Slurm knows.
            var told = worker.State is (JobState.TimedOut or JobState.Cancelled) && !isCancelled;
            return told && job.State is ("CANCELLED" or "NODE_FAIL" or "PREEMPTED" or "BOOT_FAIL")
                ? worker with { State = Ended(job, isCancelled).State, Message = Ended(job, isCancelled).Message }
                : told ? worker with { State = JobState.TimedOut, Message = TimeIsUp(job) }
                : worker;
        }

        return Ended(job, isCancelled) with { Host = worker?.Host ?? First(job), Attempt = attempt };
    }

    /// <summary>How a job ended whose worker left no last word.</summary>
    public static JobStatus Ended(SlurmJob job, bool isCancelled)
    {
        var status = New(JobState.Crashed, job) with
        {
            ExitCode = job.Signal == 0 ? job.ExitCode : null,
            Signal = job.Signal == 0 ? null : SignalName(job.Signal),
        };
        return job.State switch
        {
            "COMPLETED" => status with { Message = "Its process ended with exit code 0, but without a last word of the worker, so nothing says that it succeeded." },
            "FAILED" => OfExitCode(status),
            "TIMEOUT" or "DEADLINE" => status with { State = JobState.TimedOut, Message = TimeIsUp(job) },
            "OUT_OF_MEMORY" => status with { State = JobState.OutOfMemory, Message = "Its memory was used up, and it was killed. Ask for more with --memory, or work in smaller pieces." },
            "NODE_FAIL" or "BOOT_FAIL" => status with { State = JobState.Lost, Message = $"{(job.Nodes.Length > 0 ? "A node of " + job.Nodes : "Its node")} failed. It may have run in part; with --requeue Slurm starts such a job again." },
            "PREEMPTED" => status with { State = JobState.Lost, Message = "A job of higher priority took its nodes. It may have run in part; with --requeue Slurm starts such a job again." },
            "REVOKED" => status with { State = JobState.Lost, Message = "Another cluster of the federation runs it." },
            "CANCELLED" when job.Reason == SlurmReasons.NeverSatisfied => status with { State = JobState.Failed, Message = NotRun },
            "CANCELLED" => status with { State = JobState.Cancelled, Message = isCancelled ? null : $"Cancelled {(job.CancelledBy is { } who ? "by " + who : "with scancel, by you or an administrator")}." },
            _ => status with { State = JobState.Lost, Message = $"Slurm says that it ended as {job.State}." },
        };

        static JobStatus OfExitCode(JobStatus status) => status switch
        {
            { Signal: { } signal } => status with { Message = $"Its process was ended by {signal}." },
            { ExitCode: 1 } => status with { State = JobState.Failed, Message = "Its code failed." },
            { ExitCode: 3 } => status with { State = JobState.Refused, Message = "The worker refused it." },
            { ExitCode: 4 } => status with { State = JobState.OutOfMemory, Message = "Its memory was used up. Ask for more with --memory, or work in smaller pieces." },
            { ExitCode: 5 } => status with { State = JobState.TimedOut, Message = "Its time was used up." },
            { ExitCode: 6 } => status with { State = JobState.Cancelled },
            { ExitCode: 126 or 127 } => status with { Message = "The node could not start Beamline: check the fields beamlineCommand and prologue of the endpoint's file." },
            // A shell says a signal like this.
            { ExitCode: > 128 and < 160 and var code } => status with { ExitCode = null, Signal = SignalName(code - 128), Message = $"Its process was ended by {SignalName(code - 128)}." },
            _ => status with { Message = $"Its process ended by itself with exit code {status.ExitCode}." },
        };
    }

    private static JobStatus OfArray(SlurmTicket ticket, IReadOnlyDictionary<int, JobStatus> parts, IReadOnlyList<SlurmJob> jobs, bool isCancelled)
    {
        int waiting = 0, running = 0;
        var ended = new List<(SlurmJob Job, JobStatus Status)>();
        foreach (var job in jobs)
        {
            if (job.IsFinal)
            {
                ended.Add((job, OfJob(int.TryParse(job.Tasks, out var task) ? parts.GetValueOrDefault(task) : null, job, isCancelled)));
            }
            else if (job.IsRunning)
            {
                running += job.Count;
            }
            else
            {
                waiting += job.Count;
            }
        }

        var status = New(JobState.Running, jobs[0]) with { Host = null, Attempt = 1 + jobs.Max(j => j.Restarts) };
        if (waiting + running > 0)
        {
            var never = jobs.FirstOrDefault(j => j.Reason == SlurmReasons.NeverSatisfied);
            if (never is not null)
            {
                return status with { State = JobState.Failed, Message = NotRun };
            }

            var reason = jobs.Where(j => j.IsWaiting).Select(SlurmReasons.Of).FirstOrDefault(r => r is not null);
            var counts = $"{Sum(ended.Select(e => e.Job))} of {ticket.Tasks} tasks ended, {running} run, {waiting} wait.";
            return status with
            {
                State = running == 0 && ended.Count == 0 ? JobState.Queued : JobState.Running,
                Message = reason is null ? counts : $"{counts} The next {reason}",
            };
        }

        var bad = ended.Where(e => e.Status.State != JobState.Succeeded).ToList();
        if (bad.Count == 0)
        {
            return status with { State = JobState.Succeeded };
        }

        var kinds = bad.GroupBy(e => e.Status.State).OrderByDescending(g => Sum(g.Select(e => e.Job))).ToList();
        var first = bad.MinBy(e => e.Job.Tasks?.Length > 0 && int.TryParse(e.Job.Tasks.Split('-', ',')[0], out var n) ? n : int.MaxValue);
        return first.Status with
        {
            State = isCancelled && bad.Any(e => e.Status.State == JobState.Cancelled) ? JobState.Cancelled : kinds[0].Key,
            Host = first.Status.Host,
            Attempt = status.Attempt,
            Message = $"{Sum(bad.Select(e => e.Job))} of {ticket.Tasks} tasks did not succeed: " +
                string.Join("; ", kinds.Select(g => $"{Name(g.Key)}: items {string.Join(", ", g.Take(5).Select(e => Items(ticket, e.Job)))}{(g.Count() > 5 ? ", ..." : "")}")) +
                $". The results of the others can be used. {first.Status.Message}".TrimEnd(),
        };
    }

    /// <summary>Items of a map that a record of Slurm is about.</summary>
    private static string Items(SlurmTicket ticket, SlurmJob job)
    {
        if (job.Tasks is not { } tasks || !int.TryParse(tasks, out var task))
        {
            return job.Tasks is { } list ? $"of tasks {list.Split('%')[0]}" : "?";
        }

        var first = task * ticket.ItemsPerTask;
        var last = Math.Min(first + ticket.ItemsPerTask, ticket.Items) - 1;
        return last > first ? $"{first}-{last}" : $"{first}";
    }

    private static string Name(JobState state) => state switch
    {
        JobState.TimedOut => "timed out",
        JobState.OutOfMemory => "out of memory",
#pragma warning disable CA1308 // Words of a sentence, not keys.
        _ => state.ToString().ToLowerInvariant(),
#pragma warning restore CA1308
    };

    private static int Sum(IEnumerable<SlurmJob> jobs) => jobs.Sum(j => j.Count);

    private static JobStatus New(JobState state, SlurmJob job) => new(state) { Host = First(job), Attempt = job.IsWaiting ? job.Restarts : job.Restarts + 1 };

    /// <summary>The first node of "n[3-5]" or "a1,b2".</summary>
    private static string? First(SlurmJob job)
    {
        if (job.Nodes.Length == 0)
        {
            return null;
        }

        var open = job.Nodes.IndexOf('[', StringComparison.Ordinal);
        var comma = job.Nodes.IndexOf(',', StringComparison.Ordinal);
        return open >= 0 && (comma < 0 || open < comma)
            ? job.Nodes[..open] + new string([.. job.Nodes.Skip(open + 1).TakeWhile(char.IsAsciiDigit)])
            : job.Nodes.Split(',')[0];
    }

    private static string TimeIsUp(SlurmJob job) =>
        $"Its time{(job.TimeLimit is { } limit ? $" of {limit:d\\.hh\\:mm\\:ss}".Replace(" 0.", " ", StringComparison.Ordinal) : "")} was used up. Ask for more with --time; what it saved before is in its checkpoint.";

    private static string SignalName(int number) => number switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        _ => $"signal {number}",
    };
}
