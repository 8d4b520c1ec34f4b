using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>How near a picture is to a known truth.</summary>
public static class ImageQuality
{
    /// <summary>Root mean square error over a disc around the middle of the picture.</summary>
    /// <param name="truth">The truth.</param>
    /// <param name="picture">As large as the truth.</param>
    /// <param name="discFraction">Radius of the disc over half the width; a large number takes the whole picture.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static double Rmse(Image truth, Image picture, double discFraction = double.PositiveInfinity)
    {
        CheckShapes(truth, picture);
        double sum = 0;
        long count = 0;
        for (var y = 0; y < truth.RowCount; y++)
        {
            for (var x = 0; x < truth.ColumnCount; x++)
            {
                if (Inside(truth, y, x, discFraction))
                {
                    double difference = picture[y, x] - truth[y, x];
                    sum += difference * difference;
                    count++;
                }
            }
        }

        return Math.Sqrt(sum / count);
    }

    /// <summary>
    /// Mean structural similarity over a disc, with a uniform window of 7 x 7 pixels and sample covariances:
    /// the same numbers as scikit-image's <c>structural_similarity</c> with its defaults.
    /// </summary>
    /// <remarks>Wang, Bovik, Sheikh and Simoncelli, IEEE Trans. Image Process. 13 (2004) 600.</remarks>
    /// <param name="truth">The truth; at least 7 x 7.</param>
    /// <param name="picture">As large as the truth.</param>
    /// <param name="dataRange">Largest minus smallest possible value.</param>
    /// <param name="discFraction">Radius of the disc over half the width; a large number takes the whole picture.</param>
    /// <exception cref="ArgumentException">The shapes differ or are too small.</exception>
    public static double Ssim(
        Image truth, Image picture, double dataRange = 1, double discFraction = double.PositiveInfinity)
    {
        CheckShapes(truth, picture);
        const int Half = 3;
        const int Window = (2 * Half) + 1;
        if (truth.RowCount < Window || truth.ColumnCount < Window)
        {
            throw new ArgumentException($"SSIM needs pictures of at least {Window} x {Window} pixels.", nameof(truth));
        }

        const double Pixels = Window * Window;
        var c1 = Math.Pow(0.01 * dataRange, 2);
        var c2 = Math.Pow(0.03 * dataRange, 2);
        double total = 0;
        long count = 0;
        for (var y = Half; y < truth.RowCount - Half; y++)
        {
            for (var x = Half; x < truth.ColumnCount - Half; x++)
            {
                if (!Inside(truth, y, x, discFraction))
                {
                    continue;
                }

                double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
                for (var dy = -Half; dy <= Half; dy++)
                {
                    var rowA = truth.Row(y + dy).Slice(x - Half, Window);
                    var rowB = picture.Row(y + dy).Slice(x - Half, Window);
                    for (var i = 0; i < Window; i++)
                    {
                        double a = rowA[i], b = rowB[i];
                        sa += a;
                        sb += b;
                        saa += a * a;
                        sbb += b * b;
                        sab += a * b;
                    }
                }

                var (ma, mb) = (sa / Pixels, sb / Pixels);
                const double Unbiased = Pixels / (Pixels - 1);
                var va = Unbiased * ((saa / Pixels) - (ma * ma));
                var vb = Unbiased * ((sbb / Pixels) - (mb * mb));
                var vab = Unbiased * ((sab / Pixels) - (ma * mb));
                total += ((2 * ma * mb) + c1) * ((2 * vab) + c2) / (((ma * ma) + (mb * mb) + c1) * (va + vb + c2));
                count++;
            }
        }

        return total / count;
    }

    private static bool Inside(Image image, int y, int x, double fraction)
    {
        var radius = fraction * image.ColumnCount / 2.0;
        var dy = y - ((image.RowCount - 1) / 2.0);
        var dx = x - ((image.ColumnCount - 1) / 2.0);
        return (dx * dx) + (dy * dy) <= radius * radius;
    }

    private static void CheckShapes(Image truth, Image picture)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(picture);
        if (truth.RowCount != picture.RowCount || truth.ColumnCount != picture.ColumnCount)
        {
            throw new ArgumentException(
                $"The shapes differ: {truth.RowCount} x {truth.ColumnCount} and {picture.RowCount} x {picture.ColumnCount}.", nameof(picture));
        }
    }
}
