namespace Beamline.Tomography.Center;

/// <summary>What a score of candidate slices rewards; always greater for a better axis.</summary>
internal static class SliceScores
{
    private const int Bins = 256;

    /// <summary>Scores a square slice inside a circle about its middle.</summary>
    /// <param name="score">What is rewarded.</param>
    /// <param name="values">The slice [y, x].</param>
    /// <param name="size">Edge of the slice.</param>
    /// <param name="radius">Radius of the circle in pixels.</param>
    /// <param name="gray">The values that the histogram of the entropy spans: the same for all that are compared.</param>
    internal static double Of(AxisScore score, float[] values, int size, double radius, (float Low, float High) gray) => score switch
    {
        AxisScore.Sharpness => EdgeContrast(values, size, radius),
        AxisScore.Entropy => -Entropy(values, size, radius, gray),
        AxisScore.Negativity => Negative(values, size, radius),
        _ => throw new ArgumentOutOfRangeException(nameof(score), score, "No such score."),
    };

    /// <summary>The range of gray values of a slice, with room for those of its neighbors.</summary>
    internal static (float Low, float High) GrayRange(float[] values)
    {
        var (low, high) = (values.Min(), values.Max());
        var room = (high - low) / 4;
        return (low - room, high + room);
    }

    /// <summary>Root mean square of the gradient over its mean: few strong edges against many weak ones.</summary>
    /// <remarks>
    /// The mean square alone says nothing: over half a turn a wrong axis changes only the phases of the slice's Fourier transform,
    /// so the energy of the slice and of its gradient stay what they are.
    /// </remarks>
    private static double EdgeContrast(float[] values, int size, double radius)
    {
        double sum = 0, square = 0;
        long count = 0;
        foreach (var (first, end) in Rows(size, radius - 1))
        {
            for (var i = first; i < end; i++)
            {
                var dx = (values[i + 1] - values[i - 1]) / 2;
                var dy = (values[i + size] - values[i - size]) / 2;
                var gradient = (dx * dx) + (dy * dy);
                square += gradient;
                sum += MathF.Sqrt(gradient);
                count++;
            }
        }

        return sum > 0 ? Math.Sqrt(square * count) / sum : 0;
    }

    /// <summary>Entropy of the histogram in bits.</summary>
    private static double Entropy(float[] values, int size, double radius, (float Low, float High) gray)
    {
        var histogram = new long[Bins];
        long count = 0;
        var scale = gray.High > gray.Low ? Bins / (gray.High - gray.Low) : 0;
        foreach (var (first, end) in Rows(size, radius))
        {
            for (var i = first; i < end; i++)
            {
                histogram[(int)Math.Clamp((values[i] - gray.Low) * scale, 0, Bins - 1)]++;
                count++;
            }
        }

        return histogram.Where(n => n > 0).Sum(n => -(double)n / count * Math.Log2((double)n / count));
    }

    /// <summary>Mean of the negative values: attenuation is never negative, and a wrong axis makes it so.</summary>
    private static double Negative(float[] values, int size, double radius)
    {
        double sum = 0;
        long count = 0;
        foreach (var (first, end) in Rows(size, radius))
        {
            for (var i = first; i < end; i++)
            {
                sum += Math.Min(values[i], 0);
                count++;
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    private static IEnumerable<(int First, int End)> Rows(int size, double radius)
    {
        var middle = (size - 1) / 2.0;
        for (var y = 1; y < size - 1; y++)
        {
            var square = (radius * radius) - ((y - middle) * (y - middle));
            if (square > 0)
            {
                var half = Math.Sqrt(square);
                yield return (
                    (y * size) + Math.Max(1, (int)Math.Ceiling(middle - half)),
                    (y * size) + Math.Min(size - 1, (int)Math.Floor(middle + half) + 1));
            }
        }
    }
}
