namespace Beamline.Remote.Slurm;

/// <summary>Brings a job into the work folder and into the queue, once, however often it is tried.</summary>
internal sealed class SlurmSubmission(SlurmSettings settings, ISlurmControl control, SlurmFolder folder)
{
    /// <summary>The job's name in Slurm, by which it is found again when nobody heard its number.</summary>
    public static string JobName(string id) => "beamline-" + JobNames.Id(id);

    public async Task<SlurmTicket> SubmitAsync(
        SignedJob signed,
        JobDescription job,
        IReadOnlyDictionary<string, IArraySource> arrays,
        IProgress<(long Sent, long All)>? sent,
        CancellationToken cancellationToken)
    {
        var jobFolder = folder.Of(job.Id);
        var user = await control.UserAsync(cancellationToken).ConfigureAwait(false);
        var before = await folder.Files.ReadAsync([jobFolder + "/job.json", SlurmFolder.Script(jobFolder)], cancellationToken).ConfigureAwait(false);
        if (before[0] is { } other && !other.AsSpan().SequenceEqual(signed.Json))
        {
            throw new EndpointException($"There is another job with the identifier {job.Id} in {folder.Jobs} already.");
        }

        var spread = await SpreadAsync(job, cancellationToken).ConfigureAwait(false);
        var batch = await BatchAsync(job, jobFolder, spread, cancellationToken).ConfigureAwait(false);
        SlurmChecks.Check(batch, await control.PartitionsAsync(cancellationToken).ConfigureAwait(false));

        // A script that is there: it may have been handed over already, and the number got lost.
        long? number = before[1] is null ? null : await control.FindAsync(batch.Name, cancellationToken).ConfigureAwait(false);
        if (number is null)
        {
            await WriteAsync(signed, job, jobFolder, batch, arrays, sent, cancellationToken).ConfigureAwait(false);
            number = await HandOverAsync(batch, cancellationToken).ConfigureAwait(false);
        }

        var ticket = new SlurmTicket(number.Value, user, job.Label, job.Created)
        {
            Tasks = spread?.Tasks ?? 0,
            ItemsPerTask = spread?.ItemsPerTask ?? 0,
            Items = job.Map?.Count ?? 0,
        };
        // Not to be stopped any more: without this the job would run unknown.
        await folder.WriteAsync(SlurmFolder.Ticket(jobFolder), JobJson.Write(ticket), CancellationToken.None).ConfigureAwait(false);
        return ticket;
    }

    private async Task<SlurmScript.Spread?> SpreadAsync(JobDescription job, CancellationToken cancellationToken) => job.Map is not { } map ? null
        : map.Count < 1 ? throw new EndpointException("The map has no items, so there is nothing to run.")
        : SlurmScript.Spread.Of(map.Count, Math.Min(settings.ArrayTasks, await control.MaxArrayTasksAsync(cancellationToken).ConfigureAwait(false)));

    private async Task<SlurmBatch> BatchAsync(JobDescription job, string jobFolder, SlurmScript.Spread? spread, CancellationToken cancellationToken)
    {
        var wants = job.Resources;
        var extra = SlurmExtra.Check(settings.Extra, "the field extra");
        return new SlurmBatch
        {
            Name = JobName(job.Id),
            Folder = jobFolder,
            // Slurm takes % for the start of a pattern, also in the names of folders.
            Output = jobFolder.Replace("%", "%%", StringComparison.Ordinal) + (spread is null ? "/slurm-%j.out" : "/slurm-%A_%a.out"),
            Body = SlurmScript.Body(settings, job, jobFolder, SlurmVersions.Command(settings), settings.Trust ?? folder.Trusted, spread, !control.CanTellScript),
            Nodes = wants.Nodes,
            Tasks = wants.Tasks,
            CpusPerTask = wants.CpusPerTask,
            Gpus = wants.Gpus,
            MemoryMegabytes = (int)Math.Min(int.MaxValue, (wants.MemoryBytes + (1 << 20) - 1) >> 20),
            Minutes = SlurmScript.Minutes(wants.Walltime),
            Partition = wants.Partition ?? settings.Partition,
            Account = wants.Account ?? settings.Account,
            Qos = wants.Qos ?? settings.Qos,
            MayRequeue = wants.MayRequeue,
            After = await AfterAsync(wants.After, cancellationToken).ConfigureAwait(false),
            ArrayTasks = spread?.Tasks ?? 0,
            Throttle = job.Map?.Throttle ?? 0,
            Signal = SlurmScript.Signal(settings, job, !control.CanTellScript),
            Extra = [.. extra, .. SlurmExtra.Check(wants.Extra, "the job")],
        };
    }

