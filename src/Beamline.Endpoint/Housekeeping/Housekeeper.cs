using Beamline.Remote;

namespace Beamline.Endpoint;

/// <summary>
/// Removes old jobs and arrays. The service does it once a day by its policy; 'beamline endpoint prune' at any time, through the service when one
/// runs. One that was removed stays on a list, so that who comes for its results hears what became of them.
/// </summary>
/// <param name="name">Name of the endpoint.</param>
/// <param name="folder">Its files.</param>
/// <param name="book">Its jobs.</param>
/// <param name="store">Its arrays.</param>
/// <param name="audit">Where it is noted what went.</param>
/// <param name="accepting">Held while a job is accepted, whose arrays must not go meanwhile.</param>
internal sealed class Housekeeper(string name, ServiceFolder folder, JobBook book, ArrayStore store, AuditLog audit, Lock accepting)
{
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<PrunedJob> _pruned = PrunedJobs.Parse(File.Exists(folder.Pruned) ? File.ReadAllBytes(folder.Pruned) : null);

    /// <summary>What is known of a job that was removed; null when it was not, or long ago.</summary>
    public PrunedJob? Find(string id) => _pruned.LastOrDefault(j => j.Id == id);

    /// <summary>Removes what the rules do not keep.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="isTrial">Only says what it would remove.</param>
    /// <param name="by">Who asked for it; null for the service itself.</param>
    /// <exception cref="EndpointException">A file cannot be removed.</exception>
    public EndpointPruning Prune(KeepRules rules, bool isTrial, Caller? by)
    {
        lock (_gate)
        {
            var plan = Plan(rules);
            if (isTrial)
            {
                return Report(plan, plan.Jobs.Count, plan.Arrays.Count, plan.Bytes, isTrial);
            }

            var (jobs, arrays, bytes) = (RemoveJobs(plan, rules, by), 0, store.RemoveLeftovers());
            bytes += plan.Jobs.Sum(j => j.Job.Bytes);
            foreach (var array in plan.Arrays)
            {
                lock (accepting)
                {
                    var freed = store.Remove(array);
                    (arrays, bytes) = (arrays + (freed > 0 ? 1 : 0), bytes + freed);
                }
            }

            book.RemoveStrays(TimeSpan.FromDays(1));
            var report = Report(plan, jobs, arrays, bytes, isTrial);
            if (jobs + arrays > 0)
            {
                Note(by, null, report.ToString());
            }

            return report;
        }
    }

    /// <summary>What could go if nothing of what has ended were kept.</summary>
    public string Advice()
    {
        long bytes;
        lock (_gate)
        {
            bytes = Plan(KeepRules.Nothing).Bytes;
        }

        return bytes == 0 ? "No job that has ended is left that could be removed."
            : $"Jobs that have ended and arrays that none needs have {ByteText.Of(bytes)}: its owner removes them with 'beamline endpoint prune --older-than DAYS'.";
    }

    private PrunePlan Plan(KeepRules rules) => PrunePlan.Make(book.All.Select(Facts), store.List(), rules, DateTimeOffset.UtcNow);

    private static EndpointException Stuck(string id, Exception e) => new($"What job {id} left cannot be removed: {e.Message}", e);

    private JobFacts Facts(JobEntry job)
    {
        var status = job.Status;
        var facts = new JobFacts(job.Id, status.IsFinal, status.Since, Size(job));
        return facts.With(Try(() => job.Folder.ReadJob()), Try(() => job.Folder.ReadOutputs()), folder.Jobs);
    }

    private static long Size(JobEntry job)
    {
        try
        {
            return job.Folder.SizeBytes();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A job that runs removes files as it likes.
            return 0;
        }
    }

    private static T? Try<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is EndpointException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private int RemoveJobs(PrunePlan plan, KeepRules rules, Caller? by)
    {
        if (plan.Jobs.Count == 0)
        {
            return 0;
        }

        // First the note, then the files: nobody may look for what is half gone without hearing why.
        var now = DateTimeOffset.UtcNow;
        var gone = plan.Jobs.Select(j => (j.Job.Id, Entry: book.Find(j.Job.Id)!, Why: PrunedJobs.Why(rules, j.IsForRoom, by is not null))).ToArray();
        Keep(PrunedJobs.Write(_pruned, gone.Select(g => new PrunedJob(g.Id, g.Entry.Record.User, g.Entry.Record.Label, now, g.Why)), now));
        foreach (var (id, entry, why) in gone)
        {
            try
            {
                book.Remove(entry);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Stuck(id, e);
            }

            Note(by, entry, $"{entry.Record.User}'s job was removed {why}.");
        }

        return gone.Length;
    }

    private void Keep(byte[] list)
    {
        try
        {
            PrivateFile.Replace(folder.Pruned, list);
        }
        catch (IOException e) when (DiskFullException.Is(e))
        {
            // There is room as soon as the first job is gone; until the service ends, it knows by itself.
            Console.Error.WriteLine($"{folder.Pruned}: {e.Message}");
        }

        _pruned = PrunedJobs.Parse(list);
    }

    private EndpointPruning Report(PrunePlan plan, int jobs, int arrays, long bytes, bool isTrial) => new(name, isTrial, jobs, arrays, bytes, plan.BytesLeft);

    private void Note(Caller? by, JobEntry? job, string reason) => audit.Write(
        new AuditLine(DateTimeOffset.UtcNow, "prune", "done") { User = by?.User, Token = by?.TokenId, Job = job?.Id, Status = 200, Reason = reason });
}
