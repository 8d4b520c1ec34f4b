using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>
/// How the processes of one job that run the same cell tell each other how they ended: each but the first writes a file, for which the first
/// waits, and the one that fails first leaves a mark, at which the others stop: they may wait for it in vain.
/// </summary>
internal sealed class RankFiles(JobLayout layout, int rank, int size)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    // Files of an earlier launch of the same job are not meant.
    private readonly string _launch = Launch(Environment.GetEnvironmentVariable);

    /// <summary>The file that is there as soon as one rank has failed.</summary>
    public string FailMark => Path.Combine(layout.Folder, $"rank.{_launch}.failed");

    /// <summary>How long the first rank waits for the others when they are to stop, by whether one of them has failed.</summary>
    public TimeSpan AfterFailure { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How long it waits when it was told to end: a launcher that lost a rank kills the others about a second later.</summary>
    public TimeSpan AfterSignal { get; set; } = TimeSpan.FromSeconds(0.7);

    /// <summary>For all ranks but the first: says how this one ended.</summary>
    public void Say(JobState state, string? message, JobError? error) => PrivateFile.Replace(
        PathOf(rank), JobJson.Write(new JobStatus(state) { Message = message, Error = error, Host = Environment.MachineName }));

    /// <summary>Says that this rank has failed, unless another one was first.</summary>
    public void Mark()
    {
        try
        {
            using var mark = new FileStream(FailMark, FileMode.CreateNew, FileAccess.Write);
            mark.Write(Encoding.ASCII.GetBytes(rank.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // There is one, or the disk is full: then the launcher ends the others.
        }
    }

    /// <summary>The rank that failed first, by its mark; null while none has.</summary>
    public int? FirstFailed
    {
        get
        {
            try
            {
                return int.TryParse(File.ReadAllText(FailMark), NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>What a rank waits for in vain; null while nothing is known. Only for waits that have lasted.</summary>
    public string? Hindrance()
    {
        for (var other = 1; other < size; other++)
        {
            if (other != rank && JobStatusFile.Read(PathOf(other)) is { State: JobState.Succeeded })
            {
                return InVain(other);
            }
        }

        return rank != 0 && File.Exists(PathOf(0)) ? InVain(0) : null;

        static string InVain(int other) => $"Rank {other} is at the end of its cell, and this rank still waits for it. " +
            "All ranks must make the same calls in the same order: look for an 'if (Ranks.Rank == ...)' around one of them.";
    }

    /// <summary>For the first rank: waits for the others.</summary>
    /// <param name="stop">Tells it to end.</param>
    /// <returns>How each of the others ended; null for one that said nothing.</returns>
    public async Task<IReadOnlyDictionary<int, JobStatus?>> WaitForOthersAsync(WorkerStop stop)
    {
        var ends = new Dictionary<int, JobStatus?>();
        long? asked = null, told = null;
        for (var other = 1; other < size; other++)
        {
            JobStatus? status;
            while ((status = JobStatusFile.Read(PathOf(other))) is null)
            {
                asked ??= stop.Token.IsCancellationRequested || File.Exists(FailMark) ? Stopwatch.GetTimestamp() : null;
                told ??= stop.IsTerminated ? Stopwatch.GetTimestamp() : null;
                if (IsOver(asked, AfterFailure) || IsOver(told, AfterSignal))
                {
                    break;
                }

                await Task.Delay(BetweenLooks).ConfigureAwait(false);
            }

            ends[other] = status;
        }

        return ends;

        static bool IsOver(long? since, TimeSpan limit) => since is { } start && Stopwatch.GetElapsedTime(start) > limit;
    }

    /// <summary>For the first rank: says that it is at the end of its cell, for others that wait for it.</summary>
    public void SayEnded() => Say(JobState.Succeeded, null, null);

    /// <summary>Removes the files when they have served.</summary>
    public void Clear()
    {
        for (var other = 0; other < size; other++)
        {
            File.Delete(PathOf(other));
        }

        File.Delete(FailMark);
    }

    /// <summary>A short text that is the same for all processes of a launch, and another one for the next launch.</summary>
    internal static string Launch(Func<string, string?> variable)
    {
        // The step is that of the ranks under srun only: another launcher starts those of other nodes in steps of its own.
        var step = variable("PMIX_NAMESPACE") ?? variable("OMPI_MCA_ess_base_jobid") ?? (variable("MPI_LOCALRANKID") is null ? variable("SLURM_STEP_ID") : null);
        string?[] parts = [step, variable("SLURM_JOB_ID"), variable("SLURM_RESTART_COUNT")];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..12];
    }

    private string PathOf(int other) => Path.Combine(layout.Folder, $"rank.{_launch}.{other}.json");
}
