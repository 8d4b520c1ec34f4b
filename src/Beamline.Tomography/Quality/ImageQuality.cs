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

    /// <summary>Peak signal-to-noise ratio: 20 log10(data range / RMSE), in decibels.</summary>
    /// <remarks>
    /// The data range decides the number: without one it is <see cref="DataRange"/> of the truth in the disc. scikit-image takes 1 or 2 for
    /// images of floats, whatever they hold; give it and this the same range to compare.
    /// </remarks>
    /// <param name="truth">The truth.</param>
    /// <param name="picture">As large as the truth.</param>
    /// <param name="dataRange">Largest minus smallest possible value, above 0; null takes that of the truth.</param>
    /// <param name="discFraction">Radius of the disc over half the width; a large number takes the whole picture.</param>
    /// <returns>Infinite for equal pictures.</returns>
    /// <exception cref="ArgumentException">The shapes differ, or the range is not above 0 (a truth of one value has none of its own).</exception>
    public static double Psnr(Image truth, Image picture, double? dataRange = null, double discFraction = double.PositiveInfinity)
    {
        var rmse = Rmse(truth, picture, discFraction);
        var range = dataRange ?? DataRange(truth, discFraction: discFraction);
        return range > 0 && double.IsFinite(range)
            ? 20 * Math.Log10(range / rmse)
            : throw new ArgumentException($"A peak signal-to-noise ratio needs a data range above 0, not {range}; a truth of one value has none: give it.", nameof(dataRange));
    }

    /// <summary>What lies between two percentiles of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="lowPercent">Percentage of values below the range; 0 begins at the smallest.</param>
    /// <param name="highPercent">Percentage of values below its end; 100 ends at the largest.</param>
    /// <param name="discFraction">Radius of the disc over half the width; a large number takes the whole picture.</param>
    /// <returns>High minus low, on straight lines between values (as <c>numpy.percentile</c>); NaN when a value is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The percentages are not in order between 0 and 100.</exception>
    public static double DataRange(Image image, double lowPercent = 0, double highPercent = 100, double discFraction = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!(lowPercent >= 0 && highPercent > lowPercent && highPercent <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(lowPercent), lowPercent, $"Percentages go from 0 to 100, the low one first; not {lowPercent} and {highPercent}.");
        }

        var values = new List<float>();
        for (var y = 0; y < image.RowCount; y++)
        {
            for (var x = 0; x < image.ColumnCount; x++)
            {
                if (Inside(image, y, x, discFraction))
                {
                    values.Add(image[y, x]);
                }
            }
        }

        return Percentiles.Between(values, lowPercent, highPercent);
    }

    /// <summary>
    /// Mean structural similarity over a disc, with a uniform window of 7 x 7 pixels and sample covariances:
    /// the same numbers as scikit-image's <c>structural_similarity</c> with its defaults.
    /// </summary>
    /// <remarks>Wang, Bovik, Sheikh and Simoncelli, IEEE Trans. Image Process. 13 (2004) 600; the window of their paper: <see cref="GaussianSsim"/>.</remarks>
    /// <param name="truth">The truth; at least 7 x 7.</param>
    /// <param name="picture">As large as the truth.</param>
    /// <param name="dataRange">Largest minus smallest possible value.</param>
    /// <param name="discFraction">Radius of the disc over half the width; a large number takes the whole picture.</param>
    /// <exception cref="ArgumentException">The shapes differ or are too small.</exception>
    public static double Ssim(
        Image truth, Image picture, double dataRange = 1, double discFraction = double.PositiveInfinity) =>
        Ssim(truth, picture, dataRange, discFraction, [.. Enumerable.Repeat(1.0 / 7, 7)], 49.0 / 48);

    /// <summary>
    /// Mean structural similarity as in the paper: Gaussian weights of 1.5 pixels over 11 x 11, covariances not of a sample. scikit-image:
    /// <c>structural_similarity(..., gaussian_weights=True, sigma=1.5, use_sample_covariance=False)</c>.
    /// </summary>
    /// <remarks>Wang, Bovik, Sheikh and Simoncelli, IEEE Trans. Image Process. 13 (2004) 600.</remarks>
    /// <param name="truth">The truth; at least 11 x 11.</param>
    /// <param name="picture">As large as the truth.</param>
    /// <param name="dataRange">Largest minus smallest possible value.</param>
    /// <param name="discFraction">Radius of the disc over half the width; a large number takes the whole picture.</param>
    /// <exception cref="ArgumentException">The shapes differ or are too small.</exception>
    public static double GaussianSsim(
        Image truth, Image picture, double dataRange = 1, double discFraction = double.PositiveInfinity)
    {
        var weights = Enumerable.Range(-5, 11).Select(i => Math.Exp(-0.5 * i * i / (1.5 * 1.5))).ToArray();
        var sum = weights.Sum();
        return Ssim(truth, picture, dataRange, discFraction, Array.ConvertAll(weights, w => w / sum), 1);
    }

    private static double Ssim(Image truth, Image picture, double dataRange, double discFraction, double[] weights, double unbiased)
    {
        CheckShapes(truth, picture);
        var window = weights.Length;
        var half = window / 2;
        if (truth.RowCount < window || truth.ColumnCount < window)
        {
            throw new ArgumentException($"SSIM needs pictures of at least {window} x {window} pixels.", nameof(truth));
        }

        var c1 = Math.Pow(0.01 * dataRange, 2);
        var c2 = Math.Pow(0.03 * dataRange, 2);
        double total = 0;
        long count = 0;
        for (var y = half; y < truth.RowCount - half; y++)
        {
            for (var x = half; x < truth.ColumnCount - half; x++)
            {
                if (!Inside(truth, y, x, discFraction))
                {
                    continue;
                }

                double ma = 0, mb = 0, saa = 0, sbb = 0, sab = 0;
                for (var dy = -half; dy <= half; dy++)
                {
                    var rowA = truth.Row(y + dy).Slice(x - half, window);
                    var rowB = picture.Row(y + dy).Slice(x - half, window);
                    double la = 0, lb = 0, laa = 0, lbb = 0, lab = 0;
                    for (var i = 0; i < window; i++)
                    {
                        double a = rowA[i], b = rowB[i], weight = weights[i];
                        la += weight * a;
                        lb += weight * b;
                        laa += weight * a * a;
                        lbb += weight * b * b;
                        lab += weight * a * b;
                    }

                    var across = weights[dy + half];
                    ma += across * la;
                    mb += across * lb;
                    saa += across * laa;
                    sbb += across * lbb;
                    sab += across * lab;
                }

                var va = unbiased * (saa - (ma * ma));
                var vb = unbiased * (sbb - (mb * mb));
                var vab = unbiased * (sab - (ma * mb));
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
