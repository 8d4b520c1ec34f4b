namespace Beamline.Tomography.Preprocessing;

/// <summary>Vo 2018, algorithm 4: columns whose factor lies off the line through the middle of the sorted factors.</summary>
internal static class StripeDetector
{
    /// <summary>Marks stripes and one column on each side of them.</summary>
    internal static bool[] Find(ReadOnlySpan<float> factors, double ratio) => Widened(Marked(factors, ratio));

    /// <summary>Marks one column on each side of those that are marked.</summary>
    internal static bool[] Widened(bool[] marked)
    {
        var mask = new bool[marked.Length];
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = marked[i] || (i > 0 && marked[i - 1]) || (i < mask.Length - 1 && marked[i + 1]);
        }

        return mask;
    }

    /// <summary>Marks stripes.</summary>
    internal static bool[] Marked(ReadOnlySpan<float> factors, double ratio)
    {
        var n = factors.Length;
        var sorted = factors.ToArray();
        Array.Sort(sorted);
        var drop = n / 4;
        var (slope, intercept) = Line(sorted, drop, n - drop - 1);
        var end = intercept + (slope * (n - 1));
        var noise = Math.Max(Math.Abs(end - intercept), 1e-6);
        var above = Math.Abs(sorted[^1] - end) / noise >= ratio ? end + (noise * ratio * 0.5) : double.PositiveInfinity;
        var below = Math.Abs(intercept - sorted[0]) / noise >= ratio ? intercept - (noise * ratio * 0.5) : double.NegativeInfinity;
        var mask = new bool[n];
        for (var i = 0; i < n; i++)
        {
            mask[i] = factors[i] > above || factors[i] <= below;
        }

        return mask;
    }

    /// <summary>Replaces marked columns by values between the next unmarked ones, angle by angle.</summary>
    internal static void InterpolateOver(SinogramBlock sinogram, bool[] mask)
    {
        if (!mask.Contains(true) || !mask.Contains(false))
        {
            return;
        }

        for (var a = 0; a < sinogram.Angles; a++)
        {
            var row = sinogram.Row(a);
            for (var c = 0; c < row.Length; c++)
            {
                row[c] = mask[c] ? float.NaN : row[c];
            }

            NonFiniteRepair.Line(row);
        }
    }

    private static (double Slope, double Intercept) Line(float[] sorted, int from, int to)
    {
        double count = to - from, sx = 0, sy = 0, sxx = 0, sxy = 0;
        for (var i = from; i < to; i++)
        {
            sx += i;
            sy += sorted[i];
            sxx += (double)i * i;
            sxy += (double)i * sorted[i];
        }

        var slope = ((count * sxy) - (sx * sy)) / ((count * sxx) - (sx * sx));
        return (slope, (sy - (slope * sx)) / count);
    }
}
