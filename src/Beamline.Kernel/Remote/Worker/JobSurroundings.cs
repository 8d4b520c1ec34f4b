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

    // Several ranks on one machine share its cores, which only the batch system can count.
    private static int Threads(JobDescription job) =>
        int.TryParse(Environment.GetEnvironmentVariable("SLURM_CPUS_PER_TASK"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) && given > 0 ? given
        : job.Resources.CpusPerTask > 0 ? job.Resources.CpusPerTask
        : Environment.ProcessorCount;
}
