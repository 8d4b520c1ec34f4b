using Beamline.Arrays;

namespace Beamline.Tomography.Center;

/// <summary>Columns between which the axis is searched.</summary>
internal readonly record struct SearchRange(double From, double To)
{
    internal static SearchRange Of(ProjectionStack projections, FindAxisOptions options)
    {
        var columns = projections.ColumnCount;
        var overlap = options.Method == AxisMethod.Overlap;
        var middle = (columns - 1) / 2.0;
        var from = options.FromColumn ?? (overlap ? 0 : Math.Ceiling(middle - (columns / 4.0)));
        var to = options.ToColumn ?? (overlap ? columns - 1 : Math.Floor(middle + (columns / 4.0)));
        if (!(from >= 0) || !(to <= columns - 1) || !(from <= to))
        {
            throw new ArgumentException(
                $"The range {from:0.##} to {to:0.##} does not lie on the detector: columns are 0 to {columns - 1}.", nameof(options));
        }

        return new SearchRange(from, to);
    }

    /// <summary>The part of the range within a distance of a column.</summary>
    internal SearchRange Around(double column, double distance) =>
        new(Math.Max(From, column - distance), Math.Min(To, column + distance));

    /// <summary>A warning when an answer touches the edge of the range, else nothing.</summary>
    internal IReadOnlyList<string> EdgeWarnings(double column)
    {
        // An answer within one step of the edge was stopped there.
        if (column > From + 1 && column < To - 1)
        {
            return [];
        }

        return
        [
            $"The rotation axis came out at column {column:0.0}, the edge of the searched range ({From:0.#} to {To:0.#}): " +
            "the right one probably lies outside. Search a wider range (FromColumn, ToColumn), or look at the sinogram.",
        ];
    }
}
