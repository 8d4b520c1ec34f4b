using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Center;

/// <summary>
/// Finds the axis of a full turn where the first half turn and the mirrored second one overlap best: also when the axis lies
/// near an edge of the detector, so that each half sees only one side of the sample (half acquisition).
/// </summary>
/// <remarks>
/// Vo, Atwood, Drakopoulos and Connolley, Data processing methods and data acquisition for samples larger than the field of
/// view in parallel-beam tomography, Opt. Express 29 (2021) 17849. A window at each edge of the first half is slid over the
/// mirrored second half; the normalized correlation is greatest where both see the same rays, which gives the overlap and
/// its side. Columns lose their mean over the angles first: the sample's outline correlates with itself everywhere, and stripes
/// do not turn with the sample.
/// </remarks>
internal static class OverlapSearch
{
    internal static RotationAxis Find(ProjectionStack projections, int[] rows, SearchRange range, RunContext context)
    {
        AngularCoverage.Of(projections.AnglesDegrees).NeedFullTurn();
        var halves = new TwoHalves[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            context.Report("Rotation axis", (double)i / rows.Length, $"row {rows[i]}");
            context.CancellationToken.ThrowIfCancellationRequested();
            halves[i] = TwoHalves.Of(projections.Sinogram(rows[i]));
        }

        var columns = projections.ColumnCount;
        var window = Math.Clamp(columns / 12, Math.Min(8, columns), 100);
        // An overlap as wide as the window is the least that can be compared.
        var least = (window - 1) / 2.0;
        var reach = new SearchRange(Math.Max(range.From, least), Math.Min(range.To, columns - 1 - least));
        if (reach.To < reach.From)
        {
            throw new ArgumentException(
                $"The range {range.From:0.##} to {range.To:0.##} leaves less than {window} columns of overlap, too few to compare. Search further from the edge.");
        }

        // Half columns are whole shifts of the mirrored half.
        var from = Math.Ceiling(reach.From * 2) / 2;
        double[] candidates = [.. Enumerable.Range(0, (int)Math.Floor((reach.To - from) * 2) + 1).Select(i => from + (i / 2.0))];
        var curve = new double[candidates.Length];
        var each = halves.Select(h => Curve(h, candidates, window, context)).ToArray();
        foreach (var one in each)
        {
            for (var i = 0; i < curve.Length; i++)
            {
                curve[i] += one[i] / each.Length;
            }
        }

        var most = SliceSearch.IndexOfMost(curve);
        var column = Refine(halves, candidates[most], reach, window, context);
        return new RotationAxis(column)
        {
            Method = "overlap",
            UncertaintyPixels = halves.Length > 1 ? Uncertainty(halves, candidates[most], reach, window, context) : null,
            Warnings = [.. reach.EdgeWarnings(column), .. PoorWarnings(curve[most])],
        };
    }

    private static IEnumerable<string> PoorWarnings(double correlation)
    {
        if (correlation < 0.5)
        {
            yield return
                $"The two halves of the turn agree poorly at the best overlap (correlation {correlation:0.00}): check the result, give the " +
                "side (FromColumn, ToColumn), or choose other rows (Rows). Data over 180 degrees repeated twice, rows of air and a sample that moved look like this.";
        }
    }

    private static double[] Curve(TwoHalves halves, double[] columns, int window, RunContext context)
    {
        var curve = new double[columns.Length];
        ParallelWork.For(columns.Length, context, i => curve[i] = halves.Correlation(columns[i], window));
        return curve;
    }

    /// <summary>Shifts between columns, then a parabola; all with as much overlap as the first answer allows.</summary>
    private static double Refine(TwoHalves[] halves, double start, SearchRange reach, int window, RunContext context)
    {
        const double step = 0.125;
        var columns = SliceSearch.Steps(reach.Around(start, 0.75), step);
        var curve = new double[columns.Length];
        foreach (var one in halves)
        {
            var part = Curve(one, columns, window, context);
            for (var i = 0; i < curve.Length; i++)
            {
                curve[i] += part[i];
            }
        }

        return SliceSearch.Top(columns, curve, step);
    }

    private static double Uncertainty(TwoHalves[] halves, double start, SearchRange reach, int window, RunContext context)
    {
        var each = halves.Select(h => Refine([h], start, reach, window, context)).ToArray();
        return Math.Max(0.05, (each.Max() - each.Min()) / 2);
    }
}
