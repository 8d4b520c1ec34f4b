namespace Beamline.Remote.Slurm;

/// <summary>Removes old jobs and arrays from a work folder, when somebody asks for it: there is no service that would do it by itself.</summary>
/// <param name="name">Name of the endpoint.</param>
/// <param name="folder">Its work folder.</param>
/// <param name="control">Who knows which jobs have ended.</param>
/// <param name="time">The clock.</param>
internal sealed class SlurmHousekeeping(string name, SlurmFolder folder, ISlurmControl control, TimeProvider time)
{
    /// <summary>A folder without a note of its number may be one that is just being sent.</summary>
    private static readonly TimeSpan LongestSending = TimeSpan.FromDays(1);

    /// <summary>Removes what the rules do not keep.</summary>
    /// <exception cref="EndpointException">Slurm does not say which jobs have ended, or a file cannot be removed.</exception>
    public async Task<EndpointPruning> PruneAsync(KeepRules rules, bool isTrial, bool isByHand, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var user = await control.UserAsync(cancellationToken).ConfigureAwait(false);
        var (jobs, labels) = await JobsAsync(user, now, cancellationToken).ConfigureAwait(false);
        var plan = PrunePlan.Make(jobs, await ArraysAsync(cancellationToken).ConfigureAwait(false), rules, now);
        if (!isTrial && plan.Jobs.Count > 0)
        {
            // First the note, then the files: nobody may look for what is half gone without hearing why.
            await NoteAsync(plan.Jobs.Select(j => new PrunedJob(
                j.Job.Id, user, labels[j.Job.Id], now, PrunedJobs.Why(rules, j.IsForRoom, isByHand))), now, cancellationToken).ConfigureAwait(false);
            await folder.Files.DeleteAsync([.. plan.Jobs.Select(j => folder.Of(j.Job.Id))], cancellationToken).ConfigureAwait(false);
        }

        if (!isTrial && plan.Arrays.Count > 0)
        {
            // A job that was sent meanwhile has said that it uses its arrays.
            await folder.Files.DeleteUnusedAsync(
                [.. plan.Arrays.Select(a => folder.StorePath(a.Sha256))], plan.Arrays.Max(a => a.Used).AddSeconds(1), cancellationToken).ConfigureAwait(false);
        }

        return new EndpointPruning(name, isTrial, plan.Jobs.Count, plan.Arrays.Count, plan.Bytes, plan.BytesLeft);
    }

    private async Task<(List<JobFacts> Jobs, Dictionary<string, string> Labels)> JobsAsync(string user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var files = (await folder.Files.TreeAsync(folder.Jobs, cancellationToken).ConfigureAwait(false)).ToLookup(f => f.Path.Split('/')[0]);
        var ids = files.Select(g => g.Key).Where(id => JobNames.IsHex(id, 32)).ToArray();
        var found = await folder.Files.ReadAsync(
            [.. ids.SelectMany(id => (string[])[SlurmFolder.Ticket(folder.Of(id)), folder.Of(id) + "/job.json", folder.Of(id) + "/out/outputs.json"])], cancellationToken).ConfigureAwait(false);
        var tickets = ids.Select((_, i) => SlurmFolder.Parse<SlurmTicket>(found[3 * i])).ToArray();
        var numbers = tickets.OfType<SlurmTicket>().Select(t => t.BatchId).Distinct().ToArray();
        // After the notes were read: a job that has one is in Slurm's list, unless it has ended.
        var alive = numbers.Length == 0 ? []
            : (await control.JobsAsync(numbers, cancellationToken).ConfigureAwait(false)).Where(j => !j.IsFinal).Select(j => j.Name).ToHashSet(StringComparer.Ordinal);
        var jobs = new List<JobFacts>();
        for (var i = 0; i < ids.Length; i++)
        {
            var written = files[ids[i]].Max(f => f.Written);
            var isFinal = tickets[i] is { } ticket
                ? ticket.User == user && !alive.Contains(SlurmSubmission.JobName(ids[i]))
                : now - written > LongestSending && await control.FindAsync(SlurmSubmission.JobName(ids[i]), cancellationToken).ConfigureAwait(false) is null;
            var facts = new JobFacts(ids[i], isFinal, written, files[ids[i]].Sum(f => f.Bytes));
            jobs.Add(facts.With(Description(found[(3 * i) + 1]), SlurmFolder.Parse<JobValue[]>(found[(3 * i) + 2]), folder.Jobs));
        }

        return (jobs, ids.Zip(tickets).ToDictionary(p => p.First, p => p.Second?.Label ?? "never handed over"));
    }

    private async Task<IEnumerable<ArrayFacts>> ArraysAsync(CancellationToken cancellationToken) =>
        (await folder.Files.TreeAsync(folder.Store, cancellationToken).ConfigureAwait(false))
            .Select(f => (File: f, Parts: f.Path.Split('/')))
            .Where(f => f.Parts is [{ Length: 2 } first, var hash] && JobNames.IsHex(hash, 64) && hash.StartsWith(first, StringComparison.Ordinal))
            .Select(f => new ArrayFacts(f.Parts[1], f.File.Bytes, f.File.Written));

    private static JobDescription? Description(byte[]? json)
    {
        try
        {
            return json is null ? null : JobDescriptionFile.Read(json);
        }
        catch (EndpointException)
        {
            // Damaged: nobody can run it, so that it names nothing.
            return null;
        }
    }

    private Task NoteAsync(IEnumerable<PrunedJob> gone, DateTimeOffset now, CancellationToken cancellationToken) =>
        new SlurmFolderLock(folder.Files, folder.Pruned + ".lock").RunAsync(async _ =>
        {
            var known = PrunedJobs.Parse((await folder.Files.ReadAsync([folder.Pruned], cancellationToken).ConfigureAwait(false))[0]);
            await folder.WriteAsync(folder.Pruned, PrunedJobs.Write(known, gone, now), cancellationToken).ConfigureAwait(false);
        }, cancellationToken);
}
