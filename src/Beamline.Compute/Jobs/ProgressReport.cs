using Beamline.Arrays;

namespace Beamline.Compute;

/// <summary>How far a long computation has come.</summary>
/// <param name="Activity">What is being done, for instance "FBP".</param>
/// <param name="Fraction">Done part, 0 to 1.</param>
/// <param name="Detail">What else to show, for instance "slab 3 of 8"; may be empty.</param>
public readonly record struct ProgressReport(string Activity, double Fraction, string Detail = "")
{
    /// <summary>The job that the report belongs to; null for work outside any job. Set by <see cref="RunContext"/>.</summary>
    public RunJob? Job { get; init; }

    /// <summary>Number of iterations (or epochs) done; null where there are none.</summary>
    public int? Iteration { get; init; }

    /// <summary>Iterations at most; null when not known.</summary>
    public int? IterationLimit { get; init; }

    /// <summary>What becomes smaller as the work converges, such as |A x - b| / |b| or a training loss; null where there is none.</summary>
    public double? Residual { get; init; }

    /// <summary>A second number beside the residual, such as how good the result is on data held out; null where there is none.</summary>
    public double? Score { get; init; }

    /// <summary>
    /// The result as it forms: a copy that nobody changes any more, with pixel size and quantity. Make it only when
    /// <see cref="RunJob.WantsPreview"/> says that somebody will look.
    /// </summary>
    public Image? Preview { get; init; }

    /// <summary>Time that is left, when whoever passes the report on has reckoned it.</summary>
    public TimeSpan? Left { get; init; }
}
