using System.Numerics;
using Beamline.Arrays;
using MathNet.Numerics.IntegralTransforms;
using Scaling = MathNet.Numerics.IntegralTransforms.FourierOptions;

namespace Beamline.Tomography.Center;

/// <summary>
/// Finds the axis from two projections half a turn apart: the second is the first one mirrored about the axis, so the shift
/// between the first and the mirrored second is twice the distance of the axis from the middle of the detector.
/// </summary>
/// <remarks>Guizar-Sicairos, Thurman and Fienup, Opt. Lett. 33 (2008) 156, for the refinement below a pixel.</remarks>
internal static class PhaseCorrelation
{
    private const int MostRows = 256;

    internal static RotationAxis Find(ProjectionStack projections, IReadOnlyList<int>? rows, SearchRange range)
    {
        var (first, second, error) = OppositePair(projections.AnglesDegrees);
        var a = projections.Projection(first);
        var b = projections.Projection(second);
        var columns = projections.ColumnCount;
        var length = (int)BitOperations.RoundUpToPowerOf2((uint)(2 * columns));
        var cross = CrossSpectrum(a, b, rows ?? Spread(projections.RowCount), length);

        double Correlation(double column)
        {
            var shift = (2 * column) - (columns - 1);
            double sum = 0;
            for (var v = 1; v < cross.Length; v++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * v * shift / length);
                sum += (cross[v].Real * cos) - (cross[v].Imaginary * sin);
            }

            return sum;
        }

        var best = Best(Correlation, range.From, range.To, 0.25);
        best = Best(Correlation, Math.Max(range.From, best - 0.5), Math.Min(range.To, best + 0.5), 0.01);
        var warnings = new List<string>(range.EdgeWarnings(best));
        warnings.AddRange(AngularCoverage.Of(projections.AnglesDegrees).FullTurnWarnings("phase correlation"));
        if (error > 0.1)
        {
            warnings.Add(
                $"No two projections are 180 degrees apart; the nearest pair ({projections.AnglesDegrees[first]:0.##} and " +
                $"{projections.AnglesDegrees[second]:0.##} degrees) misses it by {error:0.##} degrees, which may shift the axis. " +
                "Vo's method does not need such a pair.");
        }

        return new RotationAxis(best) { Method = "phase-correlation", Warnings = warnings };
    }

    private static (int First, int Second, double Error) OppositePair(IReadOnlyList<double> angles)
    {
        var (first, second, error) = (0, 0, double.PositiveInfinity);
        for (var i = 0; i < angles.Count; i++)
        {
            for (var j = 0; j < angles.Count; j++)
            {
                var miss = Math.Abs(Math.Abs(angles[j] - angles[i]) - 180);
                if (i != j && miss < error)
                {
                    (first, second, error) = (i, j, miss);
                }
            }
        }

        return error <= 5
            ? (first, second, error)
            : throw new ArgumentException(
                "Phase correlation needs two projections 180 degrees apart; " +
                (double.IsFinite(error) ? $"the nearest pair misses that by {error:0.#} degrees." : "there is only one projection.") +
                " Use Vo's method, or give the axis by hand.");
    }

    private static int[] Spread(int rowCount)
    {
        var count = Math.Min(rowCount, MostRows);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * rowCount / count))];
    }

    /// <summary>Cross power spectrum of the first and the mirrored second picture, summed over rows, with all amplitudes made alike.</summary>
    private static Complex[] CrossSpectrum(Image a, Image b, IReadOnlyList<int> rows, int length)
    {
        var columns = a.ColumnCount;
        var sum = new Complex[length / 2];
        foreach (var row in rows)
        {
            var fa = RowSpectrum(a.Row(row), length, mirrored: false);
            var fb = RowSpectrum(b.Row(row), length, mirrored: true);
            for (var v = 0; v < sum.Length; v++)
            {
                sum[v] += fa[v] * Complex.Conjugate(fb[v]);
            }
        }

        for (var v = 0; v < sum.Length; v++)
        {
            // Fine detail is mostly noise: a soft limit at about a sixth of the sampling frequency.
            var w = (double)v / length / 0.15;
            var amplitude = sum[v].Magnitude;
            sum[v] = amplitude > 0 ? sum[v] / amplitude * Math.Exp(-w * w) : 0;
        }

        return sum;

        static Complex[] RowSpectrum(Span<float> values, int length, bool mirrored)
        {
            var signal = new Complex[length];
            var (head, tail) = (values[0], values[^1]);
            for (var x = 0; x < values.Length; x++)
            {
                // Without the line through both ends, so that the step to the zeros beside the row is no feature.
                var baseline = head + ((tail - head) * x / Math.Max(1, values.Length - 1));
                var value = values[x] - baseline;
                signal[mirrored ? values.Length - 1 - x : x] = float.IsFinite(value) ? value : 0;
            }

            Fourier.Forward(signal, Scaling.NoScaling);
            return signal;
        }
    }

    private static double Best(Func<double, double> correlation, double from, double to, double step)
    {
        var (best, most) = (from, double.NegativeInfinity);
        for (var i = 0; from + (i * step) <= to + 1e-9; i++)
        {
            var column = from + (i * step);
            if (correlation(column) is var value && value > most)
            {
                (best, most) = (column, value);
            }
        }

        return best;
    }
}
