using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>How a training stood at one step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Loss on what is trained on, averaged over the last steps; units of the loss.</param>
/// <param name="HeldOutRmse">Root of the mean squared difference between the denoised and the target image on what is held out, in units of the data. The noise of the target is part of it.</param>
/// <param name="LearningRate">Step length.</param>
/// <param name="Seconds">Time since the training began.</param>
public sealed record TrainingScore(int Step, double Loss, double HeldOutRmse, double LearningRate, double Seconds);

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All steps were done.</summary>
    Completed,

    /// <summary>The score got no better for a while.</summary>
    EarlyStopped,

    /// <summary>It was asked to stop; the best weights so far are kept.</summary>
    Stopped,

    /// <summary>The loss became infinite or no number; the best weights before are kept.</summary>
    Diverged,
}

/// <summary>What came of a training.</summary>
public sealed record TrainingReport
{
    /// <summary>What the numbers of a training are called.</summary>
    public static JobWords Words { get; } = new() { Iteration = "step", Residual = "loss", Score = "held-out RMSE" };

    /// <summary>Scores in the order of steps.</summary>
    public required IReadOnlyList<TrainingScore> History { get; init; }

    /// <summary>Step whose weights were kept: the one of the best score.</summary>
    public required int BestStep { get; init; }

    /// <summary>Why it ended.</summary>
    public required TrainingEnd End { get; init; }

    /// <summary>Seconds of processor time; NaN when the training has not come to its end.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Score of the kept weights, in units of the data.</summary>
    public double BestHeldOutRmse => History.Where(s => s.Step == BestStep).Select(s => s.HeldOutRmse).DefaultIfEmpty(double.NaN).First();

    /// <summary>Loss, score and learning rate for a chart; the loss of the start is not known.</summary>
    public JobCurves ToCurves() => new(
        [.. History.Select(s => s.Step)], [.. History.Select(s => s.Step == 0 ? double.NaN : s.Loss)], [.. History.Select(s => s.HeldOutRmse)], [.. History.Select(s => s.LearningRate)]);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{End} after {(History.Count > 0 ? History[^1].Step : 0)} steps, best at {BestStep} (held-out RMSE {BestHeldOutRmse:0.####}){(double.IsNaN(CpuSeconds) ? "" : $", {CpuSeconds:0.0} s of processor time")}");
}
