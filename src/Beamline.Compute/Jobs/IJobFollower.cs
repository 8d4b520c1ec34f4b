namespace Beamline.Compute;

/// <summary>How a job ended.</summary>
public enum JobEnding
{
    /// <summary>It did what it was to do.</summary>
    Done,

    /// <summary>An exception ended it.</summary>
    Failed,

    /// <summary>It was stopped from outside.</summary>
    Cancelled,
}

/// <summary>What a job made.</summary>
/// <param name="Value">The result, for instance a volume; null when there is nothing to look at.</param>
public sealed record JobResult(object? Value)
{
    /// <summary>The residual of each iteration over all of the result, the start first; empty for none.</summary>
    public IReadOnlyList<double> Residuals { get; init; } = [];

    /// <summary>How a training went, for its chart, which then stands in the place of that of the residuals; null for other jobs.</summary>
    public JobCurves? Curves { get; init; }

    /// <summary>What else to say in the one line about the job; may be empty.</summary>
    public string Remark { get; init; } = "";
}

/// <summary>Decides who listens to jobs, for instance the display of a notebook. See <see cref="RunContext.Jobs"/>.</summary>
public interface IJobFollower
{
    /// <summary>A job starts. Called on its thread.</summary>
    /// <param name="job">The job.</param>
    /// <returns>Who listens to it; null when nobody does.</returns>
    IJobListener? Follow(RunJob job);
}

/// <summary>Listens to one job. Calls may come from any thread of it and must be quick: the job waits.</summary>
public interface IJobListener
{
    /// <summary>Whether a preview is welcome in the next report.</summary>
    bool WantsPreview { get; }

    /// <summary>How far it is.</summary>
    /// <param name="report">The report.</param>
    void Report(in ProgressReport report);

    /// <summary>It has ended; nothing is reported after this.</summary>
    /// <param name="ending">How.</param>
    /// <param name="result">What it made; null unless it is done.</param>
    void Ended(JobEnding ending, JobResult? result);
}

/// <summary>A follower and listener that shows nothing.</summary>
public sealed class SilentJobs : IJobFollower, IJobListener
{
    private SilentJobs()
    {
    }

    /// <summary>The only one.</summary>
    public static SilentJobs Instance { get; } = new();

    /// <inheritdoc/>
    public bool WantsPreview => false;

    /// <inheritdoc/>
    public IJobListener? Follow(RunJob job) => this;

    /// <inheritdoc/>
    public void Report(in ProgressReport report)
    {
    }

    /// <inheritdoc/>
    public void Ended(JobEnding ending, JobResult? result)
    {
    }
}
