namespace Beamline.Remote.Slurm;

/// <summary>Tells what Slurm's programs complain about apart, and says it in plain words.</summary>
internal static class SlurmErrors
{
    /// <summary>What is said when the controller does not answer; then nothing is known of a job.</summary>
    private static readonly string[] Silent =
    [
        "Unable to contact slurm controller", "Socket timed out", "Connection refused", "Zero Bytes were transmitted", "Connection reset", "Transport endpoint",
        "Unable to connect to slurm", "Communication connection failure", "Slurm backup controller in standby mode", "Slurm temporarily unable to accept job", "Message receive failure",
    ];

    private static readonly (string Part, string Words)[] Known =
    [
        ("Invalid account or account/partition combination", "the account may not use this partition, or there is no such account. 'sacctmgr show assoc user=$USER' lists yours"),
        ("Invalid qos specification", "there is no such quality of service (--qos), or the account may not use it"),
        ("Requested node configuration is not available", "no node of the partition has as many CPUs, as much memory or as many GPUs"),
        ("Requested time limit is invalid", "the time is longer than the partition allows"),
        ("Node count specification invalid", "the partition has not as many nodes"),
        ("More processors requested than permitted", "the partition has not as many processors for one job"),
        ("Job violates accounting/QOS policy", "your account may not have more jobs, or jobs as large, at the same time"),
        ("Invalid generic resource (gres) specification", "the cluster has no GPUs of this name, or calls them otherwise; 'sinfo -o %G' lists them"),
        ("Invalid feature specification", "no node has this feature (--constraint); 'sinfo -o %f' lists them"),
        ("Invalid job array specification", "the array has more tasks than the cluster allows"),
        ("Job dependency problem", "a job that it waits for is not known any more"),
        ("Access/permission denied", "it belongs to another user"),
    ];

    public static bool IsSilence(string error) => Silent.Any(s => error.Contains(s, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a job is one that the controller has never seen or has forgotten.</summary>
    public static bool IsUnknownJob(string error) => error.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase);

    public static bool HasEnded(string error) =>
        error.Contains("already completed", StringComparison.OrdinalIgnoreCase) || error.Contains("already finished", StringComparison.OrdinalIgnoreCase) ||
        error.Contains("Job/step already completing", StringComparison.OrdinalIgnoreCase);

    /// <param name="what">What was tried, for instance "sbatch on login1".</param>
    /// <param name="error">What it said.</param>
    public static EndpointException Of(string what, string error)
    {
        var text = error.ReplaceLineEndings(" ").Trim();
        if (IsSilence(error))
        {
            return new EndpointException($"Slurm's controller does not answer ({what}: {text}). It is asked again.") { IsUnreachable = true };
        }

        var words = Known.FirstOrDefault(k => error.Contains(k.Part, StringComparison.OrdinalIgnoreCase)).Words;
        return new EndpointException(words is null
            ? $"{what} refused: {(text.Length > 0 ? text : "it did not say why")}"
            : $"{what} refused: {words}. Slurm's own words: {text}");
    }

    /// <summary>A program that is not there.</summary>
    public static EndpointException Missing(string program, string host) => new(
        $"There is no {program} on {host}, so it is no login node of a cluster (or Slurm is not in PATH there). " +
        "Give the login node in the endpoint's file: \"via\": { \"kind\": \"ssh\", \"host\": \"login.example.org\" }.");
}
