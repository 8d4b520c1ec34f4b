using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Beamline.Remote.Slurm;

/// <summary>An endpoint that is a cluster with Slurm. There is no service of ours: jobs are folders on the file system that the nodes share.</summary>
internal sealed class SlurmEndpointConnection : IEndpointConnection
{
    private readonly SlurmSettings _settings;
    private readonly ISlurmControl _control;
    private readonly ICommandHost? _host;
    private readonly SlurmSubmission _submission;
    private readonly SlurmFolder _folder;
    private readonly SlurmPoller _poller;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, Known> _known = [];

    /// <param name="name">Name of the endpoint.</param>
    /// <param name="settings">What its file says.</param>
    public SlurmEndpointConnection(string name, SlurmSettings settings)
        : this(name, settings, Host(settings))
    {
    }

    private SlurmEndpointConnection(string name, SlurmSettings settings, ICommandHost? host)
        : this(
            name,
            settings,
            host,
            settings.Via.Kind == SlurmViaKind.Rest ? new RestControl(settings.Via) : new CliControl(host!, host is SshHost ? settings.Via.Conf : null),
            host is SshHost ? new SshFiles(host) : new SharedFiles())
    {
    }

    internal SlurmEndpointConnection(
        string name, SlurmSettings settings, ICommandHost? host, ISlurmControl control, IJobFiles files, TimeProvider? time = null)
    {
        Name = name;
        (_settings, _host, _control, _time) = (settings, host, control, time ?? TimeProvider.System);
        _folder = new SlurmFolder(files, settings.WorkFolder);
        _poller = new SlurmPoller(control, _time);
        _submission = new SlurmSubmission(settings, control, _folder);
    }

    public string Name { get; }

    internal ISlurmControl Control => _control;

    public async Task<EndpointInfo> InfoAsync(CancellationToken cancellationToken)
    {
        var partitions = await _control.PartitionsAsync(cancellationToken).ConfigureAwait(false);
        SlurmChecks.Check(new SlurmBatch { Name = "", Folder = "", Body = "", Output = "", Partition = _settings.Partition }, partitions);
        await _folder.Files.CreateFolderAsync(_folder.Jobs, cancellationToken).ConfigureAwait(false);
        var (beamline, runtime) = await new SlurmVersions(_settings, _host).AskAsync(cancellationToken).ConfigureAwait(false);
        var mine = partitions.Where(p => _settings.Partition is { } name ? name.Split(',').Contains(p.Name) : p.IsDefault).ToList();
        return new EndpointInfo(Name, "slurm", _host is SshHost ? _host.Name : Environment.MachineName, beamline, "net" + string.Join('.', runtime.Split('.').Take(2)), runtime)
        {
            Rid = _host is SshHost ? "" : RuntimeInformation.RuntimeIdentifier,
            LongestWalltime = mine.Count == 0 || mine.Any(p => p.LongestTime is null) ? null : mine.Max(p => p.LongestTime),
            Gpus = await GpusAsync(mine, cancellationToken).ConfigureAwait(false),
            SharedStore = _folder.Files.IsShared ? _folder.Store : null,
        };
    }

