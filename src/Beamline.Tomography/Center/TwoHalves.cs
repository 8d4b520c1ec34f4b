using Beamline.Arrays;

namespace Beamline.Tomography.Center;

/// <summary>The first half turn of a sinogram, and the second one at the same angles, mirrored.</summary>
internal sealed class TwoHalves
{
    private readonly int _angles;
    private readonly int _columns;
    private readonly float[] _first;
    private readonly float[] _mirrored;

    private TwoHalves(int angles, int columns)
    {
        (_angles, _columns) = (angles, columns);
        (_first, _mirrored) = (new float[angles * columns], new float[angles * columns]);
    }

    internal static TwoHalves Of(Sinogram sinogram)
    {
        var order = Enumerable.Range(0, sinogram.AngleCount).OrderBy(i => sinogram.AnglesDegrees[i]).ToArray();
        var sorted = order.Select(i => sinogram.AnglesDegrees[i]).ToArray();
        var last = sorted[^1];
        // Angles whose opposite was measured too.
        var count = sorted.Count(a => a < sorted[0] + 180 && a + 180 <= last + 1e-6);
        var columns = sinogram.ColumnCount;
        var halves = new TwoHalves(count, columns);
        var next = 0;
        for (var a = 0; a < count; a++)
        {
            while (next < sorted.Length - 1 && sorted[next] < sorted[a] + 180)
            {
                next++;
            }

            var before = Math.Max(next - 1, 0);
            var gap = sorted[next] - sorted[before];
            var weight = gap > 0 ? (float)Math.Clamp((sorted[a] + 180 - sorted[before]) / gap, 0, 1) : 1f;
            var one = sinogram.Row(order[a]);
            var low = sinogram.Row(order[before]);
            var high = sinogram.Row(order[next]);
            for (var x = 0; x < columns; x++)
            {
                halves._first[(a * columns) + x] = Finite(one[x]);
                halves._mirrored[(a * columns) + columns - 1 - x] = Finite(low[x]) + (weight * (Finite(high[x]) - Finite(low[x])));
            }
        }

        WithoutMeans(halves._first, count, columns);
        WithoutMeans(halves._mirrored, count, columns);
        return halves;

        static float Finite(float value) => float.IsFinite(value) ? value : 0;
    }

    /// <summary>Correlation, -1 to 1, of the window at the edge of the first half that the axis is nearer to.</summary>
    internal double Correlation(double axis, int window)
    {
        // Column c of the first half is column c + shift of the mirrored half.
        var shift = _columns - 1 - (2 * axis);
        var first = shift > 0 ? 0 : _columns - window;
        var from = (int)Math.Floor(first + shift + 1e-9);
        var part = (float)Math.Max(0, first + shift - from);
        double aa = 0, bb = 0, ab = 0;
        for (var angle = 0; angle < _angles; angle++)
        {
            var a = _first.AsSpan((angle * _columns) + first, window);
            var b = _mirrored.AsSpan(angle * _columns, _columns);
            for (var x = 0; x < window; x++)
            {
                var left = b[Math.Clamp(from + x, 0, _columns - 1)];
                var value = left + (part * (b[Math.Clamp(from + x + 1, 0, _columns - 1)] - left));
                aa += (double)a[x] * a[x];
                bb += (double)value * value;
                ab += (double)a[x] * value;
            }
        }

        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }

    private static void WithoutMeans(float[] values, int angles, int columns)
    {
        for (var x = 0; x < columns; x++)
        {
            double sum = 0;
            for (var a = 0; a < angles; a++)
            {
                sum += values[(a * columns) + x];
            }

            var mean = angles > 0 ? (float)(sum / angles) : 0;
            for (var a = 0; a < angles; a++)
            {
                values[(a * columns) + x] -= mean;
            }
        }
    }
}
