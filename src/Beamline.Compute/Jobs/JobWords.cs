namespace Beamline.Compute;

/// <summary>What the numbers of a job are called where it is shown. See <see cref="RunJob.Words"/>.</summary>
public sealed record JobWords
{
    /// <summary>The words of an iterative reconstruction.</summary>
    public static JobWords Default { get; } = new();

    /// <summary>One round of the work, in the singular: "iteration", "step", "epoch".</summary>
    public string Iteration { get; init; } = "iteration";

    /// <summary>What <see cref="ProgressReport.Residual"/> is.</summary>
    public string Residual { get; init; } = "residual";

    /// <summary>What <see cref="ProgressReport.Score"/> is.</summary>
    public string Score { get; init; } = "score";
}

/// <summary>How a training went. All lists have one entry for each score.</summary>
/// <param name="Steps">Steps done, rising.</param>
/// <param name="Losses">Loss on what was trained on; NaN where there is none yet.</param>
/// <param name="Scores">Score on what was held out.</param>
/// <param name="LearningRates">Step lengths.</param>
public sealed record JobCurves(
    IReadOnlyList<int> Steps, IReadOnlyList<double> Losses, IReadOnlyList<double> Scores, IReadOnlyList<double> LearningRates);
