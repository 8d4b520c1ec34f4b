using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.Geometries;

/// <summary>
/// Vector instructions on all cores. Where column and depth do not depend on the slice (cone beam with an upright detector, laminography),
/// the slices of one pixel see two runs of rows at even distances: the runs are interpolated across columns, then
/// spread over the slices by a permutation, without gathers (docs/adr/0029). Other poses are in SimdViewBackend.Tilted.cs.
/// </summary>
internal sealed unsafe partial class SimdViewBackend : ViewBackend
{
    private const int ViewsAtOnce = 32;
    private const int TileEdge = 32;

    /// <summary>Rows that 16 slices may span in the two vectors of a permutation.</summary>
    private const float LargestStep = 30f / 16;

    internal override void Backproject(ProjectionRuns runs, ViewTable views, InterleavedSlab band, BandPlace place, RunContext context)
    {
        var across = (band.InnerCount + TileEdge - 1) / TileEdge;
        var down = (band.OuterCount + TileEdge - 1) / TileEdge;
        ParallelWork.For(across * down, context, i =>
        {
            var (y, x) = (i / across * TileEdge, i % across * TileEdge);
            var (endY, endX) = (Math.Min(y + TileEdge, band.OuterCount), Math.Min(x + TileEdge, band.InnerCount));
            if (views.IsVertical)
            {
                Tile(runs, views, band, place, x, endX, y, endY);
            }
            else
            {
                TiltedTile(runs, views, band, place, x, endX, y, endY);
            }
        });
        GC.KeepAlive(runs);
        GC.KeepAlive(views);
        GC.KeepAlive(band);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(ProjectionRuns runs, ViewTable views, InterleavedSlab band, BandPlace place, int x0, int x1, int y0, int y1)
    {
        var column = stackalloc float[ViewsAtOnce];
        var weight = stackalloc float[ViewsAtOnce];
        var row0 = stackalloc float[ViewsAtOnce];
        var step = stackalloc float[ViewsAtOnce];
        var lanes = band.Lanes;
        var middle = (float)place.MiddleXY;
        for (var first = 0; first < views.Count; first += ViewsAtOnce)
        {
            var count = Math.Min(ViewsAtOnce, views.Count - first);
            for (var y = y0; y < y1; y++)
            {
                for (var x = x0; x < x1; x++)
                {
                    Shadows(views, first, count, x - middle, place.FirstRow + y - middle, runs.Columns, column, weight, row0, step);
                    if (views.IsCurved)
                    {
                        CurvedShadows(views, first, count, x - place.MiddleXY, place.FirstRow + y - place.MiddleXY, runs.Columns, column, weight);
                    }

                    var pixel = band.Origin + (y * band.RowStride) + ((long)x * lanes);
                    for (var lane = 0; lane < lanes; lane += 16)
                    {
                        var z = (float)(place.FirstSlice + lane - place.MiddleZ);
                        var data = runs.Column0(first);
                        if (views.RowsAreSlices)
                        {
                            Straight(data + 1 + place.FirstSlice + lane - runs.FirstRow, runs.ViewStride, runs.Run, column, weight, count, pixel + lane, first > 0);
                        }
                        else if (VectorUnit.Has512)
                        {
                            Spread512(data, runs, z, column, weight, row0, step, count, pixel + lane, first > 0);
                        }
                        else
                        {
                            Spread(data, runs, z, column, weight, row0, step, count, pixel + lane, first > 0);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Column, weight, and the row of slice z as row0 + step * z, of one pixel in some views.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Shadows(
        ViewTable views, int first, int count, float x, float y, int columns, float* column, float* weight, float* row0, float* step)
    {
        var (vx, vy) = (Vector256.Create(x), Vector256.Create(y));
        var (low, high) = (Vector256.Create(-1f), Vector256.Create((float)columns));
        for (var a = 0; a < count; a += Vector256<float>.Count)
        {
            var i = first + a;
            var inverse = Vector256<float>.One / Plane(views, 8, i, vx, vy);
            var u = Plane(views, 0, i, vx, vy) * inverse;
            Vector256.Store(Vector256.Min(Vector256.Max(u, low), high), column + a);
            Vector256.Store(Vector256.Load(views.Field(12) + i) * inverse * inverse, weight + a);
            Vector256.Store(Plane(views, 4, i, vx, vy) * inverse, row0 + a);
            Vector256.Store(Vector256.Load(views.Field(6) + i) * inverse, step + a);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Plane(ViewTable views, int field, int i, Vector256<float> x, Vector256<float> y) =>
        Vector256.FusedMultiplyAdd(
            x, Vector256.Load(views.Field(field) + i),
            Vector256.FusedMultiplyAdd(y, Vector256.Load(views.Field(field + 1) + i), Vector256.Load(views.Field(field + 3) + i)));

    private static void CurvedShadows(ViewTable views, int first, int count, double x, double y, int columns, float* column, float* weight)
    {
        for (var a = 0; a < count; a++)
        {
            var m = views.Matrices[first + a];
            var (depth, across) = ((m.D.X * x) + (m.D.Y * y) + m.D0, (m.U.X * x) + (m.U.Y * y) + m.U0);
            column[a] = (float)Math.Clamp(views.MiddleColumn + (views.PerRadian * Math.Atan2(across, depth)), -1, columns);
            weight[a] = (float)(views.Weight(first + a) / ((depth * depth) + (across * across)));
        }
    }

    /// <summary>Detector rows are slices: no interpolation along them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Straight(float* data, long viewStride, int run, float* column, float* weight, int count, float* pixel, bool add)
    {
        var (sumA, sumB) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var a = 0; a < count; a++, data += viewStride)
        {
            var left = (int)(column[a] + 1) - 1;
            var right = weight[a] * (column[a] - left);
            var (wl, wr) = (Vector256.Create(weight[a] - right), Vector256.Create(right));
            var p = data + ((long)left * run);
            sumA = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p), Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + run), sumA));
            sumB = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p + 8), Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + run + 8), sumB));
        }

        Vector256.Store(add ? sumA + Vector256.Load(pixel) : sumA, pixel);
        Vector256.Store(add ? sumB + Vector256.Load(pixel + 8) : sumB, pixel + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread512(
        float* data, ProjectionRuns runs, float z, float* column, float* weight, float* row0, float* step, int count, float* pixel, bool add)
    {
        var sum = add ? Vector512.Load(pixel) : Vector512<float>.Zero;
        var lane = Vector512.ConvertToSingle(Vector512<int>.Indices);
        var (low, high) = (Vector512<float>.Zero, Vector512.Create(runs.RowCount + 1f));
        var run = runs.Run;
        var before = 1f - runs.FirstRow;
        for (var a = 0; a < count; a++, data += runs.ViewStride)
        {
            // Place in the run, whose element 0 is the zero before the first row.
            var start = row0[a] + (step[a] * z) + before;
            if (MathF.Abs(step[a]) > LargestStep)
            {
                sum += Wide(data, runs, start, column[a], weight[a], step[a]);
                continue;
            }

            var r = Vector512.FusedMultiplyAdd(Vector512.Create(step[a]), lane, Vector512.Create(start));
            r = Vector512.MinNative(Vector512.MaxNative(r, low), high);
            var index = Vector512.ConvertToInt32Native(r);
            var fraction = r - Vector512.ConvertToSingle(index);
            var least = Math.Min(index.ToScalar(), index.GetElement(15));
            var left = (int)(column[a] + 1) - 1;
            var right = weight[a] * (column[a] - left);
            var (wl, wr) = (Vector512.Create(weight[a] - right), Vector512.Create(right));
            var p = data + ((long)left * run) + least;
            var lower = Vector512.FusedMultiplyAdd(wl, Vector512.Load(p), wr * Vector512.Load(p + run));
            var upper = Vector512.FusedMultiplyAdd(wl, Vector512.Load(p + 16), wr * Vector512.Load(p + run + 16));
            var from = index - Vector512.Create(least);
            var here = Avx512F.PermuteVar16x32x2(lower, from, upper);
            var next = Avx512F.PermuteVar16x32x2(lower, from + Vector512<int>.One, upper);
            sum += Vector512.FusedMultiplyAdd(fraction, next - here, here);
        }

        Vector512.Store(sum, pixel);
    }

    private static Vector512<float> Wide(float* data, ProjectionRuns runs, float start, float column, float weight, float step)
    {
        var values = stackalloc float[16];
        for (var lane = 0; lane < 16; lane++)
        {
            values[lane] = weight * At(data, runs, column, start + (step * lane));
        }

        return Vector512.Load(values);
    }

    /// <summary>With vectors of 256 bits rows are gathered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(
        float* data, ProjectionRuns runs, float z, float* column, float* weight, float* row0, float* step, int count, float* pixel, bool add)
    {
        for (var half = 0; half < 16; half += Vector256<float>.Count)
        {
            var sum = add ? Vector256.Load(pixel + half) : Vector256<float>.Zero;
            var height = Vector256.Create(z + half) + Vector256.ConvertToSingle(Vector256<int>.Indices);
            var view = data;
            for (var a = 0; a < count; a++, view += runs.ViewStride)
            {
                var rows = Vector256.FusedMultiplyAdd(Vector256.Create(step[a]), height, Vector256.Create(row0[a] + 1 - runs.FirstRow));
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(weight[a]), At(view, runs, Vector256.Create(column[a]), rows), sum);
            }

            Vector256.Store(sum, pixel + half);
        }
    }

    /// <summary>The value between two columns and two rows; r counts from the zero before the first row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float At(float* data, ProjectionRuns runs, float column, float r)
    {
        r = Math.Clamp(r, 0, runs.RowCount + 1f);
        var (left, top) = ((int)(column + 1) - 1, (int)r);
        var (fc, fr) = (column - left, r - top);
        var at = data + ((long)left * runs.Run) + top;
        var upper = at[0] + (fc * (at[runs.Run] - at[0]));
        var lower = at[1] + (fc * (at[runs.Run + 1] - at[1]));
        return upper + (fr * (lower - upper));
    }
}
