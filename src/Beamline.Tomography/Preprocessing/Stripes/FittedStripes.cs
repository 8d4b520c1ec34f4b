namespace Beamline.Tomography.Preprocessing;

/// <summary>Vo 2018, algorithm 1: each column is divided by its polynomial fit and multiplied by a fit that is smooth over columns.</summary>
internal sealed class FittedStripes(int order, double sigmaColumns, int angles, int columns) : StripeRemover
{
    private readonly double[][] _basis = Basis(angles, Math.Min(order, angles - 1));
    private readonly AngleFilter _smooth = AngleFilter.Gaussian(columns, sigmaColumns);

    internal override void Apply(SinogramBlock sinogram)
    {
        var fit = new float[sinogram.Values.Length];
        var sums = new double[sinogram.Columns];
        foreach (var polynomial in _basis)
        {
            Array.Clear(sums);
            for (var a = 0; a < sinogram.Angles; a++)
            {
                var row = sinogram.Row(a);
                for (var c = 0; c < row.Length; c++)
                {
                    sums[c] += polynomial[a] * row[c];
                }
            }

            for (var a = 0; a < sinogram.Angles; a++)
            {
                for (var c = 0; c < sinogram.Columns; c++)
                {
                    fit[(a * sinogram.Columns) + c] += (float)(polynomial[a] * sums[c]);
                }
            }
        }

        var turned = new float[fit.Length];
        ColumnTranspose.Run(fit, turned, sinogram.Angles, sinogram.Columns);
        _smooth.Apply(turned, sinogram.Angles);
        var smooth = new float[fit.Length];
        ColumnTranspose.Run(turned, smooth, sinogram.Columns, sinogram.Angles);
        // A quotient, as published, explodes in air where line integrals pass zero; the difference is its first order.
        for (var i = 0; i < fit.Length; i++)
        {
            sinogram.Values[i] += smooth[i] - fit[i];
        }
    }

    /// <summary>Polynomials that are orthonormal over the angles.</summary>
    private static double[][] Basis(int count, int degree)
    {
        var basis = new double[degree + 1][];
        for (var d = 0; d <= degree; d++)
        {
            var p = new double[count];
            for (var i = 0; i < count; i++)
            {
                var x = (2.0 * i / (count - 1)) - 1;
                p[i] = d == 0 ? 1 : x * basis[d - 1][i];
            }

            // Twice, because once leaves a rest of the size of the rounding.
            for (var round = 0; round < 2; round++)
            {
                for (var e = 0; e < d; e++)
                {
                    var inner = p.Zip(basis[e], (a, b) => a * b).Sum();
                    p = [.. p.Zip(basis[e], (a, b) => a - (inner * b))];
                }
            }

            var norm = Math.Sqrt(p.Sum(v => v * v));
            basis[d] = [.. p.Select(v => v / norm)];
        }

        return basis;
    }
}
