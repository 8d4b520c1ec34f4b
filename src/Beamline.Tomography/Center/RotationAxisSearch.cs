using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Center;

namespace Beamline.Tomography;

/// <summary>Finds the rotation axis: <c>RotationAxis.Find(projections)</c>.</summary>
public static class RotationAxisSearch
{
    /// <summary>Members that read as members of <see cref="RotationAxis"/>.</summary>
    extension(RotationAxis)
    {
        /// <summary>Finds where the rotation axis falls on the detector.</summary>
        /// <remarks>
        /// An answer at the edge of the searched range is returned with a warning, because the right one may lie outside.
        /// </remarks>
        /// <param name="projections">Line integrals or transmissions over at least 180 degrees.</param>
        /// <param name="options">Method and range; null takes the defaults.</param>
        /// <returns>The axis, how it was found, and how far the rows that were looked at disagree.</returns>
        /// <exception cref="ArgumentException">Too few angles for the method, or the range lies outside the detector.</exception>
        public static RotationAxis Find(ProjectionStack projections, FindAxisOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(projections);
            options ??= new FindAxisOptions();
            var range = SearchRange.Of(projections, options);
            var axis = options.Method switch
            {
                AxisMethod.Vo => VoSearch.Find(projections, Rows(projections, options.Rows), range, RunContext.Current),
                AxisMethod.PhaseCorrelation => PhaseCorrelation.Find(projections, options.Rows, range),
                AxisMethod.Entropy => SliceSearch.Find(projections, Rows(projections, options.Rows), range, AxisScore.Entropy, RunContext.Current),
                AxisMethod.Sharpness => SliceSearch.Find(projections, Rows(projections, options.Rows), range, AxisScore.Sharpness, RunContext.Current),
                AxisMethod.Overlap => OverlapSearch.Find(projections, Rows(projections, options.Rows), range, RunContext.Current),
                _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "No such method."),
            };
            Warn(axis);
            return axis;
        }

        /// <summary>Reconstructs one slice with several candidate axes, to choose the right one by eye.</summary>
        /// <remarks>
        /// The slices are cut about the axis. Full turns with the axis near an edge (half acquisition) are not what it is for:
        /// there the overlap method finds the axis.
        /// </remarks>
        /// <param name="projections">Line integrals [angle, row, column]; at least two angles.</param>
        /// <param name="options">Range, number and score of the candidates; null takes the defaults.</param>
        /// <returns>The slices from left to right with their scores; the best one is a suggestion.</returns>
        /// <exception cref="ArgumentException">Fewer than two projections, the range lies outside the detector, or there is no such row.</exception>
        public static AxisSweep Sweep(ProjectionStack projections, AxisSweepOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(projections);
            options ??= new AxisSweepOptions();
            var rows = Rows(projections, options.Row is { } row ? [row] : null);
            var sweep = SweepRun.Make(projections, options, rows, RunContext.Current);
            Warn(sweep.Best);
            return sweep;
        }
    }

    private static void Warn(RotationAxis axis)
    {
        foreach (var warning in axis.Warnings)
        {
            RunContext.Current.Warning?.Invoke(warning);
        }
    }

    private static int[] Rows(ProjectionStack projections, IReadOnlyList<int>? rows)
    {
        if (rows is { Count: > 0 } given)
        {
            foreach (var row in given)
            {
                if (row < 0 || row >= projections.RowCount)
                {
                    throw new ArgumentException($"There is no detector row {row}: rows are 0 to {projections.RowCount - 1}.", nameof(rows));
                }
            }

            return [.. given];
        }

        // The outer rows often see air only, or the sample holder.
        var count = Math.Min(5, projections.RowCount);
        return [.. Enumerable.Range(0, count).Select(i => (int)((i + 1.0) / (count + 1) * projections.RowCount)).Distinct()];
    }
}
