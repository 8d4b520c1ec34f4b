using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Center;

/// <summary>Makes the slices of an <see cref="AxisSweep"/>.</summary>
internal static class SweepRun
{
    private const double Beside = 4;

    internal static AxisSweep Make(ProjectionStack projections, AxisSweepOptions options, int[] rows, RunContext context)
    {
        var coverage = AngularCoverage.Of(projections.AnglesDegrees);
        if (projections.AngleCount < 2)
        {
            throw new ArgumentException("There is only one projection: a sweep of the rotation axis needs at least two angles.");
        }

        var range = Range(projections, options, rows, coverage, context);
        var step = (range.To - range.From) / (options.Count - 1);
        double[] columns = [.. Enumerable.Range(0, options.Count).Select(i => range.From + (i * step))];
        var sinogram = SliceSearch.MostContrast(projections, rows, context);
        var slices = new Image[columns.Length];
        var size = Math.Min(options.ImageSize, sinogram.ColumnCount);
        var scores = SliceSearch.Scores(
            sinogram, columns, options.Score, context,
            (i, values) => slices[i] = new Image(size, size, values)
            {
                Title = $"axis {columns[i]:0.##}",
                Quantity = projections.Quantity == Quantity.LineIntegral ? Quantity.AttenuationPerPixel : new Quantity(projections.Quantity.Name, "per pixel"),
                PixelSizeX = projections.PixelSize,
                PixelSizeY = projections.PixelSize,
            },
            size);
        var best = SliceSearch.IndexOfMost(scores);
        var axis = new RotationAxis(columns[best])
        {
            Method = "sweep",
            UncertaintyPixels = step / 2,
            Warnings = [.. Warnings(best, columns), .. coverage.FullTurnWarnings("a sweep over slices")],
        };
        return new AxisSweep(
            sinogram.DetectorRow, options.Score, [.. columns.Select((c, i) => new AxisCandidate(c, scores[i], slices[i]))], best, axis);
    }

    private static IEnumerable<string> Warnings(int best, double[] columns)
    {
        if (best == 0 || best == columns.Length - 1)
        {
            yield return
                $"The best of the candidate axes, column {columns[best]:0.##}, is at the edge of the searched range ({columns[0]:0.##} to " +
                $"{columns[^1]:0.##}): a better one may lie outside. Sweep further {(best == 0 ? "left" : "right")} (FromColumn, ToColumn).";
        }
    }

    private static SearchRange Range(
        ProjectionStack projections, AxisSweepOptions options, int[] rows, AngularCoverage coverage, RunContext context)
    {
        var last = projections.ColumnCount - 1;
        var (from, to) = (options.FromColumn, options.ToColumn);
        if (from is null || to is null)
        {
            // Without half a turn there is nothing to guess from: about the middle, and wider.
            var known = coverage.Degrees >= UniformHalfTurn.LeastDegrees && coverage.Count >= 16;
            var middle = known
                ? VoSearch.Find(projections, rows, SearchRange.Of(projections, new FindAxisOptions()), context).Column
                : last / 2.0;
            var beside = known ? Beside : Math.Max(Beside, last / 16.0);
            // Whole columns read better under a picture.
            from ??= Math.Clamp(Math.Round(middle - beside), 0, last);
            to ??= Math.Clamp(Math.Round(middle + beside), 0, last);
        }

        return SearchRange.Of(projections, new FindAxisOptions { FromColumn = from, ToColumn = to });
    }
}
