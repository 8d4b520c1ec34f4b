using System.Numerics;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Orthogonal wavelet filters of Daubechies by spectral factorization (Ten Lectures on Wavelets, SIAM 1992, section 6.1).</summary>
internal static class Daubechies
{
    /// <summary>The low-pass filter for reconstruction: twice as many taps as vanishing moments, of sum sqrt 2.</summary>
    internal static double[] LowPass(int moments)
    {
        // |h|^2 is ((1 + z) / 2)^2N times a polynomial in y = (2 - z - 1/z) / 4; of each pair of its roots z, 1/z the inner one is taken.
        var binomials = new double[moments];
        binomials[0] = 1;
        for (var k = 1; k < moments; k++)
        {
            binomials[k] = binomials[k - 1] * (moments - 1 + k) / k;
        }

        Complex[] h = [1];
        for (var i = 0; i < moments; i++)
        {
            h = Times(h, -1);
        }

        foreach (var y in Roots(binomials))
        {
            var b = 1 - (2 * y);
            var z = b - Complex.Sqrt((b * b) - 1);
            h = Times(h, z.Magnitude < 1 ? z : 1 / z);
        }

        var sum = h.Aggregate(Complex.Zero, (s, v) => s + v);
        return [.. h.Select(v => (v / sum * Math.Sqrt(2)).Real)];
    }

    /// <summary>Times (z - root), highest power first.</summary>
    private static Complex[] Times(Complex[] polynomial, Complex root)
    {
        var result = new Complex[polynomial.Length + 1];
        for (var i = 0; i < polynomial.Length; i++)
        {
            result[i] += polynomial[i];
            result[i + 1] -= polynomial[i] * root;
        }

        return result;
    }

    /// <summary>All roots at once by the iteration of Weierstrass (Durand and Kerner); lowest power first.</summary>
    private static Complex[] Roots(double[] coefficients)
    {
        var degree = coefficients.Length - 1;
        var roots = new Complex[degree];
        for (var i = 0; i < degree; i++)
        {
            roots[i] = Complex.Pow(new Complex(0.4, 0.9), i) * 0.5;
        }

        for (var round = 0; round < 500; round++)
        {
            for (var i = 0; i < degree; i++)
            {
                var value = Complex.Zero;
                for (var k = degree; k >= 0; k--)
                {
                    value = (value * roots[i]) + coefficients[k];
                }

                Complex others = coefficients[degree];
                for (var j = 0; j < degree; j++)
                {
                    others *= i == j ? 1 : roots[i] - roots[j];
                }

                roots[i] -= value / others;
            }
        }

        return roots;
    }
}
