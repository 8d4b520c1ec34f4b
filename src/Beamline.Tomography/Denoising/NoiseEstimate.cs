using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>How noise is told from structure.</summary>
public enum NoiseEstimator
{
    /// <summary>Median of |second differences along rows and columns| over 0.6745: edges, fewer than half of the pixels, count little.</summary>
    LaplacianMedian,

    /// <summary>Mean of the same: Immerkær, Comput. Vis. Image Underst. 64 (1996) 300. Less scatter, but edges count as noise.</summary>
    Immerkaer,
}

/// <summary>The standard deviation of white noise, told from one picture alone.</summary>
/// <remarks>
/// Noise that neighboring pixels share (after a reconstruction, a scintillator's blur) comes out too small; noise that differs from place
/// to place as its median.
/// </remarks>
public static class NoiseEstimate
{
    /// <summary>Estimates the noise of an image.</summary>
    /// <param name="image">The image; an edge of fewer than 3 pixels takes differences along the other one only.</param>
    /// <param name="estimator">How.</param>
    /// <returns>A standard deviation in units of the image; 0 when there is no noise, or fewer than 3 pixels in both directions.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static double Sigma(Image image, NoiseEstimator estimator = NoiseEstimator.LaplacianMedian)
    {
        ArgumentNullException.ThrowIfNull(image);
        FiniteCheck.Check(image.Values, image.ColumnCount, "The image", nameof(image));
        return Sigma(image.Values, image.RowCount, image.ColumnCount, estimator);
    }

    internal static double Sigma(ReadOnlySpan<float> values, int rows, int columns, NoiseEstimator estimator)
    {
        var (tall, wide) = (rows >= 3, columns >= 3);
        if (!tall && !wide)
        {
            return 0;
        }

        // [1 -2 1] has norm √6; along both directions, 6.
        var norm = tall && wide ? 6 : Math.Sqrt(6);
        var (bottom, right) = (tall ? rows - 2 : rows, wide ? columns - 2 : columns);
        var made = new float[bottom * right];
        for (var row = 0; row < bottom; row++)
        {
            for (var column = 0; column < right; column++)
            {
                var at = (row * columns) + column;
                made[(row * right) + column] = Math.Abs(tall && wide
                    ? Second(values, at, columns) - (2 * Second(values, at + 1, columns)) + Second(values, at + 2, columns)
                    : Second(values, at, wide ? 1 : columns));
            }
        }

        return estimator switch
        {
            NoiseEstimator.Immerkaer => Math.Sqrt(Math.PI / 2) * Mean(made) / norm,
            _ => Median(made) / 0.6744897501960817 / norm,
        };
    }

    private static float Second(ReadOnlySpan<float> values, int at, int step) => values[at] - (2 * values[at + step]) + values[at + (2 * step)];

    private static double Mean(float[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    private static double Median(float[] values)
    {
        Array.Sort(values);
        return values.Length % 2 == 1 ? values[values.Length / 2] : 0.5 * (values[(values.Length / 2) - 1] + (double)values[values.Length / 2]);
    }
}
