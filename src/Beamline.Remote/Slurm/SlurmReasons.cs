namespace Beamline.Remote.Slurm;

/// <summary>Says in plain words why a job waits.</summary>
internal static class SlurmReasons
{
    /// <summary>What Slurm calls a job that waits for one that failed.</summary>
    public const string NeverSatisfied = "DependencyNeverSatisfied";

    private static readonly Dictionary<string, string> Words = new()
    {
        ["Priority"] = "jobs with a higher priority are before it",
        ["Resources"] = "it is the next, as soon as nodes are free",
        ["Dependency"] = "a job that it needs has not ended yet",
        [NeverSatisfied] = "a job that it needs did not succeed, so it can never start",
        ["JobHeldUser"] = "it is held; 'scontrol release' lets it go",
        ["JobHeldAdmin"] = "an administrator or Slurm itself holds it, perhaps because its start failed; ask the cluster's support",
        ["launch failed requeued held"] = "a node could not start it, and Slurm holds it now; 'scontrol release' tries again",
        ["BeginTime"] = "its earliest time of start has not come; after a requeue that is two minutes",
        ["JobArrayTaskLimit"] = "as many tasks of the array run as may run at the same time",
        ["PartitionDown"] = "the partition takes jobs but starts none now",
        ["PartitionInactive"] = "the partition takes no jobs now",
        ["PartitionTimeLimit"] = "it asks for more time than the partition allows, so it will not start; send it again with less",
        ["PartitionNodeLimit"] = "it asks for more nodes than the partition has or allows, so it will not start; send it again with fewer",
        ["NodeDown"] = "a node that it needs is down",
        ["ReqNodeNotAvail"] = "nodes that it needs are reserved, down or being drained, perhaps for maintenance",
        ["Reservation"] = "its reservation has not begun",
        ["Licenses"] = "it waits for a licence",
        ["BadConstraints"] = "no node can ever fulfil what it asks for; send it again without some of it",
        ["InvalidAccount"] = "its account is not valid",
        ["InvalidQOS"] = "its quality of service is not valid",
        ["QOSNotAllowed"] = "its quality of service is not allowed for this account or partition",
        ["AssocGrpCpuLimit"] = "your group uses as many processors as it may",
        ["AssocGrpGRES"] = "your group uses as many GPUs as it may",
        ["AssocGrpJobsLimit"] = "your group runs as many jobs as it may",
        ["AssocMaxJobsLimit"] = "you run as many jobs as your account may",
        ["AssocGrpCPUMinutesLimit"] = "your group's time is nearly used up: too little is left for it",
        ["QOSMaxJobsPerUserLimit"] = "you run as many jobs as you may in this quality of service",
        ["QOSMaxCpuPerUserLimit"] = "you use as many processors as you may in this quality of service",
        ["QOSMaxGRESPerUser"] = "you use as many GPUs as you may in this quality of service",
        ["QOSMaxNodePerUserLimit"] = "you use as many nodes as you may in this quality of service",
        ["QOSGrpCpuLimit"] = "all users of this quality of service together use as many processors as they may",
        ["QOSGrpGRES"] = "all users of this quality of service together use as many GPUs as they may",
        ["QOSGrpNodeLimit"] = "all users of this quality of service together use as many nodes as they may",
        ["QOSMaxWallDurationPerJobLimit"] = "it asks for more time than its quality of service allows, so it will not start; send it again with less",
    };

    /// <summary>For instance "waits (Priority): jobs with a higher priority are before it."</summary>
    public static string? Of(SlurmJob job)
    {
        // scontrol writes blanks as lines between words, and puts nodes behind the word: ReqNodeNotAvail,_UnavailableNodes:n3.
        var reason = job.Reason.Split(',')[0].Replace('_', ' ').Trim('(', ')');
        var key = reason.Replace(" ", "", StringComparison.Ordinal);
        if (reason.Length == 0)
        {
            return job.State == "CONFIGURING" ? "its nodes are being started." : null;
        }

        var words = Words.GetValueOrDefault(reason) ?? Words.GetValueOrDefault(key) ?? Words.GetValueOrDefault(key + "Limit") ??
            (key.StartsWith("QOS", StringComparison.Ordinal) ? "a limit of its quality of service is reached; it starts when earlier jobs have ended, or never if it is larger than the limit"
            : key.StartsWith("Assoc", StringComparison.Ordinal) ? "a limit of your account or group is reached"
            : null);
        return words is null ? $"waits: {reason}." : $"waits ({job.Reason.Split(',')[0]}): {words}.";
    }
}
