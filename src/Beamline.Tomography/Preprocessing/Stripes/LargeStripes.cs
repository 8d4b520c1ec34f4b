namespace Beamline.Tomography.Preprocessing;

/// <summary>Vo 2018, algorithm 5: stripes are found and normalized by means over ranks; what stands out is replaced.</summary>
/// <param name="ratio">How far a stripe stands out.</param>
/// <param name="size">Columns of the median.</param>
/// <param name="dropRatio">Part of the ranks that does not count.</param>
/// <param name="published">Every column is normalized, and stripes take the medians; else stripes take ranks between their neighbors.</param>
/// <param name="interpolate">Whether stripes are interpolated over instead of replaced by ranks.</param>
internal sealed class LargeStripes(double ratio, int size, double dropRatio, bool published, bool interpolate) : StripeRemover
{
    internal override void Apply(SinogramBlock sinogram)
    {
        var sorted = new SortedColumns(sinogram);
        var drop = (int)(0.5 * dropRatio * sinogram.Angles);
        if (!published && !interpolate)
        {
            ReplaceBetweenNeighbors(sinogram, sorted, Find(sorted, drop));
            return;
        }

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

    /// <summary>A wide median is off where the sample has slopes; between good columns the same rank goes in a straight line.</summary>
    private static void ReplaceBetweenNeighbors(SinogramBlock sinogram, SortedColumns sorted, bool[] mask)
    {
        var (angles, columns) = (sinogram.Angles, sinogram.Columns);
        for (var first = 0; first < columns; first++)
        {
            if (!mask[first])
            {
                continue;
            }

            var end = first;
            while (end < columns && mask[end])
            {
                end++;
            }

            // At the edges of the detector there is one neighbor only; without any, nothing can be said.
            var (before, after) = (first > 0 ? first - 1 : end, end < columns ? end : first - 1);
            for (var c = first; c < end && before < columns && after >= 0; c++)
            {
                var weight = after == before ? 0f : (c - before) / (float)(after - before);
                for (var rank = 0; rank < angles; rank++)
                {
                    var start = sorted.Values[(before * angles) + rank];
                    sorted.Values[(c * angles) + rank] = start + (weight * (sorted.Values[(after * angles) + rank] - start));
                }

                sorted.PutBack(sorted.Values, c, sinogram);
            }

            first = end;
        }
    }

    /// <summary>Columns whose mean is off by more than noise and more than the sample itself bends there, and one beside each.</summary>
    private bool[] Find(SortedColumns sorted, int drop)
    {
        var means = new float[sorted.Columns];
        for (var c = 0; c < means.Length; c++)
        {
            means[c] = (float)Mean(sorted.Values, c, sorted.Angles, drop);
        }

        var wanted = new float[means.Length];
        new TrendMedian(size, follow: true).Apply(means, wanted);
        var away = means.Zip(wanted, (m, w) => Math.Abs(m - w)).ToArray();
        var ordered = away.Order().ToArray();
        // A stripe of less than 1 % of the mean is small, whatever its width.
        var least = Math.Max(ratio * 1.4826 * ordered[ordered.Length / 2], 0.01 * wanted.Average(Math.Abs));
        var mask = new bool[means.Length];
        for (var c = 0; c < mask.Length; c++)
        {
            if (away[c] > least && away[c] > 4 * Bend(wanted, c))
            {
                mask[Math.Max(c - 1, 0)] = mask[c] = mask[Math.Min(c + 1, mask.Length - 1)] = true;
            }
        }

        return mask;
    }

    /// <summary>The largest distance of a column near this one from the line through its neighbors a quarter window away.</summary>
    private float Bend(float[] wanted, int column)
    {
        var step = Math.Max(size / 4, 1);
        float most = 0;
        for (var c = Math.Max(column - step, step); c <= Math.Min(column + step, wanted.Length - 1 - step); c++)
        {
            most = Math.Max(most, Math.Abs(wanted[c] - ((wanted[c - step] + wanted[c + step]) / 2)));
        }

        return most;
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
