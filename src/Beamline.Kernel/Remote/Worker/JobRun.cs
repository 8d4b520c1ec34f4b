using Beamline.Compute;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>One run of one job in a session of its own.</summary>
internal sealed class JobRun(WorkerOptions options, JobFolder folder, JobDescription job, JobStatusFile status, WorkerStop stop)
{
    private readonly WorkerValues _values = new(folder, options.StoreFolder);
    private readonly JobLayout _layout = folder.Layout;

    /// <summary>True when code of the job would not stop and still runs: the process is of no more use.</summary>
    public bool IsAbandoned { get; private set; }

    private bool IsFirstRank => options.Ranks.Rank == 0;

    /// <summary>Runs the job and writes all that it leaves, the final status last.</summary>
    public async Task<JobState> RunAsync(NotebookKernel kernel)
    {
        var began = DateTimeOffset.UtcNow;
        var scratch = Path.Combine(_layout.Folder, "scratch");
        Directory.CreateDirectory(scratch);
        Directory.CreateDirectory(_layout.OutputFolder);
        using var log = new JobEventLog(folder, options.Ranks.Rank);
        var sink = new JobSink(log);
        var map = job.Map is { } asked
            ? new MapRun(asked, options.Items ?? (0, asked.Count - 1), log, sink, _values)
            : null;
        CellOutcome outcome;
        using (StandardStreams.Lead(log.Output, log.Error))
        using (RunSurroundings.Enter(scratch, new Dictionary<string, string?>
        {
            ["BEAMLINE_JOB_DIR"] = _layout.Folder,
            ["BEAMLINE_CHECKPOINT"] = _layout.Checkpoint,
        }))
        {
            outcome = await RunCodeAsync(kernel, sink, map, scratch).ConfigureAwait(false);
        }

        IsAbandoned = outcome.Abandoned;
        var (state, message, error) = Ending(outcome, kernel, map, sink);
        if (IsFirstRank)
        {
            try
            {
                WriteOutputs(kernel);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EndpointException)
            {
                (state, message) = (JobState.Failed, $"{message} The results could not be written: {exception.Message}".TrimStart());
            }
        }

        _ = began;
        status.Set(state, message, error);
        return state;
    }

    private async Task<CellOutcome> RunCodeAsync(NotebookKernel kernel, JobSink sink, MapRun? map, string scratch)
    {
        var data = new JobData(job, _values) { Map = map };
        var context = new RunContext
        {
            Device = Device.Parse(job.Device),
            MemoryLimitBytes = job.Resources.MemoryBytes > 0 ? job.Resources.MemoryBytes : null,
            MaxThreads = job.Resources.CpusPerTask > 0
                ? Math.Min(job.Resources.CpusPerTask, Environment.ProcessorCount) : Environment.ProcessorCount,
            ScratchFolder = scratch,
        };
        if (job.Packages.Count > 0)
        {
            kernel.Packages.Lock = new PackageLock(job.Packages.ToDictionary(p => p.Id, p => new LockedPackage(p.Version, p.Sha512)));
            kernel.Packages.IsLocked = true;
        }

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

    private (JobState State, string? Message, JobError? Error) Ending(CellOutcome outcome, NotebookKernel kernel, MapRun? map, JobSink sink)
    {
        var error = outcome.Error is { } e ? new JobError(e.Name, e.Message, e.Traceback) : null;
        if (outcome.Status is CellStatus.Interrupted or CellStatus.TimedOut && stop.State is { } stopped)
        {
            return (stopped, stopped == JobState.TimedOut
                ? "Its process was told to end, because its time was used up or its machine was needed."
                : "It was cancelled.", null);
        }

        if (outcome.Status != CellStatus.Ok)
        {
            return IsOutOfMemory(kernel.LastError)
                ? (JobState.OutOfMemory, $"{outcome.Error?.Message} Ask for more memory (--mem), or work on a part of the data.", error)
                : (JobState.Failed, null, error);
        }

        if (map is { Failed: [var first, ..] failed })
        {
            return (JobState.Failed, $"{failed.Count} of {map.Done} items failed, the first of them item {first}.", map.FirstError);
        }

        return sink.Problem is { } problem ? (JobState.Failed, problem, null) : (JobState.Succeeded, null, null);
    }

    private static bool IsOutOfMemory(Exception? exception) => exception switch
    {
        OutOfMemoryException => true,
        AggregateException many => many.InnerExceptions.Any(IsOutOfMemory),
        _ => exception?.InnerException is { } inner && IsOutOfMemory(inner),
    };

    private void WriteOutputs(NotebookKernel kernel)
    {
        var made = new List<JobValue>();
        foreach (var wish in job.Outputs)
        {
            if (kernel.Session.FindVariable(wish.Name) is { } found)
            {
                made.Add(_values.Encode(wish.Name, wish.Type, found.Type, found.Value));
            }
        }

        PrivateFile.Replace(_layout.Outputs, JobJson.Write<IReadOnlyList<JobValue>>(made));
    }
}
