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
                AxisMethod.Vo => VoSearch.Find(projections, Rows(projections, options), range, RunContext.Current),
                AxisMethod.PhaseCorrelation => PhaseCorrelation.Find(projections, options.Rows, range),
                _ => throw new ArgumentOutOfRangeException(nameof(options), options.Method, "No such method."),
            };
            foreach (var warning in axis.Warnings)
            {
                RunContext.Current.Warning?.Invoke(warning);
            }

            return axis;
        }
    }

    private static int[] Rows(ProjectionStack projections, FindAxisOptions options)
    {
        if (options.Rows is { Count: > 0 } given)
        {
            foreach (var row in given)
            {
                if (row < 0 || row >= projections.RowCount)
                {
                    throw new ArgumentException($"There is no detector row {row}: rows are 0 to {projections.RowCount - 1}.", nameof(options));
                }
            }

            return [.. given];
        }

        // The outer rows often see air only, or the sample holder.
        var count = Math.Min(5, projections.RowCount);
        return [.. Enumerable.Range(0, count).Select(i => (int)((i + 1.0) / (count + 1) * projections.RowCount)).Distinct()];
    }
}
