using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Iterative;

/// <summary>Refuses what cannot work before anything is allocated, and warns of what will surprise.</summary>
internal static class IterativeChecks
{
    internal static void Options(IterativeOptions options)
    {
        var method = options.Method;
        var low = options.NonNegative ? Math.Max(0, options.Minimum ?? 0) : options.Minimum ?? double.NegativeInfinity;
        if (double.IsNaN(low) || !(options.Maximum is null || options.Maximum > low))
        {
            throw new ArgumentException(
                $"The bounds {low} to {options.Maximum} leave no value: the maximum must be above the minimum (which NonNegative makes at least 0).");
        }

        var bounded = options.NonNegative || options.Minimum is not null || options.Maximum is not null;
        if (bounded && method is IterativeMethod.Cgls or IterativeMethod.Lsqr or IterativeMethod.Tikhonov)
        {
            throw new ArgumentException(
                $"{method} cannot keep values within bounds: its steps build on each other. Take SIRT, TvFista with Regularization = 0 " +
                "(plain least squares within bounds) or Pwls.");
        }

        if (options.Regularizer is not null && method is not (IterativeMethod.TvFista or IterativeMethod.Pwls))
        {
            throw new ArgumentException($"{method} takes no regularizer: TvFista and Pwls do.");
        }

        if (options.TvAcrossSlices is not null &&
            (options.Regularizer is not null || method is not (IterativeMethod.TvFista or IterativeMethod.TvPdhg or IterativeMethod.AsdPocs)))
        {
            throw new ArgumentException(
                $"{method}{(options.Regularizer is null ? "" : " with a penalty of your own")} has no total variation, so TvAcrossSlices means nothing. " +
                "TvFista, TvPdhg and AsdPocs have it.");
        }

        if (options.Regularization is not null && method is not (IterativeMethod.TvFista or IterativeMethod.TvPdhg or IterativeMethod.Pwls or IterativeMethod.Tikhonov))
        {
            throw new ArgumentException($"{method} has no penalty, so Regularization means nothing. TvFista, TvPdhg, Pwls and Tikhonov have one.");
        }

        if (options.Weights is not null && method != IterativeMethod.Pwls)
        {
            throw new ArgumentException($"{method} weighs all rays alike: Weights belong to Pwls.");
        }

        if (options.Subsets is not null && method is not (IterativeMethod.OsSart or IterativeMethod.Osem or IterativeMethod.AsdPocs))
        {
            throw new ArgumentException($"{method} has no subsets to choose: OsSart, Osem and AsdPocs have.");
        }
    }

    internal static void Input(
        ProjectionStack projections, IReadOnlyList<double> angles, IterativeOptions options, RunContext context, int? sliceCount = null)
    {
        var slices = sliceCount ?? projections.RowCount;
        if (projections.AngleCount < 2)
        {
            throw new ArgumentException(
                "There is only one projection: a reconstruction needs at least two angles.", nameof(projections));
        }

        var size = options.ImageSize ?? projections.ColumnCount;
        if (options.Mask is { } mask && (mask.RowCount != size || mask.ColumnCount != size))
        {
            throw new ArgumentException($"The mask is {mask.RowCount} x {mask.ColumnCount}, but a slice is {size} x {size}.", nameof(options));
        }

        if (options.Start is { } start && (start.SliceCount != slices || start.RowCount != size || start.ColumnCount != size))
        {
            throw new ArgumentException(
                $"The start is {start.SliceCount} x {start.RowCount} x {start.ColumnCount}, but {slices} x {size} x {size} is reconstructed.",
                nameof(options));
        }

        if (options.Weights is { } weights &&
            (weights.AngleCount != projections.AngleCount || weights.RowCount != projections.RowCount || weights.ColumnCount != projections.ColumnCount))
        {
            throw new ArgumentException(
                $"The weights ({weights}) have another shape than the projections ({projections}).", nameof(options));
        }

        if (options.PreviewSlice is { } slice && (slice < 0 || slice >= slices))
        {
            throw new ArgumentException($"There is no slice {slice} to preview: the slices are 0 to {slices - 1}.", nameof(options));
        }

        RadiansCheck.Warn(angles, context);
        if (projections.Quantity == Quantity.Counts || projections.Quantity == Quantity.Transmission)
        {
            context.Warning?.Invoke(
                $"These projections are {projections.Quantity.Name}, not line integrals: the values of the volume will not be attenuation. " +
                "Normalize() and MinusLog() come first.");
        }
    }
}
