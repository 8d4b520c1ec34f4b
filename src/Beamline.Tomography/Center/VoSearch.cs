using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Center;

/// <summary>Searches the column where <see cref="VoSpectrum"/> has its minimum: coarse, then fine, then a parabola.</summary>
internal static class VoSearch
{
    private const double CoarseStep = 0.5;
    private const double FineStep = 0.1;

    internal static RotationAxis Find(ProjectionStack projections, int[] rows, SearchRange range, RunContext context)
    {
        var spectra = new VoSpectrum[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            context.Report("Rotation axis", (double)i / rows.Length, $"row {rows[i]}");
            spectra[i] = new VoSpectrum(projections.Sinogram(rows[i]));
        }

        // Rows differ in brightness: each one's curve counts relative to its mean.
        var coarse = Columns(range.From, range.To, CoarseStep);
        var curves = spectra.Select(s => Curve(s, coarse, context)).ToArray();
        var mean = new double[coarse.Length];
        foreach (var curve in curves)
        {
            var average = curve.Average();
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += average > 0 ? curve[i] / average : 1;
            }
        }

        var start = coarse[IndexOfLeast(mean)];
        var each = spectra.Select(s => Refine([s], start, range, context)).ToArray();
        var column = Refine(spectra, start, range, context);
        return new RotationAxis(column)
        {
            Method = "vo",
            UncertaintyPixels = each.Length > 1 ? Math.Max(FineStep / 2, (each.Max() - each.Min()) / 2) : null,
            Warnings =
            [
                .. range.EdgeWarnings(column), .. FlatWarnings(mean, rows.Length),
                .. AngularCoverage.Of(projections.AnglesDegrees).FullTurnWarnings("Vo's method"),
            ],
        };
    }

    private static double Refine(VoSpectrum[] spectra, double start, SearchRange range, RunContext context)
    {
        var columns = Columns(Math.Max(range.From, start - 2), Math.Min(range.To, start + 2), FineStep);
        var sum = new double[columns.Length];
        foreach (var spectrum in spectra)
        {
            var curve = Curve(spectrum, columns, context);
            var average = curve.Average();
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += average > 0 ? curve[i] / average : 1;
            }
        }

        var least = IndexOfLeast(sum);
        return columns[least] + (FineStep * Vertex(sum, least));
    }

    /// <summary>A minimum that hardly stands out is a guess, and the user must know.</summary>
    private static IEnumerable<string> FlatWarnings(double[] metric, int rows)
    {
        var depth = 1 - (metric.Min() / rows);
        if (depth < 0.01)
        {
            yield return
                "The search for the rotation axis has no clear minimum (rows of air, or too little contrast): check the result, " +
                "or choose other rows (Rows).";
        }
    }

    private static double[] Curve(VoSpectrum spectrum, double[] columns, RunContext context)
    {
        var curve = new double[columns.Length];
        ParallelWork.For(columns.Length, context, i => curve[i] = spectrum.Metric(columns[i]));
        return curve;
    }

    private static double[] Columns(double from, double to, double step)
    {
        var count = (int)Math.Floor(((to - from) / step) + 1e-9) + 1;
        return [.. Enumerable.Range(0, count).Select(i => from + (i * step))];
    }

    private static int IndexOfLeast(double[] values) => Array.IndexOf(values, values.Min());

    /// <summary>Where the parabola through a sample and its neighbors is least, in steps from the sample.</summary>
    private static double Vertex(double[] values, int i)
    {
        if (i == 0 || i == values.Length - 1)
        {
            return 0;
        }

        var curvature = values[i - 1] - (2 * values[i]) + values[i + 1];
        return curvature > 0 ? Math.Clamp(0.5 * (values[i - 1] - values[i + 1]) / curvature, -0.5, 0.5) : 0;
    }
}
