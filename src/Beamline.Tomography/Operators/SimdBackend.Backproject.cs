using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.Operators;

internal sealed partial class SimdBackend
{
    /// <summary>
    /// Angles taken together: their columns under one tile (about 24 of 128 bytes each) stay in the L2 cache
    /// while all pixels of the tile pass over them.
    /// </summary>
    private const int AnglesAtOnce = 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void BackprojectTile<TWidth, TVector>(
        InterleavedSlab sinogram, RayTable table, InterleavedSlab band, PixelTile tile)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
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
                    if (lanes >= 2 * TWidth.Count)
                    {
                        for (var v = 0; v < lanes; v += 2 * TWidth.Count)
                        {
                            GatherTwo<TWidth, TVector>(rows + v, rowStride, lanes, offsets, left, right, count, pixel + v, first > 0);
                        }
                    }
                    else
                    {
                        GatherOne<TWidth, TVector>(rows, rowStride, lanes, offsets, left, right, count, pixel, first > 0);
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
    private static unsafe void GatherTwo<TWidth, TVector>(
        float* row, long rowStride, int lanes, int* offsets, float* left, float* right, int count, float* pixel, bool add)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        // Four independent sums keep the two multiply-add units busy through their latency.
        var leftA = TWidth.Zero;
        var leftB = TWidth.Zero;
        var rightA = TWidth.Zero;
        var rightB = TWidth.Zero;
        for (var a = 0; a < count; a++, row += rowStride)
        {
            var p = row + offsets[a];
            var wl = TWidth.Broadcast(left[a]);
            var wr = TWidth.Broadcast(right[a]);
            leftA = TWidth.MultiplyAdd(wl, TWidth.Load(p), leftA);
            leftB = TWidth.MultiplyAdd(wl, TWidth.Load(p + TWidth.Count), leftB);
            rightA = TWidth.MultiplyAdd(wr, TWidth.Load(p + lanes), rightA);
            rightB = TWidth.MultiplyAdd(wr, TWidth.Load(p + lanes + TWidth.Count), rightB);
        }

        var sumA = TWidth.Add(leftA, rightA);
        var sumB = TWidth.Add(leftB, rightB);
        if (add)
        {
            sumA = TWidth.Add(sumA, TWidth.Load(pixel));
            sumB = TWidth.Add(sumB, TWidth.Load(pixel + TWidth.Count));
        }

        TWidth.Store(sumA, pixel);
        TWidth.Store(sumB, pixel + TWidth.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void GatherOne<TWidth, TVector>(
        float* row, long rowStride, int lanes, int* offsets, float* left, float* right, int count, float* pixel, bool add)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var sumLeft = TWidth.Zero;
        var sumRight = TWidth.Zero;
        for (var a = 0; a < count; a++, row += rowStride)
        {
            var p = row + offsets[a];
            sumLeft = TWidth.MultiplyAdd(TWidth.Broadcast(left[a]), TWidth.Load(p), sumLeft);
            sumRight = TWidth.MultiplyAdd(TWidth.Broadcast(right[a]), TWidth.Load(p + lanes), sumRight);
        }

        var sum = TWidth.Add(sumLeft, sumRight);
        TWidth.Store(add ? TWidth.Add(sum, TWidth.Load(pixel)) : sum, pixel);
    }
}
