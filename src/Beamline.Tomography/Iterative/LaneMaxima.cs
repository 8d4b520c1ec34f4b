using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;

namespace Beamline.Tomography.Iterative;

/// <summary>The largest |value| of each lane.</summary>
internal static unsafe class LaneMaxima
{
    internal static double[] Of(InterleavedSlab slab)
    {
        var found = new float[slab.Lanes];
        for (var row = 0; row < slab.OuterCount; row++)
        {
            var values = slab.Origin + (row * slab.RowStride);
            for (var column = 0; column < slab.InnerCount; column++, values += slab.Lanes)
            {
                for (var v = 0; v < slab.Lanes; v += Vector256<float>.Count)
                {
                    Vector256.Max(Vector256.Abs(Vector256.Load(values + v)), Vector256.Create<float>(found.AsSpan(v))).CopyTo(found, v);
                }
            }
        }

        GC.KeepAlive(slab);
        return slab.PiecesOfDepth == 0
            ? Array.ConvertAll(found, f => (double)f)
            : [.. Enumerable.Repeat((double)found.Max(), found.Length)];
    }
}

/// <summary>target = exp(-a): the counts of a ray with this line integral, over those of an open one.</summary>
internal readonly struct PhotonWeight : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second) =>
        Vector256.Exp(-Vector256.Min(Vector256.Max(a, Vector256<float>.Zero), Vector256.Create(20f)));
}

/// <summary>target = target * a.</summary>
internal readonly struct Times : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second) => target * a;
}

/// <summary>target = target - a.</summary>
internal readonly struct Difference : ILaneOperation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second) => target - a;
}
