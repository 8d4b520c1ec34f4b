using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Beamline.Arrays;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.Geometries;

/// <summary>
/// Rays that cross slices, those of one detector column over each other: on each line they meet two runs along z, which are
/// interpolated once and then read by all rows at even distances.
/// </summary>
internal sealed unsafe partial class SimdRayBackend
{
    private const int Guard = 32;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardVolume(InterleavedSlab volume, InterleavedSlab rays, int view, int firstColumn, int endColumn)
    {
        var (size, slices, rows) = (Geometry.ImageSize, Geometry.SliceCount, Geometry.RowCount);
        var run = volume.PiecesOfDepth * VolumeSlabs.Lanes;
        var rowRun = rays.PiecesOfDepth * VolumeSlabs.Lanes;
        // Zeros before and behind the run stand for what lies outside of the volume.
        using var scratch = ArrayMemory.Allocate<float>(run + rowRun + (3 * Guard));
        var line = scratch.Pointer + Guard;
        var sums = line + run + Guard;
        for (var column = firstColumn; column < endColumn; column++)
        {
            var ray = _rays![(view * Geometry.ColumnCount) + column];
            var (stepMajor, stepMinor) = ray.AlongY ? (volume.RowStride, (long)run) : (run, volume.RowStride);
            var (from, to) = ray.Lines(size, 0, size);
            new Span<float>(sums, rowRun).Clear();
            for (var j = from; j < to; j++)
            {
                var u = ray.First + (ray.Slope * j);
                if (!(u > -1 && u < size))
                {
                    continue;
                }

                var left = (int)(u + 1) - 1;
                var f = u - left;
                var at = volume.Origin + (j * stepMajor) + (left * stepMinor);
                Mix(left >= 0 ? at : null, left + 1 < size ? at + stepMinor : null, 1 - f, f, line, run);
                new Span<float>(line + slices, run - slices).Clear();
                Spread(line, slices, ray.A0 + (ray.A1 * j), ray.B0 + (ray.B1 * j), sums, rows);
            }

            var target = VolumeSlabs.Run(rays, view, column, rowRun);
            for (var row = 0; row < rows; row++)
            {
                target[row] = sums[row] * ray.LengthOf(row);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AdjointVolume(InterleavedSlab rays, InterleavedSlab volume, int firstRow, int endRow)
    {
        var (size, slices, rows) = (Geometry.ImageSize, Geometry.SliceCount, Geometry.RowCount);
        var run = volume.PiecesOfDepth * VolumeSlabs.Lanes;
        var rowRun = rays.PiecesOfDepth * VolumeSlabs.Lanes;
        using var scratch = ArrayMemory.Allocate<float>(run + rowRun + (4 * Guard));
        var values = scratch.Pointer + Guard;
        var line = values + rowRun + (2 * Guard);
        for (var i = 0; i < _rays!.Length; i++)
        {
            var ray = _rays[i];
            var (stepMajor, stepMinor) = ray.AlongY ? (volume.RowStride, (long)run) : (run, volume.RowStride);
            var (from, to) = ray.AlongY ? (firstRow, endRow) : ray.Lines(size, firstRow, endRow);
            var (low, high) = ray.AlongY ? (0, size) : (firstRow, endRow);
            var isRead = false;
            for (var j = from; j < to; j++)
            {
                var u = ray.First + (ray.Slope * j);
                if (!(u > low - 1 && u < high))
                {
                    continue;
                }

                if (!isRead)
                {
                    var source = VolumeSlabs.Run(rays, i / Geometry.ColumnCount, i % Geometry.ColumnCount, rowRun);
                    for (var row = 0; row < rows; row++)
                    {
                        values[row] = source[row] * ray.LengthOf(row);
                    }

                    isRead = true;
                }

                var left = (int)(u + 1) - 1;
                var f = u - left;
                Collect(values, rows, ray.A0 + (ray.A1 * j), ray.B0 + (ray.B1 * j), line, slices);
                var at = volume.Origin + (j * stepMajor) + (left * stepMinor);
                if (left >= low)
                {
                    Add(at, line, 1 - f, run);
                }

                if (left + 1 < high)
                {
                    Add(at + stepMinor, line, f, run);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mix(float* a, float* b, float wa, float wb, float* target, int count)
    {
        // Beside the volume there is nothing: the other run counts twice with a weight of 0.
        (wa, wb) = (a is null ? 0 : wa, b is null ? 0 : wb);
        a = a is null ? b : a;
        b = b is null ? a : b;
        var (va, vb) = (Vector256.Create(wa), Vector256.Create(wb));
        for (var v = 0; v < count; v += 8)
        {
            Vector256.Store(Vector256.FusedMultiplyAdd(va, Vector256.Load(a + v), vb * Vector256.Load(b + v)), target + v);
        }
    }

    /// <summary>sums[row] += line at first + step * row, between its neighbors; nothing outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(float* line, int slices, float first, float step, float* sums, int rows)
    {
        var isQuick = VectorUnit.Has512 && MathF.Abs(step) < 30f / 16;
        var (low, high) = (Vector512.Create(-1f), Vector512.Create((float)slices));
        var lane = Vector512.ConvertToSingle(Vector512<int>.Indices);
        for (var row = 0; row < rows; row += VolumeSlabs.Lanes)
        {
            if (isQuick)
            {
                var z = Vector512.FusedMultiplyAdd(Vector512.Create(step), lane, Vector512.Create(first + (step * row)));
                z = Vector512.MinNative(Vector512.MaxNative(z, low), high) + Vector512<float>.One;
                var index = Vector512.ConvertToInt32Native(z);
                var f = z - Vector512.ConvertToSingle(index);
                var least = Math.Min(index.ToScalar(), index.GetElement(15));
                var at = line - 1 + least;
                var (a, b) = (Vector512.Load(at), Vector512.Load(at + 16));
                var from = index - Vector512.Create(least);
                var here = Avx512F.PermuteVar16x32x2(a, from, b);
                var next = Avx512F.PermuteVar16x32x2(a, from + Vector512<int>.One, b);
                Vector512.Store(Vector512.Load(sums + row) + Vector512.FusedMultiplyAdd(f, next - here, here), sums + row);
                continue;
            }

            for (var k = row; k < Math.Min(row + VolumeSlabs.Lanes, rows); k++)
            {
                var z = Math.Clamp(first + (step * k), -1, slices) + 1;
                var index = (int)z;
                var here = line[index - 1];
                sums[k] += here + ((z - index) * (line[index] - here));
            }
        }
    }

    /// <summary>line[z] = the sum over rows of the value times the part of z that <see cref="Spread"/> gives it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Collect(float* values, int rows, float first, float step, float* line, int slices)
    {
        var run = VolumeSlabs.Pieces(slices) * VolumeSlabs.Lanes;
        var candidates = step > 0.01f ? (int)(2 / step) + 2 : 0;
        if (!VectorUnit.Has512 || candidates == 0 || (15 / step) + candidates > 30)
        {
            CollectSlowly(values, rows, first, step, line, slices, run);
            return;
        }

        var inverse = 1 / step;
        var (one, zero) = (Vector512<float>.One, Vector512<float>.Zero);
        var (low, high) = (Vector512.Create(-Guard + 1f), Vector512.Create((float)rows));
        var lane = Vector512.ConvertToSingle(Vector512<int>.Indices);
        var (vFirst, vStep) = (Vector512.Create(first), Vector512.Create(step));
        for (var z = 0; z < run; z += VolumeSlabs.Lanes)
        {
            var slice = Vector512.Create((float)z) + lane;
            // The first row whose ray is above slice - 1.
            var r = ((slice - one - vFirst) * Vector512.Create(inverse));
            r = Vector512.MinNative(Vector512.MaxNative(r, low), high);
            var index = Vector512.ConvertToInt32Native(Vector512.Floor(r));
            var least = index.ToScalar();
            var (a, b) = (Vector512.Load(values + least), Vector512.Load(values + least + 16));
            var from = index - Vector512.Create(least);
            var sum = zero;
            for (var k = 0; k <= candidates; k++)
            {
                var place = Vector512.FusedMultiplyAdd(vStep, Vector512.ConvertToSingle(index), vFirst);
                var weight = Vector512.MaxNative(zero, one - Vector512.Abs(slice - place));
                sum = Vector512.FusedMultiplyAdd(weight, Avx512F.PermuteVar16x32x2(a, from, b), sum);
                index += Vector512<int>.One;
                from += Vector512<int>.One;
            }

            Vector512.Store(sum, line + z);
        }

        new Span<float>(line + slices, run - slices).Clear();
    }

    private static void CollectSlowly(float* values, int rows, float first, float step, float* line, int slices, int run)
    {
        new Span<float>(line, run).Clear();
        for (var row = 0; row < rows; row++)
        {
            var z = first + (step * row);
            if (!(z > -1 && z < slices))
            {
                continue;
            }

            var below = (int)(z + 1) - 1;
            var f = z - below;
            if (below >= 0)
            {
                line[below] += (1 - f) * values[row];
            }

            if (below + 1 < slices)
            {
                line[below + 1] += f * values[row];
            }
        }
    }
}
