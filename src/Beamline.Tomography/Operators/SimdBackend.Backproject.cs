using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;

namespace Beamline.Tomography.Operators;

internal sealed partial class SimdBackend
{
    /// <summary>
    /// Angles taken together: their columns under one tile (about 24 of 128 bytes each) stay in the L2 cache
    /// while all pixels of the tile pass over them.
    /// </summary>
    private const int AnglesAtOnce = 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void BackprojectTile256(InterleavedSlab sinogram, RayTable table, InterleavedSlab band, PixelTile tile)
    {
        var offsets = stackalloc int[AnglesAtOnce];
        var left = stackalloc float[AnglesAtOnce];
        var right = stackalloc float[AnglesAtOnce];
        var lanes = sinogram.Lanes;
        var rowStride = sinogram.RowStride;
        var middle = (float)Geometry.ImageCenter;
        for (var first = 0; first < table.AngleCount; first += AnglesAtOnce)
        {
            var count = Math.Min(AnglesAtOnce, table.AngleCount - first);
            // Column -Pad of the first angle: indices below count from there, so that they are never negative.
            var rows = sinogram.Origin - ((long)sinogram.Pad * lanes) + (first * rowStride);
            for (var y = tile.Y0; y < tile.Y1; y++)
            {
                for (var x = tile.X0; x < tile.X1; x++)
                {
                    Weights(table, first, count, x - middle, tile.FirstRow + y - middle, sinogram, offsets, left, right);
                    var pixel = band.Origin + (y * band.RowStride) + ((long)x * lanes);
                    for (var v = 0; v < lanes; v += 2 * Vector256<float>.Count)
                    {
                        GatherTwo(rows + v, rowStride, lanes, offsets, left, right, count, pixel + v, first > 0);
                    }
                }
            }
        }

        GC.KeepAlive(sinogram);
        GC.KeepAlive(table);
        GC.KeepAlive(band);
    }

    /// <summary>Where the rays through one pixel hit the detector: the float offset of the left column and both weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Weights(
        RayTable table, int first, int count, float x, float y, InterleavedSlab sinogram, int* offsets, float* left, float* right)
    {
        var one = Vector256<float>.One;
        var zero = Vector256<float>.Zero;
        var vx = Vector256.Create(x);
        var vy = Vector256.Create(y);
        var origin = Vector256.Create((float)(Geometry.Axis.Column + sinogram.Pad));
        // Rays beside the detector fall on a column of zeros.
        var low = Vector256.Create(sinogram.Pad - 1f);
        var high = Vector256.Create((float)(sinogram.Pad + sinogram.InnerCount));
        var lanes = Vector256.Create(sinogram.Lanes);
        for (var a = 0; a < count; a += Vector256<float>.Count)
        {
            var i = first + a;
            var t = Vector256.FusedMultiplyAdd(
                vx, Vector256.Load(table.Cos + i), Vector256.FusedMultiplyAdd(vy, Vector256.Load(table.Sin + i), origin));
            t = Vector256.Min(Vector256.Max(t, low), high);
            var column = Vector256.ConvertToInt32Native(t);
            var fraction = t - Vector256.ConvertToSingle(column);
            var inverseWidth = Vector256.Load(table.InverseWidth + i);
            var scale = Vector256.Load(table.Scale + i);
            Vector256.Store(column * lanes, offsets + a);
            Vector256.Store(scale * Vector256.Max(zero, one - (fraction * inverseWidth)), left + a);
            Vector256.Store(scale * Vector256.Max(zero, one - ((one - fraction) * inverseWidth)), right + a);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void GatherTwo(
        float* row, long rowStride, int lanes, int* offsets, float* left, float* right, int count, float* pixel, bool add)
    {
        // Four independent sums keep the two multiply-add units busy through their latency.
        var leftA = Vector256<float>.Zero;
        var leftB = Vector256<float>.Zero;
        var rightA = Vector256<float>.Zero;
        var rightB = Vector256<float>.Zero;
        for (var a = 0; a < count; a++, row += rowStride)
        {
            var p = row + offsets[a];
            var wl = Vector256.Create(left[a]);
            var wr = Vector256.Create(right[a]);
            leftA = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p), leftA);
            leftB = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p + Vector256<float>.Count), leftB);
            rightA = Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + lanes), rightA);
            rightB = Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + lanes + Vector256<float>.Count), rightB);
        }

        var sumA = leftA + rightA;
        var sumB = leftB + rightB;
        if (add)
        {
            sumA += Vector256.Load(pixel);
            sumB += Vector256.Load(pixel + Vector256<float>.Count);
        }

        Vector256.Store(sumA, pixel);
        Vector256.Store(sumB, pixel + Vector256<float>.Count);
    }
}
