namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// Titarenko 2010: offsets x of the columns that minimize |D (mean - x)|^2 + alpha |x|^2, D being differences of neighbors:
/// (D'D + alpha) x = D'D mean, a tridiagonal system.
/// </summary>
internal sealed class RegularizedStripes(double alpha, int blocks) : StripeRemover
{
    internal override void Apply(SinogramBlock sinogram)
    {
        var count = Math.Min(blocks, sinogram.Angles);
        for (var block = 0; block < count; block++)
        {
            var first = (int)((long)block * sinogram.Angles / count);
            var end = (int)((long)(block + 1) * sinogram.Angles / count);
            var offsets = Solve(Means(sinogram, first, end));
            for (var a = first; a < end; a++)
            {
                var row = sinogram.Row(a);
                for (var c = 0; c < row.Length; c++)
                {
                    row[c] -= (float)offsets[c];
                }
            }
        }
    }

    private static double[] Means(SinogramBlock sinogram, int first, int end)
    {
        var means = new double[sinogram.Columns];
        for (var a = first; a < end; a++)
        {
            var row = sinogram.Row(a);
            for (var c = 0; c < row.Length; c++)
            {
                means[c] += row[c] / (double)(end - first);
            }
        }

        return means;
    }

    /// <summary>Thomas's algorithm; the matrix is diagonally dominant, so no pivots are needed.</summary>
    internal double[] Solve(double[] means)
    {
        var n = means.Length;
        var right = new double[n];
        var diagonal = new double[n];
        for (var i = 0; i < n; i++)
        {
            var left = i > 0 ? means[i] - means[i - 1] : 0;
            var next = i < n - 1 ? means[i] - means[i + 1] : 0;
            right[i] = left + next;
            diagonal[i] = alpha + (i > 0 ? 1 : 0) + (i < n - 1 ? 1 : 0);
        }

        for (var i = 1; i < n; i++)
        {
            var factor = -1 / diagonal[i - 1];
            diagonal[i] += factor;
            right[i] -= factor * right[i - 1];
        }

        right[n - 1] /= diagonal[n - 1];
        for (var i = n - 2; i >= 0; i--)
        {
            right[i] = (right[i] + right[i + 1]) / diagonal[i];
        }

        return right;
    }
}
