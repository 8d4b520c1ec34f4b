using System.Globalization;
using Beamline.Compute;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Device, limits and environment of a job's code.</summary>
internal static class JobSurroundings
{
    /// <summary>Whether solvers keep checkpoints: for jobs that may be started again. Items of a map run beside each other and would meet in one folder; of those, finished ones are not run again.</summary>
    public static bool KeepsCheckpoints(JobDescription job, int attempt) =>
        job.Map is null &&
        (attempt > 1 || job.Resources.MayRequeue || job.Resources.Walltime is not null || Environment.GetEnvironmentVariable("SLURM_JOB_ID") is not null);

    public static RunContext Context(JobDescription job, string scratch, string? checkpoints) => new()
    {
        CheckpointFolder = checkpoints,
        CheckpointsBefore = DateTime.UtcNow,
        Device = Device.Parse(job.Device),
        MemoryLimitBytes = job.Resources.MemoryBytes > 0 ? job.Resources.MemoryBytes : null,
        MaxThreads = Math.Min(Threads(job), Environment.ProcessorCount),
        ScratchFolder = scratch,
    };

    public static IReadOnlyDictionary<string, string?> Variables(JobLayout layout) => new Dictionary<string, string?>
    {
        ["BEAMLINE_JOB_DIR"] = layout.Folder,
        ["BEAMLINE_CHECKPOINT"] = layout.Checkpoint,
    };

    /// <summary>The notebook's folder, for the cell's relative paths; null where this machine has none of that name, or may not enter it.</summary>
    public static string? Folder(JobDescription job) => job.Folder is { } folder && Directory.Exists(folder) && CanEnter(folder) ? folder : null;

    /// <summary>A file that was not found is most often one of the sender's machine: its error says where the cell ran.</summary>
    public static JobError? Explain(JobError? error, JobDescription job)
    {
        if (error is not { Name: nameof(FileNotFoundException) or nameof(DirectoryNotFoundException) } || Folder(job) is not null)
        {
            return error;
        }

        var where = job.Folder is { } folder ? $"{folder} is not on {Environment.MachineName}, where it ran" : $"It ran on {Environment.MachineName}, which does not see files of your machine";
        return error with
        {
            Traceback = [.. error.Traceback, $"{where}: relative paths are those of a folder of the job's own. Give a full path that is right there, or read the file here and let the variable travel."],
        };
    }

    private static bool CanEnter(string folder)
    {
        try
        {
            _ = Directory.EnumerateFileSystemEntries(folder).GetEnumerator().MoveNext();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Several ranks on one machine share its cores, which only the batch system can count.
    private static int Threads(JobDescription job) =>
        int.TryParse(Environment.GetEnvironmentVariable("SLURM_CPUS_PER_TASK"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0 ? given
        : job.Resources.CpusPerTask > 0 ? job.Resources.CpusPerTask
        : Environment.ProcessorCount;
}
