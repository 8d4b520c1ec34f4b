using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute.Simd;

namespace Beamline.Tomography.Operators;

internal sealed partial class SimdBackend
{
    /// <summary>Rays followed together: their places and weights are computed with one vector.</summary>
    private const int RaysAtOnce = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void ForwardPiece<TWidth, TVector>(
        InterleavedSlab image, InterleavedSlab sinogram, RayBlock block)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var angle = block.Angle;
        var cos = _rays.Cos[angle];
        var sin = _rays.Sin[angle];
        var alongY = RunsAlongY(angle);
        var major = alongY ? cos : sin;
        var minor = alongY ? sin : cos;
        var middle = (float)Geometry.ImageCenter;
        var stepMajor = alongY ? image.RowStride : image.Lanes;
        var stepMinor = alongY ? image.Lanes : image.RowStride;
        var size = Geometry.ImageSize;
        var slope = -minor / major;
        var results = stackalloc float[RaysAtOnce * 16];
        for (var d = block.FirstColumn; d < block.EndColumn; d += RaysAtOnce)
        {
            var rays = Math.Min(RaysAtOnce, block.EndColumn - d);
            // Where the rays cross line 0 of the major axis: u = u0 + slope * j on line j.
            var t = Vector256.Create((float)(d - Geometry.Axis.Column)) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
            var u0 = ((t + Vector256.Create(middle * minor)) * (1 / major)) + Vector256.Create(middle);
            var (from, to) = Lines(u0, slope, size);
            from = Math.Max(from, block.FirstLine);
            to = Math.Min(to, block.EndLine);
            if (from >= to && block.FirstLine > 0)
            {
                continue;
            }

            for (var v = 0; v < image.Lanes; v += TWidth.Count)
            {
                Follow<TWidth, TVector>(
                    image.Origin + v, stepMajor, stepMinor, u0, slope, size, from, to, 1 / MathF.Abs(major), results);
                var target = sinogram.Origin + (angle * sinogram.RowStride) + ((long)d * sinogram.Lanes) + v;
                for (var r = 0; r < rays; r++)
                {
                    var sum = TWidth.Load(results + (r * TWidth.Count));
                    var ray = target + ((long)r * sinogram.Lanes);
                    TWidth.Store(block.FirstLine > 0 ? TWidth.Add(sum, TWidth.Load(ray)) : sum, ray);
                }
            }
        }

        GC.KeepAlive(this);
        GC.KeepAlive(image);
        GC.KeepAlive(sinogram);
    }

    /// <summary>The lines of the major axis that any of the rays crosses inside the image.</summary>
    private static (int From, int To) Lines(Vector256<float> u0, float slope, int size)
    {
        var least = MathF.Min(u0[0], u0[7]);
        var most = MathF.Max(u0[0], u0[7]);
        if (MathF.Abs(slope) < 1e-6f)
        {
            // The rays run along the lines: they are inside everywhere or nowhere.
            return most > -2 && least < size + 1 ? (0, size) : (0, 0);
        }

        // Inside means -1 < u < size for at least one ray.
        var (a, b) = ((-1 - most) / slope, (size - least) / slope);
        if (slope < 0)
        {
            (a, b) = (b, a);
        }

        // Clamped as floats: a ray almost along the lines gives numbers beyond an int.
        var from = (int)Math.Clamp(MathF.Floor(a), 0, size);
        var to = (int)Math.Clamp(MathF.Ceiling(b) + 1, 0, size);
        return (from, Math.Max(from, to));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Follow<TWidth, TVector>(
        float* image, long stepMajor, long stepMinor, Vector256<float> u0, float slope, int size, int from, int to, float length, float* results)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var index = stackalloc int[RaysAtOnce];
        var weight = stackalloc float[RaysAtOnce];
        var low = Vector256.Create(-1f);
        var high = Vector256.Create((float)size);
        var one = Vector256<float>.One;
        var s0 = TWidth.Zero;
        var s1 = TWidth.Zero;
        var s2 = TWidth.Zero;
        var s3 = TWidth.Zero;
        var s4 = TWidth.Zero;
        var s5 = TWidth.Zero;
        var s6 = TWidth.Zero;
        var s7 = TWidth.Zero;
        var line = image - stepMinor + (from * stepMajor);
        for (var j = from; j < to; j++, line += stepMajor)
        {
            // Beside the image a ray reads the padding, which is zero; +1 keeps the index positive for truncation.
            var u = Vector256.FusedMultiplyAdd(Vector256.Create((float)j), Vector256.Create(slope), u0);
            u = Vector256.Min(Vector256.Max(u, low), high) + one;
            var i = Vector256.ConvertToInt32Native(u);
            Vector256.Store(u - Vector256.ConvertToSingle(i), weight);
            Vector256.Store(i, index);
            s0 = Interpolate<TWidth, TVector>(line + (index[0] * stepMinor), stepMinor, weight[0], s0);
            s1 = Interpolate<TWidth, TVector>(line + (index[1] * stepMinor), stepMinor, weight[1], s1);
            s2 = Interpolate<TWidth, TVector>(line + (index[2] * stepMinor), stepMinor, weight[2], s2);
            s3 = Interpolate<TWidth, TVector>(line + (index[3] * stepMinor), stepMinor, weight[3], s3);
            s4 = Interpolate<TWidth, TVector>(line + (index[4] * stepMinor), stepMinor, weight[4], s4);
            s5 = Interpolate<TWidth, TVector>(line + (index[5] * stepMinor), stepMinor, weight[5], s5);
            s6 = Interpolate<TWidth, TVector>(line + (index[6] * stepMinor), stepMinor, weight[6], s6);
            s7 = Interpolate<TWidth, TVector>(line + (index[7] * stepMinor), stepMinor, weight[7], s7);
        }

        var l = TWidth.Broadcast(length);
        TWidth.Store(TWidth.Multiply(s0, l), results);
        TWidth.Store(TWidth.Multiply(s1, l), results + TWidth.Count);
        TWidth.Store(TWidth.Multiply(s2, l), results + (2 * TWidth.Count));
        TWidth.Store(TWidth.Multiply(s3, l), results + (3 * TWidth.Count));
        TWidth.Store(TWidth.Multiply(s4, l), results + (4 * TWidth.Count));
        TWidth.Store(TWidth.Multiply(s5, l), results + (5 * TWidth.Count));
        TWidth.Store(TWidth.Multiply(s6, l), results + (6 * TWidth.Count));
        TWidth.Store(TWidth.Multiply(s7, l), results + (7 * TWidth.Count));
    }

    /// <summary>sum + (1 - f) * here + f * next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe TVector Interpolate<TWidth, TVector>(float* here, long step, float f, TVector sum)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var value = TWidth.Load(here);
        var rise = TWidth.Subtract(TWidth.Load(here + step), value);
        return TWidth.Add(sum, TWidth.MultiplyAdd(TWidth.Broadcast(f), rise, value));
    }
}
