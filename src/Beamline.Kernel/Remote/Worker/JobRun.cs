using Beamline.Compute;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>One run of one job in a session of its own.</summary>
internal sealed class JobRun(WorkerOptions options, JobFolder folder, JobDescription job, JobStatusFile status, WorkerStop stop, NotebookKernel kernel)
{
    private readonly WorkerValues _values = new(folder, options.StoreFolder, kernel);
    private readonly JobLayout _layout = folder.Layout;
    private readonly RankFiles _ranks = new(folder.Layout, options.Ranks.Rank, options.Ranks.Size);
    private readonly JobProvenance _provenance = new();

    // A solver that is stopped ends its iteration and saves it.
    private static readonly TimeSpan UntilWaitsAreBroken = TimeSpan.FromSeconds(3);

    /// <summary>True when code of the job would not stop and still runs: the process is of no more use.</summary>
    public bool IsAbandoned { get; private set; }

    private bool IsFirstRank => options.Ranks.Rank == 0;

    /// <summary>A part of the items, run beside other workers: the service puts the whole together.</summary>
    private bool IsPart => options.Items is not null;

    /// <summary>Runs the job and writes all that it leaves, the final status last.</summary>
    public async Task<JobState> RunAsync()
    {
        var scratch = Path.Combine(_layout.Folder, "scratch");
        PrivateFile.CreateFolder(scratch);
        PrivateFile.CreateFolder(_layout.OutputFolder);
        var keeps = JobSurroundings.KeepsCheckpoints(job, status.Attempt);
        if (keeps)
        {
            PrivateFile.CreateFolder(_layout.Checkpoint);
            PrivateFile.CreateFolder(Checkpoints);
            kernel.WaitsLast = UntilWaitsAreBroken;
        }

        using var log = new JobEventLog(folder, options.Ranks.Rank);
        var sink = new JobSink(log);
        var map = job.Map is { } asked
            ? new MapRun(asked, options.Items ?? (0, asked.Count - 1), log, sink, _values) { Before = status.Attempt > 1 ? ItemsBefore() : new HashSet<int>() }
            : null;
        var context = JobSurroundings.Context(job, scratch, keeps ? Checkpoints : null);
        CellOutcome outcome;
        using var together = options.Ranks.Size > 1 ? new RanksTogether(_ranks, stop, job.Resources.Walltime) : null;
        using (new JobLastWords())
        using (StandardStreams.Lead(log.Output, log.Error))
        using (RunSurroundings.Enter(JobSurroundings.Folder(job) ?? scratch, JobSurroundings.Variables(_layout)))
        {
            outcome = await RunCodeAsync(sink, map, context).ConfigureAwait(false);
        }

        IsAbandoned = outcome.Abandoned;
        var (state, message, error) = JobEnd.Of(outcome, kernel, map, sink, stop);
        error = JobSurroundings.Explain(error, job);
        if (!IsFirstRank)
        {
            await together!.EndAsync(state, message, error, status).ConfigureAwait(false);
            return state;
        }

        if (together is not null)
        {
            (state, message, error) = await together.WithOthersAsync(state, message, error).ConfigureAwait(false);
        }

        try
        {
            var outputs = Outputs();
            if (!IsPart)
            {
                PrivateFile.Replace(_layout.Outputs, JobJson.Write<IReadOnlyList<JobValue>>(outputs));
                _provenance.Write(_layout.Provenance, job, status, outputs, context, kernel.Packages.Packages);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EndpointException)
        {
            (state, message) = (JobState.Failed, $"{message} The results could not be written: {exception.Message}".TrimStart());
        }

        if (keeps && state == JobState.Succeeded)
        {
            DeleteCheckpoints();
        }

        status.Set(state, message, error);
        return state;
    }

    /// <summary>Ranks run beside each other, each with states of its own.</summary>
    private string Checkpoints => options.Ranks.Size > 1 ? Path.Combine(_layout.Checkpoint, $"rank{options.Ranks.Rank}") : _layout.Checkpoint;

    private void DeleteCheckpoints()
    {
        try
        {
            Directory.Delete(_layout.Checkpoint, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A node that still holds a file open, on NFS: no reason for a job to have failed.
        }
    }

    private async Task<CellOutcome> RunCodeAsync(JobSink sink, MapRun? map, RunContext context)
    {
        var data = new JobData(job, _values) { Map = map };

        // Nothing but what the job names: the service has looked at that list.
        kernel.Packages.Lock = new PackageLock(job.Packages.ToDictionary(p => p.Id, p => new LockedPackage(p.Version, p.Sha512)));
        kernel.Packages.IsLocked = true;
        foreach (var (label, code) in JobCode.Before(job, kernel.Session.Usings))
        {
            var before = await Run(code, label).ConfigureAwait(false);
            if (before.Status != CellStatus.Ok)
            {
                return before;
            }
        }

        var outcome = await Run(job.Source, job.Label).ConfigureAwait(false);
        return outcome.Status == CellStatus.Ok && map is not null
            ? await Run(JobCode.Map(job.Map!), "map").ConfigureAwait(false)
            : outcome;

        Task<CellOutcome> Run(string code, string label) => kernel.ExecuteAsync(
            new CellRequest(code, label) { Context = context, IsTracked = false, Job = data }, sink, stop.Token);
    }

    /// <summary>Items of a map that an earlier attempt brought to an end.</summary>
    private HashSet<int> ItemsBefore()
    {
        var found = new HashSet<int>();
        for (long offset = 0; ;)
        {
            var read = folder.ReadEvents(offset);
            if (read.Events.Count == 0)
            {
                return found;
            }

            found.UnionWith(read.Events.Where(e => e is { Kind: "item", Value: not null }).Select(e => e.Item!.Value));
            offset = read.Next;
        }
    }

    private List<JobValue> Outputs()
    {
        var made = new List<JobValue>();
        foreach (var wish in job.Outputs)
        {
            if (kernel.Session.FindVariable(wish.Name) is { } found)
            {
                made.Add(_values.Encode(wish.Name, wish.Type, found.Type, found.Value));
            }
        }

        // What a cancelled reconstruction had, for whoever wants to look at it or to begin with it.
        if (PartialResult.Of(kernel.StoppedBy) is { } partial)
        {
            made.Add(_values.Encode("Partial", TypeNames.Of(partial.GetType()), partial.GetType(), partial));
        }

        return made;
    }
}
