using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;

namespace Beamline.Tomography.Geometries;

/// <summary>Rays that stay in their slices: the lanes of a slab are slices.</summary>
internal sealed unsafe partial class SimdRayBackend
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardSlices(InterleavedSlab volume, InterleavedSlab rays, int view, int firstColumn, int endColumn)
    {
        var (size, lanes) = (Geometry.ImageSize, volume.Lanes);
        for (var column = firstColumn; column < endColumn; column++)
        {
            var ray = _rays![(view * Geometry.ColumnCount) + column];
            var (stepMajor, stepMinor) = ray.AlongY ? (volume.RowStride, (long)lanes) : (lanes, volume.RowStride);
            var (from, to) = ray.Lines(size, 0, size);
            var length = Vector256.Create(ray.Length);
            for (var v = 0; v < lanes; v += 16)
            {
                var (sumA, sumB) = (Vector256<float>.Zero, Vector256<float>.Zero);
                for (var j = from; j < to; j++)
                {
                    var u = ray.First + (ray.Slope * j);
                    if (!(u > -1 && u < size))
                    {
                        continue;
                    }

                    var left = (int)(u + 1) - 1;
                    var f = u - left;
                    var at = volume.Origin + (j * stepMajor) + (left * stepMinor) + v;
                    if (left >= 0)
                    {
                        var weight = Vector256.Create(1 - f);
                        sumA = Vector256.FusedMultiplyAdd(weight, Vector256.Load(at), sumA);
                        sumB = Vector256.FusedMultiplyAdd(weight, Vector256.Load(at + 8), sumB);
                    }

                    if (left + 1 < size)
                    {
                        var weight = Vector256.Create(f);
                        sumA = Vector256.FusedMultiplyAdd(weight, Vector256.Load(at + stepMinor), sumA);
                        sumB = Vector256.FusedMultiplyAdd(weight, Vector256.Load(at + stepMinor + 8), sumB);
                    }
                }

                var target = rays.Origin + (view * rays.RowStride) + ((long)column * lanes) + v;
                Vector256.Store(sumA * length, target);
                Vector256.Store(sumB * length, target + 8);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AdjointSlices(InterleavedSlab rays, InterleavedSlab volume, int firstRow, int endRow)
    {
        var (size, lanes) = (Geometry.ImageSize, volume.Lanes);
        for (var i = 0; i < _rays!.Length; i++)
        {
            var ray = _rays[i];
            var (view, column) = (i / Geometry.ColumnCount, i % Geometry.ColumnCount);
            var value = rays.Origin + (view * rays.RowStride) + ((long)column * lanes);
            var (stepMajor, stepMinor) = ray.AlongY ? (volume.RowStride, (long)lanes) : (lanes, volume.RowStride);
            var (from, to) = ray.AlongY ? (firstRow, endRow) : ray.Lines(size, firstRow, endRow);
            var (low, high) = ray.AlongY ? (0, size) : (firstRow, endRow);
            var length = ray.Length;
            for (var j = from; j < to; j++)
            {
                var u = ray.First + (ray.Slope * j);
                if (!(u > low - 1 && u < high))
                {
                    continue;
                }

                var left = (int)(u + 1) - 1;
                var f = u - left;
                var at = volume.Origin + (j * stepMajor) + (left * stepMinor);
                if (left >= low)
                {
                    Add(at, value, (1 - f) * length, lanes);
                }

                if (left + 1 < high)
                {
                    Add(at + stepMinor, value, f * length, lanes);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* target, float* values, float factor, int count)
    {
        var weight = Vector256.Create(factor);
        for (var v = 0; v < count; v += 8)
        {
            Vector256.Store(Vector256.FusedMultiplyAdd(weight, Vector256.Load(values + v), Vector256.Load(target + v)), target + v);
        }
    }
}
