using System.Runtime.Intrinsics;

namespace Beamline.Tomography.Filtering;

/// <summary>Which two slices travel as the real and the imaginary part of one complex transform.</summary>
/// <remarks>
/// Each one's rounding depends a little on the other. So slice z always travels with z + 8 of its 16, however many lanes a slab has: then the
/// bits do not depend on the slabs.
/// </remarks>
internal static unsafe class LanePairs
{
    /// <summary>Brings the first 8 of each 16 lanes into the real half of an element, the others into the imaginary half.</summary>
    internal static void Split(float* source, float* target, int columns, int lanes)
    {
        var half = lanes / 2;
        for (long i = 0; i < (long)columns * lanes; i += lanes)
        {
            for (var v = 0; v < half; v += Vector256<float>.Count)
            {
                Vector256.Store(Vector256.Load(source + i + (2 * v)), target + i + v);
                Vector256.Store(Vector256.Load(source + i + (2 * v) + Vector256<float>.Count), target + i + half + v);
            }
        }
    }

    /// <summary>The way back, for elements whose imaginary parts come first: what a forward transform in place of an inverse one leaves.</summary>
    /// <param name="source">Elements, imaginary half first.</param>
    /// <param name="target">Where the lanes go.</param>
    /// <param name="columns">Number of elements.</param>
    /// <param name="lanes">16 or 32.</param>
    /// <param name="factor">Multiplies all values.</param>
    internal static void JoinExchanged(float* source, float* target, int columns, int lanes, float factor = 1)
    {
        var half = lanes / 2;
        var f = Vector256.Create(factor);
        for (long i = 0; i < (long)columns * lanes; i += lanes)
        {
            for (var v = 0; v < half; v += Vector256<float>.Count)
            {
                Vector256.Store(Vector256.Load(source + i + half + v) * f, target + i + (2 * v));
                Vector256.Store(Vector256.Load(source + i + v) * f, target + i + (2 * v) + Vector256<float>.Count);
            }
        }
    }
}
