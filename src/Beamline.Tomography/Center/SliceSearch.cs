using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Center;

/// <summary>Finds the axis whose slice scores best: with wide pixels over the whole range, then finer about the best.</summary>
/// <remarks>
/// Donath, Beckmann and Schreyer, J. Opt. Soc. Am. A 23 (2006) 1048, for the scores of slices (entropy, negativity).
/// </remarks>
internal static class SliceSearch
{
    internal const int LargestImage = 512;
    private const int CoarseColumns = 256;
    private const double FineStep = 0.1;

    internal static RotationAxis Find(ProjectionStack projections, int[] rows, SearchRange range, AxisScore score, RunContext context)
    {
        var coverage = AngularCoverage.Of(projections.AnglesDegrees);
        coverage.NeedHalfTurn($"the {score.ToString().ToLowerInvariant()} of slices");
        var full = MostContrast(projections, rows, context);
        var bin = (full.ColumnCount + CoarseColumns - 1) / CoarseColumns;
        var (columns, curve) = (Steps(range, 0.5), Array.Empty<double>());
        if (bin > 1)
        {
            // The first pass decides between columns as wide as a bin.
            columns = Steps(range, bin / 2.0);
            curve = Scores(Binned(full, bin), [.. columns.Select(c => (c - ((bin - 1) / 2.0)) / bin)], score, context);
            columns = Steps(range.Around(columns[IndexOfMost(curve)], 2 * bin), 0.5);
        }

        curve = Scores(full, columns, score, context);
        var (start, spread) = (columns[IndexOfMost(curve)], curve.Max() - curve.Min());
        columns = Steps(range.Around(start, 1), FineStep);
        curve = Scores(full, columns, score, context);
        var column = Top(columns, curve, FineStep);
        return new RotationAxis(column)
        {
            Method = score.ToString().ToLowerInvariant(),
            Warnings =
            [
                .. range.EdgeWarnings(column), .. coverage.FullTurnWarnings("a sweep over slices"),
                .. spread > 0 ? Array.Empty<string>() : ["All candidate slices score alike: there is nothing in these rows. Choose others (Rows)."],
            ],
        };
    }

    /// <summary>Scores of candidates, greater for a better one.</summary>
    internal static double[] Scores(Sinogram sinogram, double[] columns, AxisScore score, RunContext context, Action<int, float[]>? keep = null, int? imageSize = null)
    {
        var size = Math.Min(imageSize ?? LargestImage, sinogram.ColumnCount);
        // What every candidate sees at every angle; an eighth of the detector at least, or a wide range would compare nothing.
        var radius = Math.Min(
            (size - 1) / 2.0,
            Math.Max(sinogram.ColumnCount / 8.0, columns.Min(c => Math.Min(c, sinogram.ColumnCount - 1 - c))));
        using var slices = new CandidateSlices(sinogram, size, context);
        var gray = (Low: 0f, High: 0f);
        slices.Each([columns[columns.Length / 2]], (_, values) => gray = SliceScores.GrayRange(values));
        var scores = new double[columns.Length];
        slices.Each(columns, (i, values) =>
        {
            scores[i] = SliceScores.Of(score, values, size, radius, gray);
            keep?.Invoke(i, values);
        });
        return scores;
    }

    internal static double[] Steps(SearchRange range, double step)
    {
        var count = (int)Math.Floor(((range.To - range.From) / step) + 1e-9) + 1;
        return [.. Enumerable.Range(0, count).Select(i => range.From + (i * step))];
    }

    internal static int IndexOfMost(double[] values) => Array.IndexOf(values, values.Max());

    /// <summary>The column of the greatest score, between the steps by a parabola through it and its neighbors.</summary>
    internal static double Top(double[] columns, double[] curve, double step)
    {
        var i = IndexOfMost(curve);
        if (i == 0 || i == curve.Length - 1)
        {
            return columns[i];
        }

        var curvature = (2 * curve[i]) - curve[i - 1] - curve[i + 1];
        return columns[i] + (curvature > 0 ? step * Math.Clamp(0.5 * (curve[i + 1] - curve[i - 1]) / curvature, -0.5, 0.5) : 0);
    }

    /// <summary>The sinogram of the row with most contrast: rows of air decide nothing.</summary>
    internal static Sinogram MostContrast(ProjectionStack projections, int[] rows, RunContext context)
    {
        var (best, most) = ((Sinogram?)null, double.NegativeInfinity);
        foreach (var row in rows)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var sinogram = projections.Sinogram(row);
            double sum = 0, square = 0;
            foreach (var value in sinogram.Values)
            {
                var v = float.IsFinite(value) ? value : 0;
                (sum, square) = (sum + v, square + ((double)v * v));
            }

            var variance = square - (sum * sum / sinogram.Values.Length);
            if (variance > most)
            {
                (best, most) = (sinogram, variance);
            }
        }

        return best!;
    }

    private static Sinogram Binned(Sinogram sinogram, int bin)
    {
        var columns = sinogram.ColumnCount / bin;
        var values = new float[sinogram.AngleCount * columns];
        for (var a = 0; a < sinogram.AngleCount; a++)
        {
            var row = sinogram.Row(a);
            for (var x = 0; x < columns; x++)
            {
                foreach (var value in row.Slice(x * bin, bin))
                {
                    values[(a * columns) + x] += float.IsFinite(value) ? value / bin : 0;
                }
            }
        }

        return new Sinogram(sinogram.AnglesDegrees, columns, values);
    }
}