    /// <summary>Numbers of jobs that this one waits for. Those that succeeded are left out, because Slurm forgets them.</summary>
    private async Task<IReadOnlyList<long>> AfterAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var numbers = new List<long>();
        foreach (var id in ids)
        {
            var at = folder.Of(id);
            var found = await folder.Files.ReadAsync([SlurmFolder.Ticket(at), SlurmFolder.Status(at)], cancellationToken).ConfigureAwait(false);
            var ticket = SlurmFolder.Parse<SlurmTicket>(found[0]) ?? throw new EndpointException($"There is no job {id} to wait for in {folder.Jobs}.");
            if (SlurmFolder.Parse<JobStatus>(found[1]) is { State: JobState.Succeeded })
            {
                continue;
            }

            numbers.Add(ticket.BatchId);
        }

        return numbers;
    }

    private async Task WriteAsync(
        SignedJob signed,
        JobDescription job,
        string jobFolder,
        SlurmBatch batch,
        IReadOnlyDictionary<string, IArraySource> arrays,
        IProgress<(long Sent, long All)>? sent,
        CancellationToken cancellationToken)
    {
        await folder.Files.CreateFolderAsync(folder.Jobs, cancellationToken).ConfigureAwait(false);
        await SendAsync(arrays, sent, cancellationToken).ConfigureAwait(false);
        await folder.Files.CreateFolderAsync(jobFolder + "/out", cancellationToken).ConfigureAwait(false);
        if (settings.Trust is null)
        {
            await folder.TrustAsync(signed.Signature.KeyId, cancellationToken).ConfigureAwait(false);
        }

        // Of an earlier try, which Slurm does not know any more.
        await folder.Files.DeleteAsync([SlurmFolder.Verdict(jobFolder), SlurmFolder.Status(jobFolder)], cancellationToken).ConfigureAwait(false);
        await folder.WriteAsync(jobFolder + "/job.json", signed.Json, cancellationToken).ConfigureAwait(false);
        await folder.WriteAsync(jobFolder + "/job.sig", JobJson.Write(signed.Signature), cancellationToken).ConfigureAwait(false);
        await folder.WriteAsync(SlurmFolder.Script(jobFolder), System.Text.Encoding.UTF8.GetBytes(SbatchScript.Write(batch)), cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAsync(IReadOnlyDictionary<string, IArraySource> arrays, IProgress<(long Sent, long All)>? sent, CancellationToken cancellationToken)
    {
        if (arrays.Count == 0)
        {
            return;
        }

        var paths = arrays.Keys.ToDictionary(hash => hash, folder.StorePath);
        var there = await folder.Files.UseAsync([.. paths.Values], cancellationToken).ConfigureAwait(false);
        var missing = arrays.Where(a => !there.Contains(paths[a.Key])).ToList();
        var all = missing.Sum(a => a.Value.Array.Bytes);
        long done = 0;
        foreach (var (hash, source) in missing)
        {
            await folder.Files.CreateFolderAsync($"{folder.Store}/{hash[..2]}", cancellationToken).ConfigureAwait(false);
            await folder.Files.WriteAsync(paths[hash], async (stream, token) =>
            {
                await using var hashing = new HashingStream(stream);
                // Sources write as they like; the stream may be a pipe to ssh.
                await Task.Run(() => source.WriteTo(hashing), token).ConfigureAwait(false);
                if (hashing.Finish() != hash)
                {
                    throw new EndpointException("An input changed while it was sent. Run the cell again.");
                }
            }, cancellationToken).ConfigureAwait(false);
            done += source.Array.Bytes;
            sent?.Report((done, all));
        }
    }

    /// <summary>A controller that did not answer may have taken the job: it is asked for the job's name before anybody tries again.</summary>
    private async Task<long> HandOverAsync(SlurmBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            return await control.SubmitAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (EndpointException e) when (e.IsUnreachable)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken).ConfigureAwait(false);
            return await control.FindAsync(batch.Name, cancellationToken).ConfigureAwait(false) ?? throw new EndpointException(e.Message, e) { IsUnreachable = true };
        }
    }
}
