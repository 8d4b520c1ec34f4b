using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Beamline.Arrays;

/// <summary>Moves rows of several slices into lanes and back: a transposition in blocks of 8 x 8.</summary>
internal static unsafe class LaneTranspose
{
    /// <summary>target[i * lanes + lane] = source[lane * laneStride + i].</summary>
    internal static void ToLanes(float* source, long laneStride, int laneCount, float* target, int lanes, int count)
    {
        var (fullLanes, fullCount) = Avx.IsSupported ? (laneCount & ~7, count & ~7) : (0, 0);
        for (var i = 0; i < fullCount; i += 8)
        {
            for (var lane = 0; lane < fullLanes; lane += 8)
            {
                Block(source + (lane * laneStride) + i, laneStride, target + ((long)i * lanes) + lane, lanes);
            }
        }

        for (var lane = 0; lane < laneCount; lane++)
        {
            for (var i = lane < fullLanes ? fullCount : 0; i < count; i++)
            {
                target[((long)i * lanes) + lane] = source[(lane * laneStride) + i];
            }
        }
    }

    /// <summary>target[lane * laneStride + i] = source[i * lanes + lane].</summary>
    internal static void FromLanes(float* source, int lanes, float* target, long laneStride, int laneCount, int count)
    {
        var (fullLanes, fullCount) = Avx.IsSupported ? (laneCount & ~7, count & ~7) : (0, 0);
        for (var i = 0; i < fullCount; i += 8)
        {
            for (var lane = 0; lane < fullLanes; lane += 8)
            {
                Block(source + ((long)i * lanes) + lane, lanes, target + (lane * laneStride) + i, laneStride);
            }
        }

        for (var lane = 0; lane < laneCount; lane++)
        {
            for (var i = lane < fullLanes ? fullCount : 0; i < count; i++)
            {
                target[(lane * laneStride) + i] = source[((long)i * lanes) + lane];
            }
        }
    }

    /// <summary>8 x 8 floats: rows of the source become columns of the target.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* source, long sourceStride, float* target, long targetStride)
    {
        var r0 = Vector256.Load(source);
        var r1 = Vector256.Load(source + sourceStride);
        var r2 = Vector256.Load(source + (2 * sourceStride));
        var r3 = Vector256.Load(source + (3 * sourceStride));
        var r4 = Vector256.Load(source + (4 * sourceStride));
        var r5 = Vector256.Load(source + (5 * sourceStride));
        var r6 = Vector256.Load(source + (6 * sourceStride));
        var r7 = Vector256.Load(source + (7 * sourceStride));
        // Pairs of rows interleaved, then pairs of pairs: four columns in each half.
        var a0 = Avx.UnpackLow(r0, r1);
        var a1 = Avx.UnpackHigh(r0, r1);
        var a2 = Avx.UnpackLow(r2, r3);
        var a3 = Avx.UnpackHigh(r2, r3);
        var a4 = Avx.UnpackLow(r4, r5);
        var a5 = Avx.UnpackHigh(r4, r5);
        var a6 = Avx.UnpackLow(r6, r7);
        var a7 = Avx.UnpackHigh(r6, r7);
        var b0 = Avx.Shuffle(a0, a2, 0x44);
        var b1 = Avx.Shuffle(a0, a2, 0xEE);
        var b2 = Avx.Shuffle(a1, a3, 0x44);
        var b3 = Avx.Shuffle(a1, a3, 0xEE);
        var b4 = Avx.Shuffle(a4, a6, 0x44);
        var b5 = Avx.Shuffle(a4, a6, 0xEE);
        var b6 = Avx.Shuffle(a5, a7, 0x44);
        var b7 = Avx.Shuffle(a5, a7, 0xEE);
        // The halves change places: columns 0-3 lie in the low halves, 4-7 in the high ones.
        Vector256.Store(Avx.Permute2x128(b0, b4, 0x20), target);
        Vector256.Store(Avx.Permute2x128(b1, b5, 0x20), target + targetStride);
        Vector256.Store(Avx.Permute2x128(b2, b6, 0x20), target + (2 * targetStride));
        Vector256.Store(Avx.Permute2x128(b3, b7, 0x20), target + (3 * targetStride));
        Vector256.Store(Avx.Permute2x128(b0, b4, 0x31), target + (4 * targetStride));
        Vector256.Store(Avx.Permute2x128(b1, b5, 0x31), target + (5 * targetStride));
        Vector256.Store(Avx.Permute2x128(b2, b6, 0x31), target + (6 * targetStride));
        Vector256.Store(Avx.Permute2x128(b3, b7, 0x31), target + (7 * targetStride));
    }
}
