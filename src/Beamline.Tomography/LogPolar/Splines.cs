using System.Runtime.CompilerServices;

namespace Beamline.Tomography.LogPolar;

/// <summary>Cubic B-splines: four weights, and what their coefficients need in the frequency domain.</summary>
/// <remarks>Unser, IEEE Signal Processing Magazine 16 (1999), no. 6, p. 22.</remarks>
internal static unsafe class Splines
{
    /// <summary>Weights of the coefficients at -1, 0, 1 and 2 for a point at a fraction between 0 and 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Weights(float fraction, float* weights)
    {
        var rest = 1 - fraction;
        weights[0] = rest * rest * rest / 6;
        weights[1] = (2f / 3) - (fraction * fraction * (2 - fraction) / 2);
        weights[2] = (2f / 3) - (rest * rest * (2 - rest) / 2);
        weights[3] = fraction * fraction * fraction / 6;
    }

    /// <summary>The response of sampling the spline at its knots, at a frequency in cycles for each sample; coefficients are values over this.</summary>
    internal static double Response(double cycles) => (2 + Math.Cos(2 * Math.PI * cycles)) / 3;
}
