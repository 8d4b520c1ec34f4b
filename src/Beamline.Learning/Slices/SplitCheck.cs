using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>Whether a scan can be split, and a denoiser be applied to it.</summary>
internal static class SplitCheck
{
    /// <summary>Refuses what cannot be reconstructed part by part.</summary>
    /// <exception cref="ArgumentException">It cannot; the message says why.</exception>
    public static void Scan(ProjectionStack projections, RotationAxis axis, int splits)
    {
        if (projections.Quantity == Quantity.Counts || projections.Quantity == Quantity.Transmission)
        {
            throw new ArgumentException(
                $"These projections are {projections.Quantity}; slices are made from line integrals (scan.Normalize().MinusLog()).", nameof(projections));
        }

        var least = projections.AngleCount / splits;
        if (least < AngleSplits.LeastViews)
        {
            throw new ArgumentException(
                $"{projections.AngleCount} views in {splits} parts leave {least} for each; a part needs at least {AngleSplits.LeastViews}. " +
                (projections.AngleCount / 2 >= AngleSplits.LeastViews
                    ? $"Take fewer parts, at most {projections.AngleCount / AngleSplits.LeastViews}."
                    : "With so few views, measure the scan twice and train with Denoiser.TrainNoise2Noise."),
                nameof(projections));
        }

        var (first, last) = (projections.AnglesDegrees.Min(), projections.AnglesDegrees.Max());
        if (last - first > 200 && Math.Abs(axis.Column - ((projections.ColumnCount - 1) / 2.0)) > 0.1 * projections.ColumnCount)
        {
            RunContext.Current.Warning?.Invoke(
                $"The scan turns by {last - first:0} degrees around an axis far from the middle of the detector (column {axis.Column:0.#} of {projections.ColumnCount}). " +
                "If this is half acquisition, join the two halves first: projections.StitchHalfAcquisition(axis.Column).");
        }
    }

    /// <summary>Refuses a scan in whose slices the network would not find its way.</summary>
    /// <exception cref="ArgumentException">The values have another unit.</exception>
    public static void AppliedTo(ProjectionStack projections, SplitRecipe recipe)
    {
        var unit = SplitRecipe.UnitOf(projections);
        if (unit != recipe.Unit)
        {
            throw new ArgumentException(
                $"This denoiser was trained on attenuation in {recipe.Unit}, and this scan gives {unit}: give both scans their PixelSize, or neither.", nameof(projections));
        }

        if (projections.AngleCount < 0.8 * recipe.Views || projections.AngleCount > 1.25 * recipe.Views)
        {
            RunContext.Current.Warning?.Invoke(
                $"This denoiser was trained on {recipe.Views} views, and this scan has {projections.AngleCount}: its slices have another noise than the network knows. Train on this scan when in doubt.");
        }
    }

    /// <summary>Refuses patches of which the window would leave next to nothing.</summary>
    /// <exception cref="ArgumentException">They are too small.</exception>
    public static void Patch(int edge, WindowKernel? through)
    {
        if (through is not null && edge < 2 * through.Edge)
        {
            throw new ArgumentException(
                $"Patches of {edge} pixels are too small to be seen through the window of the reconstruction, which reaches over {through.Edge}. " +
                $"Take a PatchSize of {2 * through.Edge} or more, a higher Cutoff, or set ThroughWindow to false.");
        }
    }

    /// <summary>Refuses a training that would learn something else than the sample.</summary>
    /// <exception cref="ArgumentException">The loss is another.</exception>
    public static void Loss(TrainingOptions training)
    {
        if (training.Loss != TrainingLoss.MeanSquare)
        {
            throw new ArgumentException(
                $"The loss is {training.Loss}; with noisy targets only the mean square leads to the mean over the noise, which is the sample. Set TrainingLoss.MeanSquare.", nameof(training));
        }
    }

    /// <summary>Refuses projections for a network that knows slices.</summary>
    /// <exception cref="ArgumentException">It does.</exception>
    public static void AppliedToProjections(Denoiser denoiser)
    {
        if (SplitRecipe.Of(denoiser.Facts) is { } recipe)
        {
            throw new ArgumentException(
                $"This denoiser was trained on reconstructed slices (Noise2Inverse, {recipe}); projections are images of another kind, and it would spoil them. " +
                "What it was made for is denoiser.Reconstruct(projections, axis).");
        }
    }

    /// <summary>Refuses slices that the network would not know, and says what is better done with those that it does.</summary>
    /// <exception cref="ArgumentException">The values have another unit, or the network takes neighbors too.</exception>
    public static void AppliedToSlices(Denoiser denoiser, Quantity quantity)
    {
        if (SplitRecipe.Of(denoiser.Facts) is not { } recipe)
        {
            return;
        }

        if (quantity == Quantity.LineIntegral || quantity == Quantity.Counts || quantity == Quantity.Transmission)
        {
            AppliedToProjections(denoiser);
        }

        if (!string.IsNullOrEmpty(quantity.Unit) && quantity.Unit != recipe.Unit)
        {
            throw new ArgumentException(
                $"This denoiser was trained on attenuation in {recipe.Unit}, and these values are in {quantity.Unit}: give both scans their pixel size, or neither.");
        }

        if (denoiser.Network.InputChannels != 1)
        {
            throw new ArgumentException(
                $"This denoiser was trained by Noise2Inverse on slices with their neighbors ({recipe}). Apply it with denoiser.Reconstruct(projections, axis).");
        }

        RunContext.Current.Warning?.Invoke(
            $"This denoiser was trained on parts of a scan (Noise2Inverse, {recipe}). In a reconstruction from all views the noise is another: " +
            "denoiser.Reconstruct(projections, axis) applies it part by part, as it was trained.");
    }
}
