using Beamline.Remote.Slurm;

namespace Beamline.Remote.Tests.Slurm;

/// <summary>The table of docs/adr/0054: what the worker wrote, what Slurm says, what the user is told.</summary>
public sealed class SlurmVerdictTests
{
    private static readonly SlurmTicket Ticket = new(7, "me", "cell 1", default);

    [Theory]
    // The worker's last word counts.
    [InlineData("succeeded 1", "COMPLETED", false, JobState.Succeeded)]
    [InlineData("succeeded 1", "NODE_FAIL", false, JobState.Succeeded)]
    [InlineData("succeeded 1", "RUNNING", false, JobState.Succeeded)]
    [InlineData("failed 1", "FAILED 1:0", false, JobState.Failed)]
    [InlineData("refused 1", "FAILED 3:0", false, JobState.Refused)]
    // Without one, how the process ended.
    [InlineData("running 1", "COMPLETED", false, JobState.Crashed)]
    [InlineData("", "COMPLETED", false, JobState.Crashed)]
    [InlineData("running 1", "FAILED 1:0", false, JobState.Failed)]
    [InlineData("running 1", "FAILED 3:0", false, JobState.Refused)]
    [InlineData("running 1", "FAILED 4:0", false, JobState.OutOfMemory)]
    [InlineData("running 1", "FAILED 5:0", false, JobState.TimedOut)]
    [InlineData("running 1", "FAILED 6:0", false, JobState.Cancelled)]
    [InlineData("running 1", "FAILED 134:0", false, JobState.Crashed)]
    [InlineData("running 1", "FAILED 0:9", false, JobState.Crashed)]
    [InlineData("running 1", "TIMEOUT 0:15", false, JobState.TimedOut)]
    [InlineData("running 1", "DEADLINE", false, JobState.TimedOut)]
    [InlineData("running 1", "OUT_OF_MEMORY 0:125", false, JobState.OutOfMemory)]
    [InlineData("running 1", "NODE_FAIL", false, JobState.Lost)]
    [InlineData("running 1", "BOOT_FAIL", false, JobState.Lost)]
    [InlineData("running 1", "PREEMPTED", false, JobState.Lost)]
    [InlineData("running 1", "CANCELLED 0:15", false, JobState.Cancelled)]
    [InlineData("running 1", "SOMETHING_NEW", false, JobState.Lost)]
    // The worker was told to end: by whom, Slurm knows.
    [InlineData("timedOut 1", "FAILED 5:0", false, JobState.TimedOut)]
    [InlineData("timedOut 1", "TIMEOUT", false, JobState.TimedOut)]
    [InlineData("timedOut 1", "CANCELLED", false, JobState.Cancelled)]
    [InlineData("timedOut 1", "PREEMPTED", false, JobState.Lost)]
    [InlineData("timedOut 1", "COMPLETING", false, JobState.Running)]
    [InlineData("timedOut 1", "PENDING", false, JobState.Running)]
    [InlineData("timedOut 1", "RUNNING", false, JobState.Running)]
    [InlineData("cancelled 1", "CANCELLED", true, JobState.Cancelled)]
    [InlineData("cancelled 1", "FAILED 6:0", true, JobState.Cancelled)]
    [InlineData("cancelled 1", "TIMEOUT", false, JobState.TimedOut)]
    // Put back into the queue: an earlier start's words are old.
    [InlineData("timedOut 1", "PENDING +1", false, JobState.Queued)]
    [InlineData("failed 1", "PENDING +1", false, JobState.Queued)]
    [InlineData("timedOut 1", "RUNNING +1", false, JobState.Running)]
    [InlineData("succeeded 2", "COMPLETED +1", false, JobState.Succeeded)]
    [InlineData("running 1", "PENDING +1", false, JobState.Queued)]
    [InlineData("succeeded 1", "NODE_FAIL +1", false, JobState.Lost)]
    // Waiting.
    [InlineData("", "PENDING", false, JobState.Queued)]
    [InlineData("running 1", "PENDING", false, JobState.Running)]
    [InlineData("", "CONFIGURING", false, JobState.Queued)]
    [InlineData("", "RUNNING", false, JobState.Running)]
    [InlineData("", "SUSPENDED", false, JobState.Running)]
    [InlineData("", "PENDING!DependencyNeverSatisfied", false, JobState.Failed)]
    [InlineData("", "CANCELLED!DependencyNeverSatisfied", false, JobState.Failed)]
    // Slurm has forgotten it, or does not answer.
    [InlineData("running 1", "gone", false, JobState.Lost)]
    [InlineData("", "gone", false, JobState.Lost)]
    [InlineData("", "gone", true, JobState.Cancelled)]
    [InlineData("succeeded 1", "gone", false, JobState.Succeeded)]
    [InlineData("running 1", "silent", false, JobState.Running)]
    [InlineData("", "silent", false, JobState.Queued)]
    [InlineData("succeeded 1", "silent", false, JobState.Succeeded)]
    public void Worker_and_Slurm_together(string worker, string slurm, bool isCancelled, JobState expected)
    {
        var words = worker.Split(' ');
        JobStatus? said = worker.Length == 0 ? null : new JobStatus(Enum.Parse<JobState>(words[0], ignoreCase: true))
        {
            Attempt = int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture),
        };
        var sight = slurm switch
        {
            "gone" => new SlurmSight([]) { IsGone = true },
            "silent" => new SlurmSight([]) { Silence = "It does not answer." },
            _ => new SlurmSight([Job(slurm)]),
        };
        var status = SlurmVerdict.Of(Ticket, said, new Dictionary<int, JobStatus>(), sight, isCancelled, null);
        Assert.Equal(expected, status.State);
        Assert.Equal("7", status.BatchId);
        if (slurm == "silent" && !status.IsFinal)
        {
            Assert.StartsWith("It does not answer.", status.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Priority", "waits (Priority): jobs with a higher priority are before it.")]
    [InlineData("Resources", "waits (Resources): it is the next, as soon as nodes are free.")]
    [InlineData("QOSMaxJobsPerUser", "waits (QOSMaxJobsPerUser): you run as many jobs as you may in this quality of service.")]
    [InlineData("QOSMaxJobsPerUserLimit", "waits (QOSMaxJobsPerUserLimit): you run as many jobs as you may in this quality of service.")]
    [InlineData("QOSGrpNewLimit", "waits (QOSGrpNewLimit): a limit of its quality of service is reached; it starts when earlier jobs have ended, or never if it is larger than the limit.")]
    [InlineData("ReqNodeNotAvail,_UnavailableNodes:n3", "waits (ReqNodeNotAvail): nodes that it needs are reserved, down or being drained, perhaps for maintenance.")]
    [InlineData("JobHeldUser", "waits (JobHeldUser): it is held; 'scontrol release' lets it go.")]
    [InlineData("NewReason", "waits: NewReason.")]
    public void Reasons_are_words(string reason, string expected) => Assert.Equal(expected, SlurmReasons.Of(new SlurmJob(1, "PENDING") { Reason = reason }));

    [Theory]
    [InlineData("3", 1)]
    [InlineData("4-9%2", 6)]
    [InlineData("0,2-5,8-10:2%3", 7)]
    [InlineData(null, 1)]
    public void Tasks_are_counted(string? tasks, int expected) => Assert.Equal(expected, new SlurmJob(1, "PENDING") { Tasks = tasks }.Count);

    [Theory]
    [InlineData(4, 100, 4, 1)]
    [InlineData(9, 5, 5, 2)]
    [InlineData(100_000, 1000, 1000, 100)]
    [InlineData(101, 100, 51, 2)]
    public void Items_are_spread_over_tasks(int items, int most, int tasks, int each) => Assert.Equal(new SlurmScript.Spread(tasks, each), SlurmScript.Spread.Of(items, most));

    private static SlurmJob Job(string text)
    {
        var words = text.Split('!')[0].Split(' ');
        var exit = words.FirstOrDefault(w => w.Contains(':', StringComparison.Ordinal))?.Split(':') ?? ["0", "0"];
        return new SlurmJob(7, words[0])
        {
            Reason = text.Split('!') is [_, var reason] ? reason : "",
            Restarts = words.Contains("+1") ? 1 : 0,
            ExitCode = int.Parse(exit[0], System.Globalization.CultureInfo.InvariantCulture),
            Signal = int.Parse(exit[1], System.Globalization.CultureInfo.InvariantCulture),
            TimeLimit = TimeSpan.FromHours(1),
        };
    }
}
