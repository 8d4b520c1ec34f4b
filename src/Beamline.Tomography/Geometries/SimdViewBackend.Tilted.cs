using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Beamline.Arrays;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.Geometries;

/// <summary>
/// A detector in any pose. Column, row and depth of the slices of one pixel are quotients of linear functions of z, so both column and
/// row run one way. 16 slices cross a few columns only: each of these gives its rows by a permutation, weighed by how near each
/// slice's shadow is to it (docs/adr/0037).
/// </summary>
internal sealed unsafe partial class SimdViewBackend
{
    private const int Numerators = 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TiltedTile(ProjectionRuns runs, ViewTable views, InterleavedSlab band, BandPlace place, int x0, int x1, int y0, int y1)
    {
        var planes = stackalloc float[Numerators * ViewsAtOnce];
        var middle = (float)place.MiddleXY;
        for (var first = 0; first < views.Count; first += ViewsAtOnce)
        {
            var count = Math.Min(ViewsAtOnce, views.Count - first);
            for (var y = y0; y < y1; y++)
            {
                for (var x = x0; x < x1; x++)
                {
                    var pixel = band.Origin + (y * band.RowStride) + ((long)x * band.Lanes);
                    Planes(views, first, count, x - middle, place.FirstRow + y - middle, planes);
                    for (var lane = 0; lane < band.Lanes; lane += 16)
                    {
                        // Slices behind the last one may lie behind the source: they stand where the last one does.
                        var last = Math.Max(0, place.SliceCount - 1 - lane);
                        var z = (float)(Math.Min(place.FirstSlice + lane, place.FirstSlice + place.SliceCount - 1) - place.MiddleZ);
                        var data = runs.Column0(first);
                        var weights = views.Field(12) + first;
                        if (VectorUnit.Has512)
                        {
                            Cross512(data, runs, planes, weights, z, last, count, pixel + lane, first > 0);
                        }
                        else
                        {
                            Cross(data, runs, planes, weights, z, last, count, pixel + lane, first > 0);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Numerators of column and row and the depth of one pixel in slice z = 0, and their steps to the next slice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Planes(ViewTable views, int first, int count, float x, float y, float* planes)
    {
        var (vx, vy) = (Vector256.Create(x), Vector256.Create(y));
        for (var a = 0; a < count; a += Vector256<float>.Count)
        {
            var i = first + a;
            for (var p = 0; p < 3; p++)
            {
                Vector256.Store(Plane(views, 4 * p, i, vx, vy), planes + (2 * p * ViewsAtOnce) + a);
                Vector256.Store(Vector256.Load(views.Field((4 * p) + 2) + i), planes + (((2 * p) + 1) * ViewsAtOnce) + a);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Cross512(
        float* data, ProjectionRuns runs, float* planes, float* weights, float z, int last, int count, float* pixel, bool add)
    {
        var sum = add ? Vector512.Load(pixel) : Vector512<float>.Zero;
        var height = Vector512.Create(z) + Vector512.ConvertToSingle(Vector512.Min(Vector512<int>.Indices, Vector512.Create(last)));
        var (leastColumn, mostColumn) = (Vector512.Create(-1f), Vector512.Create((float)runs.Columns));
        var (leastRow, mostRow) = (Vector512<float>.Zero, Vector512.Create(runs.RowCount + 1f));
        var before = Vector512.Create(1f - runs.FirstRow);
        var one = Vector512<float>.One;
        var run = runs.Run;
        for (var a = 0; a < count; a++, data += runs.ViewStride)
        {
            var at = planes + a;
            var inverse = one / Line512(at + (4 * ViewsAtOnce), height);
            var u = Line512(at, height) * inverse;
            var v = Vector512.FusedMultiplyAdd(Line512(at + (2 * ViewsAtOnce), height), inverse, before);
            u = Vector512.MinNative(Vector512.MaxNative(u, leastColumn), mostColumn);
            v = Vector512.MinNative(Vector512.MaxNative(v, leastRow), mostRow);
            var index = Vector512.ConvertToInt32Native(v);
            var fraction = v - Vector512.ConvertToSingle(index);
            var (firstRow, lastRow) = (index.ToScalar(), index.GetElement(15));
            var least = Math.Min(firstRow, lastRow);
            var weight = Vector512.Create(weights[a]) * inverse * inverse;
            if (Math.Abs(lastRow - firstRow) > 30)
            {
                sum = Vector512.FusedMultiplyAdd(weight, Apart(data, runs, u, v), sum);
                continue;
            }

            var from = index - Vector512.Create(least);
            var next = from + Vector512<int>.One;
            var (from0, to0) = (u.ToScalar(), u.GetElement(15));
            var column = (int)(Math.Min(from0, to0) + 1) - 1;
            var end = (int)(Math.Max(from0, to0) + 1);
            var place = Vector512.Create((float)column);
            var p = data + ((long)column * run) + least;
            var made = Vector512<float>.Zero;
            for (; column <= end; column++, p += run, place += one)
            {
                var (lower, upper) = (Vector512.Load(p), Vector512.Load(p + 16));
                var here = Avx512F.PermuteVar16x32x2(lower, from, upper);
                var there = Avx512F.PermuteVar16x32x2(lower, next, upper);
                var near = Vector512.MaxNative(one - Vector512.Abs(u - place), Vector512<float>.Zero);
                made = Vector512.FusedMultiplyAdd(near, Vector512.FusedMultiplyAdd(fraction, there - here, here), made);
            }

            sum = Vector512.FusedMultiplyAdd(weight, made, sum);
        }

        Vector512.Store(sum, pixel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Line512(float* plane, Vector512<float> z) =>
        Vector512.FusedMultiplyAdd(Vector512.Create(plane[ViewsAtOnce]), z, Vector512.Create(plane[0]));

    /// <summary>Rows too far from each other for a permutation.</summary>
    private static Vector512<float> Apart(float* data, ProjectionRuns runs, Vector512<float> u, Vector512<float> v)
    {
        var values = stackalloc float[16];
        for (var lane = 0; lane < 16; lane++)
        {
            values[lane] = At(data, runs, u.GetElement(lane), v.GetElement(lane));
        }

        return Vector512.Load(values);
    }

    /// <summary>The same with vectors of 256 bits: four gathers instead of permutations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Cross(
        float* data, ProjectionRuns runs, float* planes, float* weights, float z, int last, int count, float* pixel, bool add)
    {
        for (var half = 0; half < 16; half += Vector256<float>.Count)
        {
            var sum = add ? Vector256.Load(pixel + half) : Vector256<float>.Zero;
            var lanes = Vector256.Min(Vector256<int>.Indices + Vector256.Create(half), Vector256.Create(last));
            var height = Vector256.Create(z) + Vector256.ConvertToSingle(lanes);
            var view = data;
            for (var a = 0; a < count; a++, view += runs.ViewStride)
            {
                var at = planes + a;
                var inverse = Vector256<float>.One / Line(at + (4 * ViewsAtOnce), height);
                var v = Vector256.FusedMultiplyAdd(Line(at + (2 * ViewsAtOnce), height), inverse, Vector256.Create(1f - runs.FirstRow));
                sum = Vector256.FusedMultiplyAdd(
                    Vector256.Create(weights[a]) * inverse * inverse, At(view, runs, Line(at, height) * inverse, v), sum);
            }

            Vector256.Store(sum, pixel + half);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Line(float* plane, Vector256<float> z) =>
        Vector256.FusedMultiplyAdd(Vector256.Create(plane[ViewsAtOnce]), z, Vector256.Create(plane[0]));

    /// <summary>The values between columns and rows of eight shadows; rows count from the zero before the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> At(float* data, ProjectionRuns runs, Vector256<float> columns, Vector256<float> rows)
    {
        var one = Vector256<float>.One;
        var u = Vector256.MinNative(Vector256.MaxNative(columns, -one), Vector256.Create((float)runs.Columns)) + one;
        var v = Vector256.MinNative(Vector256.MaxNative(rows, Vector256<float>.Zero), Vector256.Create(runs.RowCount + 1f));
        var (left, top) = (Vector256.ConvertToInt32Native(u), Vector256.ConvertToInt32Native(v));
        var (across, down) = (u - Vector256.ConvertToSingle(left), v - Vector256.ConvertToSingle(top));
        var offsets = (left * runs.Run) + top;
        var p = data - runs.Run;
        var upper = Gather(p, offsets);
        upper = Vector256.FusedMultiplyAdd(across, Gather(p + runs.Run, offsets) - upper, upper);
        var lower = Gather(p + 1, offsets);
        lower = Vector256.FusedMultiplyAdd(across, Gather(p + runs.Run + 1, offsets) - lower, lower);
        return Vector256.FusedMultiplyAdd(down, lower - upper, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Gather(float* p, Vector256<int> offsets)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.GatherVector256(p, offsets, sizeof(float));
        }

        return Vector256.Create(
            p[offsets[0]], p[offsets[1]], p[offsets[2]], p[offsets[3]], p[offsets[4]], p[offsets[5]], p[offsets[6]], p[offsets[7]]);
    }
}
