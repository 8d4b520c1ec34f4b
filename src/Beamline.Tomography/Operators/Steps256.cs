using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Beamline.Tomography.Operators;

/// <summary>AVX2: two vectors hold the places of 16 steps. Weights are loaded: a third load port does it on the side.</summary>
internal readonly unsafe struct Steps256 : ISteps
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PlacePixels(RayTable table, in PixelRun run, float* places)
    {
        var vy = Vector256.Create(run.Y);
        var axis = Vector256.Create(run.Origin);
        var low = Vector256.Create(run.Low);
        var high = Vector256.Create(run.High);
        var one = Vector256<float>.One;
        var zero = Vector256<float>.Zero;
        for (var k = 0; k < run.Count; k++, places += ISteps.Stride)
        {
            var vx = Vector256.Create(run.X + k);
            for (var step = 0; step < ISteps.Count; step += Vector256<float>.Count)
            {
                var angle = run.FirstAngle + step;
                var line = Vector256.FusedMultiplyAdd(vy, Vector256.Load(table.Sin + angle), axis);
                var t = Vector256.FusedMultiplyAdd(vx, Vector256.Load(table.Cos + angle), line);
                t = Vector256.MinNative(Vector256.MaxNative(t, low), high);
                var column = Vector256.ConvertToInt32Native(t);
                var fraction = t - Vector256.ConvertToSingle(column);
                var scale = Vector256.Load(table.Scale + angle);
                var right = scale * fraction;
                var left = scale - right;
                if (!table.Interpolates)
                {
                    var inverseWidth = Vector256.Load(table.InverseWidth + angle);
                    left = scale * Vector256.MaxNative(zero, one - (fraction * inverseWidth));
                    right = scale * Vector256.MaxNative(zero, one - ((one - fraction) * inverseWidth));
                }

                var rows = (Vector256<int>.Indices + Vector256.Create(step)) * run.RowStride;
                Vector256.Store((column << run.LaneShift) + rows, (int*)places + step);
                Vector256.Store(left, places + ISteps.Count + step);
                Vector256.Store(right, places + (2 * ISteps.Count) + step);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PlaceRays(in RayRun run, float* places)
    {
        var rays = run.Rays;
        var low = Vector256.Create(-1f);
        var high = Vector256.Create((float)run.Size);
        var one = Vector256<float>.One;
        var length = Vector256.Create(rays.Length);
        var slope = Vector256.Create(rays.Slope);
        var place = Vector256.Create(run.Place + 1);
        for (var k = 0; k < run.Count; k++, places += ISteps.Stride)
        {
            var start = Vector256.Create(rays.Start(run.First + k));
            for (var step = 0; step < ISteps.Count; step += Vector256<float>.Count)
            {
                // Beside the image a ray reads the padding, which is zero; +1 keeps the number positive for truncation.
                var lines = Vector256<int>.Indices + Vector256.Create(step);
                var line = Vector256.Create((float)run.Line) + Vector256.ConvertToSingle(lines);
                var u = Vector256.FusedMultiplyAdd(slope, line, start);
                u = Vector256.MinNative(Vector256.MaxNative(u, low), high) + one;
                var i = Vector256.ConvertToInt32Native(u);
                var right = length * (u - Vector256.ConvertToSingle(i));
                Vector256.Store(((i - place) * run.StepMinor) + (lines * run.StepMajor), (int*)places + step);
                Vector256.Store(length - right, places + ISteps.Count + step);
                Vector256.Store(right, places + (2 * ISteps.Count) + step);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float* origin, long apart, float* places, int items, int steps, float* target, int lanes, bool onto)
    {
        var zero = Vector256<float>.Zero;
        for (var item = 0; item < items; item++, places += ISteps.Stride, target += lanes)
        {
            var offsets = (int*)places;
            var left = places + ISteps.Count;
            var right = left + ISteps.Count;
            // Eight independent sums keep the two multiply-add units busy through their latency; with 16 lanes there are four.
            var (leftA, leftB, rightA, rightB) = (zero, zero, zero, zero);
            if (lanes == 4 * Vector256<float>.Count)
            {
                var (leftC, leftD, rightC, rightD) = (zero, zero, zero, zero);
                for (var step = 0; step < steps; step++)
                {
                    var p = origin + offsets[step];
                    var wl = Vector256.Create(left[step]);
                    var wr = Vector256.Create(right[step]);
                    leftA = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p), leftA);
                    leftB = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p + 8), leftB);
                    leftC = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p + 16), leftC);
                    leftD = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p + 24), leftD);
                    rightA = Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + apart), rightA);
                    rightB = Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + apart + 8), rightB);
                    rightC = Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + apart + 16), rightC);
                    rightD = Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + apart + 24), rightD);
                }

                Store(leftC + rightC, target + 16, onto);
                Store(leftD + rightD, target + 24, onto);
            }
            else
            {
                for (var step = 0; step < steps; step++)
                {
                    var p = origin + offsets[step];
                    var wl = Vector256.Create(left[step]);
                    var wr = Vector256.Create(right[step]);
                    leftA = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p), leftA);
                    leftB = Vector256.FusedMultiplyAdd(wl, Vector256.Load(p + 8), leftB);
                    rightA = Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + apart), rightA);
                    rightB = Vector256.FusedMultiplyAdd(wr, Vector256.Load(p + apart + 8), rightB);
                }
            }

            Store(leftA + rightA, target, onto);
            Store(leftB + rightB, target + 8, onto);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> sum, float* target, bool onto) =>
        Vector256.Store(onto ? sum + Vector256.Load(target) : sum, target);
}
