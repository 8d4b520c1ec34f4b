namespace Beamline.Tomography.Preprocessing;

/// <summary>Vo 2018, algorithm 5: stripes are found and normalized by means over ranks; what stands out is replaced.</summary>
/// <param name="ratio">How far a stripe stands out.</param>
/// <param name="size">Columns of the median.</param>
/// <param name="dropRatio">Part of the ranks that does not count.</param>
/// <param name="interpolate">Whether stripes are interpolated over instead of replaced by ranks.</param>
internal sealed class LargeStripes(double ratio, int size, double dropRatio, bool interpolate) : StripeRemover
{
    internal override void Apply(SinogramBlock sinogram)
    {
        var sorted = new SortedColumns(sinogram);
        var drop = (int)(0.5 * dropRatio * sinogram.Angles);
        var smooth = sorted.MedianOverColumns(size);
        var factors = new float[sinogram.Columns];
        for (var c = 0; c < factors.Length; c++)
        {
            var wanted = Mean(smooth, c, sinogram.Angles, drop);
            factors[c] = wanted != 0 ? (float)(Mean(sorted.Values, c, sinogram.Angles, drop) / wanted) : 1;
        }

        var mask = StripeDetector.Find(factors, ratio);
        for (var c = 0; c < factors.Length; c++)
        {
            // Factors of columns that see next to nothing are noise over noise; dividing by them helps nobody.
            var factor = factors[c] is > 0.2f and < 5f ? factors[c] : 1;
            for (var i = c; i < sinogram.Values.Length; i += sinogram.Columns)
            {
                sinogram.Values[i] /= factor;
            }
        }

        if (interpolate)
        {
            mask.AsSpan(0, 2).Clear();
            mask.AsSpan(mask.Length - 2).Clear();
            StripeDetector.InterpolateOver(sinogram, mask);
            return;
        }

        for (var c = 0; c < mask.Length; c++)
        {
            if (mask[c])
            {
                sorted.PutBack(smooth, c, sinogram);
            }
        }
    }

    private static double Mean(float[] columns, int column, int angles, int drop)
    {
        double sum = 0;
        foreach (var value in columns.AsSpan((column * angles) + drop, angles - (2 * drop)))
        {
            sum += value;
        }

        return sum / (angles - (2 * drop));
    }
}
