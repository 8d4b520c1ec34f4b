using System.Security.Cryptography;
using System.Text;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>
/// How the processes of one job that run the same cell tell the first of them how they ended: each writes a file, and the first waits
/// for all of them. The launcher ends the first one when another crashed.
/// </summary>
internal sealed class RankFiles(JobLayout layout, int rank, int size)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    // Files of an earlier launch of the same job are not meant.
    private readonly string _launch = Launch(Environment.GetEnvironmentVariable);

    /// <summary>For all ranks but the first: says how this one ended.</summary>
    public void Say(JobState state, string? message, JobError? error) =>
        PrivateFile.Replace(PathOf(rank), JobJson.Write(new JobStatus(state) { Message = message, Error = error }));

    /// <summary>For the first rank: waits for the others.</summary>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>The end of the first rank that did not end well, with its number; null when all did.</returns>
    public (int Rank, JobStatus Status)? WaitForOthers(CancellationToken stop)
    {
        (int, JobStatus)? bad = null;
        for (var other = 1; other < size; other++)
        {
            JobStatus? status;
            while ((status = JobStatusFile.Read(PathOf(other))) is null)
            {
                if (stop.WaitHandle.WaitOne(BetweenLooks))
                {
                    return bad ?? (other, new JobStatus(JobState.Crashed) { Message = "it said nothing before the job was ended" });
                }
            }

            bad ??= status.State == JobState.Succeeded ? null : (other, status);
        }

        return bad;
    }

    /// <summary>Removes the files when they have served.</summary>
    public void Clear()
    {
        for (var other = 1; other < size; other++)
        {
            File.Delete(PathOf(other));
        }
    }

    /// <summary>A short text that is the same for all processes of a launch, and another one for the next launch.</summary>
    internal static string Launch(Func<string, string?> variable)
    {
        string[] names = ["PMIX_NAMESPACE", "OMPI_MCA_ess_base_jobid", "SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_RESTART_COUNT"];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names.Select(variable)))))[..12];
    }

    private string PathOf(int other) => Path.Combine(layout.Folder, $"rank.{_launch}.{other}.json");
}