    public async Task<JobStatus> SubmitAsync(
        SignedJob job, IReadOnlyDictionary<string, IArraySource> arrays, IProgress<(long Sent, long All)>? sent, CancellationToken cancellationToken)
    {
        var known = JobDescriptionFile.Read(job.Json);
        var entry = _known.GetOrAdd(known.Id, _ => new Known());
        await entry.Submitting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await _folder.ReadAsync<SlurmTicket>(SlurmFolder.Ticket(_folder.Of(known.Id)), cancellationToken).ConfigureAwait(false) is null)
            {
                entry.Ticket = await SubmitAsync(job, known, arrays, sent, cancellationToken).ConfigureAwait(false);
                (entry.Last, entry.EndedAt) = (null, null);
                _poller.Hurry(entry.Ticket.BatchId);
            }
        }
        finally
        {
            entry.Submitting.Release();
        }

        return await StatusAsync(known.Id, cancellationToken).ConfigureAwait(false);
    }

    public async Task<JobStatus> StatusAsync(string jobId, CancellationToken cancellationToken)
    {
        var folder = _folder.Of(jobId);
        var (entry, ticket) = await TicketAsync(jobId, cancellationToken).ConfigureAwait(false);
        var sight = (await _poller.LookAsync(ticket.BatchId, cancellationToken).ConfigureAwait(false))
            .Only(SlurmSubmission.JobName(jobId), ticket.User);

        // After Slurm was asked: what the worker wrote before its process ended is then there.
        var found = await _folder.Files.ReadAsync(
            [SlurmFolder.Status(folder), SlurmFolder.CancelMark(folder), SlurmFolder.Verdict(folder)], cancellationToken).ConfigureAwait(false);
        var worker = SlurmFolder.Parse<JobStatus>(found[0]);
        var isCancelled = found[1] is not null;
        entry.Last ??= SlurmFolder.Parse<JobStatus>(found[2]);
        if (entry.Last is not null && IsOfEarlierRun(entry.Last, ticket, worker))
        {
            entry.Last = null;
        }

        if (entry.Last is { IsFinal: true } last && sight.Jobs.All(j => j.IsFinal && j.Restarts < Math.Max(1, last.Attempt)))
        {
            return last;
        }

        if (worker is { IsFinal: true } && sight.Jobs.Any(j => !j.IsFinal))
        {
            _poller.Expect();
        }

        if (sight.Jobs.Any(j => j is { IsWaiting: true, Reason: SlurmReasons.NeverSatisfied }))
        {
            // It would wait for ever.
            await _control.CancelAsync(ticket.BatchId, cancellationToken).ConfigureAwait(false);
        }

        var parts = await PartsAsync(folder, ticket, sight, cancellationToken).ConfigureAwait(false);
        var status = SlurmVerdict.Of(ticket, worker, parts, sight, isCancelled, entry.Last);
        if (!status.IsFinal)
        {
            entry.EndedAt = null;
        }
        else if (worker?.State != status.State && !sight.IsGone)
        {
            // What a node wrote last may not be here yet: a network's file systems are late.
            entry.EndedAt ??= _time.GetTimestamp();
            if (MayBeLate(status) && _time.GetElapsedTime(entry.EndedAt.Value) < _settings.Grace)
            {
                return status with { State = JobState.Running, Message = "Its process has ended; its last words are awaited." };
            }

            status = await WithOutputAsync(folder, status, cancellationToken).ConfigureAwait(false);
            await _folder.WriteAsync(SlurmFolder.Verdict(folder), JobJson.Write(status), cancellationToken).ConfigureAwait(false);
        }

        if (entry.Last is { } before && before.State == status.State)
        {
            status = status with { Since = before.Since };
        }

        if (!sight.IsGone)
        {
            entry.Last = status;
        }

        return status;
    }

    public async Task<JobEvents> EventsAsync(string jobId, long offset, TimeSpan wait, CancellationToken cancellationToken)
    {
        var path = _folder.Of(jobId) + "/display.jsonl";
        var started = _time.GetTimestamp();
        while (true)
        {
            // The state first: what was shown before it became final is then in the file.
            var status = await StatusAsync(jobId, cancellationToken).ConfigureAwait(false);
            var left = wait - _time.GetElapsedTime(started);
            var look = status.IsFinal || left < TimeSpan.Zero ? TimeSpan.Zero : left < SlurmPoller.Shortest ? left : SlurmPoller.Shortest;
            var (events, next) = await SlurmEvents.ReadAsync(_folder.Files, path, offset, look, cancellationToken).ConfigureAwait(false);
            if (next != offset || status.IsFinal || left <= TimeSpan.Zero)
            {
                // With events a final state could hide those that come after them.
                return new JobEvents(events, next, status);
            }
        }
    }

    public async Task CancelAsync(string jobId, CancellationToken cancellationToken)
    {
        var (entry, ticket) = await TicketAsync(jobId, cancellationToken).ConfigureAwait(false);
        var jobs = await _control.JobsAsync([ticket.BatchId], cancellationToken).ConfigureAwait(false);
        if (jobs.FirstOrDefault(j => j.User.Length > 0 && j.User != ticket.User) is { } foreign)
        {
            throw new EndpointException($"Slurm's job {ticket.BatchId} belongs to {foreign.User}, not to {ticket.User}: it is left alone.");
        }

        if (jobs.All(j => j.IsFinal || j.Name != SlurmSubmission.JobName(jobId)))
        {
            return;
        }

        await _folder.WriteAsync(SlurmFolder.CancelMark(_folder.Of(jobId)), [], cancellationToken).ConfigureAwait(false);
        await _control.CancelAsync(ticket.BatchId, cancellationToken).ConfigureAwait(false);
        entry.EndedAt = null;
        _poller.Hurry(ticket.BatchId);
    }

    public async Task<IReadOnlyList<JobValue>> OutputsAsync(string jobId, CancellationToken cancellationToken)
    {
        await TicketAsync(jobId, cancellationToken).ConfigureAwait(false);
        var outputs = await _folder.ReadAsync<JobValue[]>(_folder.Of(jobId) + "/out/outputs.json", cancellationToken).ConfigureAwait(false);
        if (outputs is null)
        {
            await RefuseIfPrunedAsync(jobId, cancellationToken).ConfigureAwait(false);
            return [];
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            JobChecks.Check(outputs[i], "outputs.json", $"[{i}]");
        }

        return outputs;
    }

    public async Task<string> FetchAsync(string jobId, JobArray array, string folder, CancellationToken cancellationToken)
    {
        var there = $"{_folder.Of(jobId)}/out/{OutputFolderSink.NameOf(array)}";
        try
        {
            return await FetchFromAsync(there, array, folder, cancellationToken).ConfigureAwait(false);
        }
        catch (EndpointException)
        {
            await RefuseIfPrunedAsync(jobId, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<string> FetchFromAsync(string there, JobArray array, string folder, CancellationToken cancellationToken)
    {
        if (_folder.Files.IsShared)
        {
            await using var file = File.Exists(there) ? File.OpenRead(there) : throw new EndpointException($"The result {there} is not there any more: somebody has cleaned up the work folder. Run the cell again.");
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false)) == array.Sha256
                ? there
                : throw new EndpointException($"The result {there} was changed since the job wrote it. Run the cell again.");
        }

        var here = Path.Combine(folder, OutputFolderSink.NameOf(array));
        var part = PrivateFile.TemporaryName(here);
        try
        {
            string hash;
            await using (var file = PrivateFile.Create(part))
            await using (var hashing = new HashingStream(file))
            {
                await _folder.Files.CopyAsync(there, hashing, cancellationToken).ConfigureAwait(false);
                hash = hashing.Finish();
            }

            if (hash != array.Sha256)
            {
                throw new EndpointException($"The result {there} on {_host?.Name} was changed since the job wrote it, or the line broke. Try again, or run the cell again.");
            }

            File.Move(part, here, overwrite: true);
            return here;
        }
        finally
        {
            File.Delete(part);
        }
    }

    public async Task<IReadOnlyList<JobSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var ids = (await _folder.Files.ListAsync(_folder.Jobs, cancellationToken).ConfigureAwait(false)).Where(n => JobNames.IsHex(n, 32)).ToList();
        var tickets = await _folder.Files.ReadAsync([.. ids.Select(id => SlurmFolder.Ticket(_folder.Of(id)))], cancellationToken).ConfigureAwait(false);
        var jobs = new List<JobSummary>();
        foreach (var (id, bytes) in ids.Zip(tickets))
        {
            if (SlurmFolder.Parse<SlurmTicket>(bytes) is { } ticket)
            {
                jobs.Add(new JobSummary(id, ticket.Label, ticket.Created, await StatusAsync(id, cancellationToken).ConfigureAwait(false)));
            }
        }

        return [.. jobs.OrderByDescending(j => j.Created)];
    }

    public Task<EndpointPruning> PruneAsync(double? olderThanDays, bool isTrial, CancellationToken cancellationToken) =>
        Housekeeping.PruneAsync(_settings.Keep.OlderThan(olderThanDays), isTrial, olderThanDays is not null, cancellationToken);

    public ValueTask DisposeAsync() => _control.DisposeAsync();

    private static ICommandHost? Host(SlurmSettings settings) => settings.Via.Kind switch
    {
        SlurmViaKind.Ssh => new SshHost(settings.Via, UserFolder.Of("ssh")),
        SlurmViaKind.Cli => new LocalHost(settings.Via.Conf),
        _ => null,
    };

    private async Task<(Known Entry, SlurmTicket Ticket)> TicketAsync(string jobId, CancellationToken cancellationToken)
    {
        var folder = _folder.Of(jobId);
        var entry = _known.GetOrAdd(jobId, _ => new Known());
        entry.Ticket ??= await _folder.ReadAsync<SlurmTicket>(SlurmFolder.Ticket(folder), cancellationToken).ConfigureAwait(false);
        if (entry.Ticket is not { } ticket)
        {
            _known.TryRemove(jobId, out _);
            await RefuseIfPrunedAsync(jobId, cancellationToken).ConfigureAwait(false);
            throw new EndpointException($"There is no job {jobId} in {_folder.Jobs}. #!jobs lists those that are known.");
        }

        var user = await _control.UserAsync(cancellationToken).ConfigureAwait(false);
        return ticket.User == user ? (entry, ticket)
            : throw new EndpointException($"The job {jobId} belongs to {ticket.User}; you are {user} there. Each user has a work folder of their own (the field workFolder).");
    }

    private async Task<IReadOnlyList<string>> GpusAsync(List<SlurmPartition> partitions, CancellationToken cancellationToken)
    {
        try
        {
            var nodes = await _control.NodesAsync(cancellationToken).ConfigureAwait(false);
            return SlurmGres.Gpus(nodes.Where(n => partitions.Count == 0 || n.Partitions.Any(p => partitions.Any(m => m.Name == p))));
        }
        catch (EndpointException e) when (!e.IsUnreachable)
        {
            // Some sites do not show their nodes to everybody; jobs run there all the same.
            return [];
        }
    }

    private SlurmHousekeeping Housekeeping => new(Name, _folder, _control, _time);

    private async Task RefuseIfPrunedAsync(string jobId, CancellationToken cancellationToken)
    {
        if (await _folder.PrunedAsync(jobId, cancellationToken).ConfigureAwait(false) is { } gone)
        {
            throw new EndpointException($"The endpoint {Name}: {gone.Message}");
        }
    }

    /// <summary>A full disk is said with what could be removed there.</summary>
    private async Task<SlurmTicket> SubmitAsync(
        SignedJob job, JobDescription known, IReadOnlyDictionary<string, IArraySource> arrays, IProgress<(long Sent, long All)>? sent, CancellationToken cancellationToken)
    {
        try
        {
            return await _submission.SubmitAsync(job, known, arrays, sent, cancellationToken).ConfigureAwait(false);
        }
        catch (EndpointException e) when (IsFull(e))
        {
            var all = await Housekeeping.PruneAsync(KeepRules.Nothing, isTrial: true, isByHand: true, cancellationToken).ConfigureAwait(false);
            throw new EndpointException($"{e.Message} {(all.Bytes == 0
                ? "No job that has ended is left there that could be removed."
                : $"Jobs that have ended and arrays that none needs have {ByteText.Of(all.Bytes)} there: #!endpoint prune {Name} --older-than DAYS removes them.")}", e);
        }
    }

    private static bool IsFull(EndpointException e) => (e.InnerException is { } cause && DiskFullException.Is(cause)) ||
        e.Message.Contains("No space left on device", StringComparison.OrdinalIgnoreCase) || e.Message.Contains("quota exceeded", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a state that was put together speaks of a start before the last one: somebody put the job back into the queue since, and nobody looked meanwhile.</summary>
    private static bool IsOfEarlierRun(JobStatus last, SlurmTicket ticket, JobStatus? worker) =>
        (last.BatchId is { } batch && batch != ticket.BatchId.ToString(System.Globalization.CultureInfo.InvariantCulture)) ||
        (last.IsFinal && worker is not null && worker.Attempt > Math.Max(1, last.Attempt));

    /// <summary>What the workers of an array's tasks said last; read when Slurm says that all have ended.</summary>
    private async Task<IReadOnlyDictionary<int, JobStatus>> PartsAsync(string folder, SlurmTicket ticket, SlurmSight sight, CancellationToken cancellationToken)
    {
        if (ticket.Tasks == 0 || sight.Jobs.Count == 0 || !sight.Jobs.All(j => j.IsFinal))
        {
            return new Dictionary<int, JobStatus>();
        }

        var tasks = Enumerable.Range(0, ticket.Tasks).ToList();
        var files = await _folder.Files.ReadAsync([.. tasks.Select(t => SlurmFolder.Part(folder, ticket, t))], cancellationToken).ConfigureAwait(false);
        return tasks.Zip(files.Select(SlurmFolder.Parse<JobStatus>)).Where(p => p.Second is not null).ToDictionary(p => p.First, p => p.Second!);
    }

    /// <summary>Whether the worker may have had something to say: one that was killed has not.</summary>
    private static bool MayBeLate(JobStatus status) => status.State is JobState.Crashed or JobState.Failed or JobState.Refused or JobState.TimedOut or JobState.OutOfMemory && status.Message != SlurmVerdict.NotRun;

    /// <summary>The end of what the script itself said: why Beamline did not start stands there.</summary>
    private async Task<JobStatus> WithOutputAsync(string folder, JobStatus status, CancellationToken cancellationToken)
    {
        if (status.State is not (JobState.Crashed or JobState.Failed or JobState.Refused) || status.Error is not null)
        {
            return status;
        }

        var bytes = (await _folder.Files.ReadAsync([$"{folder}/slurm-{status.BatchId}.out"], cancellationToken).ConfigureAwait(false))[0];
        var lines = bytes is null ? [] : System.Text.Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? status : status with { Message = $"{status.Message} The last that it said: {string.Join(" / ", lines.TakeLast(4))}" };
    }

    private sealed class Known
    {
        public SemaphoreSlim Submitting { get; } = new(1);

        public SlurmTicket? Ticket { get; set; }

        public JobStatus? Last { get; set; }

        public long? EndedAt { get; set; }
    }
}
