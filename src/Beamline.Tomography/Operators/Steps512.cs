using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Beamline.Tomography.Operators;

/// <summary>
/// AVX-512: one vector holds the places of 16 steps. Weights stay in two registers and are spread by a permutation instead of
/// being loaded. Even and odd steps have sums of their own: the four that one step feeds would wait for each other.
/// </summary>
internal readonly unsafe struct Steps512 : ISteps
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PlacePixels(RayTable table, in PixelRun run, float* places)
    {
        var first = run.FirstAngle;
        var cos = Vector512.Load(table.Cos + first);
        var inverseWidth = Vector512.Load(table.InverseWidth + first);
        var scale = Vector512.Load(table.Scale + first);
        var line = Vector512.FusedMultiplyAdd(
            Vector512.Create(run.Y), Vector512.Load(table.Sin + first), Vector512.Create(run.Origin));
        var rows = Vector512<int>.Indices * run.RowStride;
        var low = Vector512.Create(run.Low);
        var high = Vector512.Create(run.High);
        var one = Vector512<float>.One;
        var zero = Vector512<float>.Zero;
        for (var k = 0; k < run.Count; k++, places += ISteps.Stride)
        {
            var t = Vector512.FusedMultiplyAdd(Vector512.Create(run.X + k), cos, line);
            t = Vector512.MinNative(Vector512.MaxNative(t, low), high);
            var column = Vector512.ConvertToInt32Native(t);
            var fraction = t - Vector512.ConvertToSingle(column);
            var right = scale * fraction;
            var left = scale - right;
            if (!table.Interpolates)
            {
                left = scale * Vector512.MaxNative(zero, one - (fraction * inverseWidth));
                right = scale * Vector512.MaxNative(zero, one - ((one - fraction) * inverseWidth));
            }

            Vector512.Store((column << run.LaneShift) + rows, (int*)places);
            Vector512.Store(left, places + ISteps.Count);
            Vector512.Store(right, places + (2 * ISteps.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PlaceRays(in RayRun run, float* places)
    {
        var rays = run.Rays;
        var low = Vector512.Create(-1f);
        var high = Vector512.Create((float)run.Size);
        var one = Vector512<float>.One;
        var length = Vector512.Create(rays.Length);
        var slope = Vector512.Create(rays.Slope);
        var line = Vector512.Create((float)run.Line) + Vector512.ConvertToSingle(Vector512<int>.Indices);
        var lines = Vector512<int>.Indices * run.StepMajor;
        var place = Vector512.Create(run.Place + 1);
        for (var k = 0; k < run.Count; k++, places += ISteps.Stride)
        {
            // Beside the image a ray reads the padding, which is zero; +1 keeps the number positive for truncation.
            var u = Vector512.FusedMultiplyAdd(slope, line, Vector512.Create(rays.Start(run.First + k)));
            u = Vector512.MinNative(Vector512.MaxNative(u, low), high) + one;
            var i = Vector512.ConvertToInt32Native(u);
            var right = length * (u - Vector512.ConvertToSingle(i));
            Vector512.Store(((i - place) * run.StepMinor) + lines, (int*)places);
            Vector512.Store(length - right, places + ISteps.Count);
            Vector512.Store(right, places + (2 * ISteps.Count));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float* origin, long apart, float* places, int items, int steps, float* target, int lanes, bool onto)
    {
        var zero = Vector512<float>.Zero;
        for (var item = 0; item < items; item++, places += ISteps.Stride, target += lanes)
        {
            var offsets = (int*)places;
            var left = Vector512.Load(places + ISteps.Count);
            var right = Vector512.Load(places + (2 * ISteps.Count));
            var even = Vector512<int>.Zero;
            var odd = Vector512<int>.One;
            var two = Vector512.Create(2);
            var (leftA, rightA, leftC, rightC) = (zero, zero, zero, zero);
            var step = 0;
            if (lanes == 2 * Vector512<float>.Count)
            {
                var (leftB, rightB, leftD, rightD) = (zero, zero, zero, zero);
                for (; step < steps - 1; step += 2, even += two, odd += two)
                {
                    var p = origin + offsets[step];
                    var q = origin + offsets[step + 1];
                    var leftEven = Vector512.ShuffleNative(left, even);
                    var rightEven = Vector512.ShuffleNative(right, even);
                    var leftOdd = Vector512.ShuffleNative(left, odd);
                    var rightOdd = Vector512.ShuffleNative(right, odd);
                    leftA = Vector512.FusedMultiplyAdd(leftEven, Vector512.Load(p), leftA);
                    leftB = Vector512.FusedMultiplyAdd(leftEven, Vector512.Load(p + 16), leftB);
                    rightA = Vector512.FusedMultiplyAdd(rightEven, Vector512.Load(p + apart), rightA);
                    rightB = Vector512.FusedMultiplyAdd(rightEven, Vector512.Load(p + apart + 16), rightB);
                    leftC = Vector512.FusedMultiplyAdd(leftOdd, Vector512.Load(q), leftC);
                    leftD = Vector512.FusedMultiplyAdd(leftOdd, Vector512.Load(q + 16), leftD);
                    rightC = Vector512.FusedMultiplyAdd(rightOdd, Vector512.Load(q + apart), rightC);
                    rightD = Vector512.FusedMultiplyAdd(rightOdd, Vector512.Load(q + apart + 16), rightD);
                }

                if (step < steps)
                {
                    var p = origin + offsets[step];
                    var leftEven = Vector512.ShuffleNative(left, even);
                    var rightEven = Vector512.ShuffleNative(right, even);
                    leftA = Vector512.FusedMultiplyAdd(leftEven, Vector512.Load(p), leftA);
                    leftB = Vector512.FusedMultiplyAdd(leftEven, Vector512.Load(p + 16), leftB);
                    rightA = Vector512.FusedMultiplyAdd(rightEven, Vector512.Load(p + apart), rightA);
                    rightB = Vector512.FusedMultiplyAdd(rightEven, Vector512.Load(p + apart + 16), rightB);
                }

                var sum = (leftB + rightB) + (leftD + rightD);
                Vector512.Store(onto ? sum + Vector512.Load(target + 16) : sum, target + 16);
            }
            else
            {
                for (; step < steps - 1; step += 2, even += two, odd += two)
                {
                    var p = origin + offsets[step];
                    var q = origin + offsets[step + 1];
                    leftA = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(left, even), Vector512.Load(p), leftA);
                    rightA = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(right, even), Vector512.Load(p + apart), rightA);
                    leftC = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(left, odd), Vector512.Load(q), leftC);
                    rightC = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(right, odd), Vector512.Load(q + apart), rightC);
                }

                if (step < steps)
                {
                    var p = origin + offsets[step];
                    leftA = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(left, even), Vector512.Load(p), leftA);
                    rightA = Vector512.FusedMultiplyAdd(Vector512.ShuffleNative(right, even), Vector512.Load(p + apart), rightA);
                }
            }

            var total = (leftA + rightA) + (leftC + rightC);
            Vector512.Store(onto ? total + Vector512.Load(target) : total, target);
        }
    }
}
