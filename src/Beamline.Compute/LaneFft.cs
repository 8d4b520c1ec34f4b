using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute.Simd;

namespace Beamline.Compute;

/// <summary>
/// Complex FFT of a length 2^n, 3 * 2^n or 5 * 2^n on many independent signals at once, with the signal index fastest:
/// element k holds the real parts of all lanes, then their imaginary parts. A slab row of 32 real slices is
/// such an array of 16 complex lanes (slices 0-15 as real, 16-31 as imaginary parts), without any copying.
/// </summary>
/// <remarks>
/// Stockham's self-sorting radix-4 algorithm (one radix-2 pass when the power of two is odd, and at last a pass of 3 or 5),
/// see Van Loan, Computational Frameworks for the Fast Fourier Transform, SIAM 1992, section 1.7. Not normalized. One
/// instance may be used by many threads; each call needs its own two buffers.
/// </remarks>
internal sealed unsafe partial class LaneFft : IDisposable
{
    private readonly ArrayMemory<float> _twiddles;
    private readonly LaneVectors _vectors;

    /// <summary>Prepares a length.</summary>
    /// <param name="length">A power of two, or 3 or 5 times one; 1 or more.</param>
    /// <param name="floatsPerElement">32 (16 complex lanes) or 16 (8 complex lanes).</param>
    /// <param name="vectors">The vectors to compute with.</param>
    internal LaneFft(int length, int floatsPerElement, LaneVectors vectors = LaneVectors.Widest)
    {
        if (length < 1 || length != GoodLength(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "The length must be a power of two, or 3 or 5 times one.");
        }

        if (floatsPerElement is not (16 or 32))
        {
            throw new ArgumentOutOfRangeException(nameof(floatsPerElement), floatsPerElement, "16 or 32 floats are supported.");
        }

        (Length, FloatsPerElement, _vectors) = (length, floatsPerElement, vectors);
        _twiddles = ArrayMemory.Allocate<float>(2L * length);
        for (var i = 0; i < length; i++)
        {
            var (sin, cos) = Math.SinCos(-2 * Math.PI * i / length);
            _twiddles.Pointer[2 * i] = (float)cos;
            _twiddles.Pointer[(2 * i) + 1] = (float)sin;
        }
    }

    /// <summary>The least length from <paramref name="least"/> on that can be transformed.</summary>
    internal static int GoodLength(int least)
    {
        var power = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(least, 1));
        // Between two powers of two lie 5/4 and 3/2 of the lower one.
        return power >= 8 && power / 8 * 5 >= least ? power / 8 * 5 : power >= 4 && power / 4 * 3 >= least ? power / 4 * 3 : power;
    }

    /// <summary>Number of elements.</summary>
    internal int Length { get; }

    /// <summary>Floats of one element over all lanes, real and imaginary.</summary>
    internal int FloatsPerElement { get; }

    /// <summary>Floats that a buffer must hold.</summary>
    internal long BufferLength => (long)Length * FloatsPerElement;

    /// <summary>Transforms (exponent sign -). Both buffers are overwritten.</summary>
    /// <param name="data">The signals; 64-byte aligned.</param>
    /// <param name="work">As large as <paramref name="data"/>.</param>
    /// <returns>Whichever of the two buffers holds the result.</returns>
    internal float* Forward(float* data, float* work)
    {
        var result = VectorUnit.For(_vectors, FloatsPerElement) switch
        {
            LaneVectors.Bits512 => Transform<Width512, Vector512<float>>(data, work),
            LaneVectors.Bits256 => Transform<Width256, Vector256<float>>(data, work),
            _ => Transform<Width1, float>(data, work),
        };
        GC.KeepAlive(this);
        return result;
    }

    public void Dispose() => _twiddles.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float* Transform<TWidth, TVector>(float* x, float* y)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var remaining = Length;
        var stride = 1;
        while (remaining % 4 == 0)
        {
            Radix4<TWidth, TVector>(x, y, remaining, stride);
            Swap(ref x, ref y);
            stride *= 4;
            remaining /= 4;
        }

        if (remaining % 2 == 0)
        {
            Radix2<TWidth, TVector>(x, y, remaining, stride);
            Swap(ref x, ref y);
            remaining /= 2;
        }

        if (remaining > 1)
        {
            LastOdd<TWidth, TVector>(x, y, remaining);
            Swap(ref x, ref y);
        }

        return x;
    }

    private static void Swap(ref float* a, ref float* b)
    {
        var t = a;
        a = b;
        b = t;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Radix4<TWidth, TVector>(float* x, float* y, int remaining, int stride)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var element = FloatsPerElement;
        var half = element / 2;
        var quarter = remaining / 4;
        var step = Length / remaining;
        var w = _twiddles.Pointer;
        var inputStep = (long)stride * quarter * element;
        var outputStep = (long)stride * element;
        for (var p = 0; p < quarter; p++)
        {
            var w1r = TWidth.Broadcast(w[2 * p * step]);
            var w1i = TWidth.Broadcast(w[(2 * p * step) + 1]);
            var w2r = TWidth.Broadcast(w[4 * p * step]);
            var w2i = TWidth.Broadcast(w[(4 * p * step) + 1]);
            var w3r = TWidth.Broadcast(w[6 * p * step]);
            var w3i = TWidth.Broadcast(w[(6 * p * step) + 1]);
            var a = x + ((long)stride * p * element);
            var o = y + ((long)stride * 4 * p * element);
            for (var q = 0; q < stride; q++, a += element, o += element)
            {
                for (var v = 0; v < half; v += TWidth.Count)
                {
                    var b = a + inputStep + v;
                    var c = b + inputStep;
                    var d = c + inputStep;
                    var (ar, ai) = (TWidth.Load(a + v), TWidth.Load(a + v + half));
                    var (br, bi) = (TWidth.Load(b), TWidth.Load(b + half));
                    var (cr, ci) = (TWidth.Load(c), TWidth.Load(c + half));
                    var (dr, di) = (TWidth.Load(d), TWidth.Load(d + half));
                    var (sumAcR, sumAcI) = (TWidth.Add(ar, cr), TWidth.Add(ai, ci));
                    var (difAcR, difAcI) = (TWidth.Subtract(ar, cr), TWidth.Subtract(ai, ci));
                    var (sumBdR, sumBdI) = (TWidth.Add(br, dr), TWidth.Add(bi, di));
                    // -i (b - d)
                    var (turnR, turnI) = (TWidth.Subtract(bi, di), TWidth.Subtract(dr, br));
                    var out0 = o + v;
                    TWidth.Store(TWidth.Add(sumAcR, sumBdR), out0);
                    TWidth.Store(TWidth.Add(sumAcI, sumBdI), out0 + half);
                    StoreTimes<TWidth, TVector>(
                        TWidth.Add(difAcR, turnR), TWidth.Add(difAcI, turnI), w1r, w1i, out0 + outputStep, half);
                    StoreTimes<TWidth, TVector>(
                        TWidth.Subtract(sumAcR, sumBdR), TWidth.Subtract(sumAcI, sumBdI), w2r, w2i, out0 + (2 * outputStep), half);
                    StoreTimes<TWidth, TVector>(
                        TWidth.Subtract(difAcR, turnR), TWidth.Subtract(difAcI, turnI), w3r, w3i, out0 + (3 * outputStep), half);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTimes<TWidth, TVector>(
        TVector re, TVector im, TVector wr, TVector wi, float* target, int half)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        TWidth.Store(TWidth.Subtract(TWidth.Multiply(re, wr), TWidth.Multiply(im, wi)), target);
        TWidth.Store(TWidth.MultiplyAdd(re, wi, TWidth.Multiply(im, wr)), target + half);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Radix2<TWidth, TVector>(float* x, float* y, int remaining, int stride)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var (element, half, pairs) = (FloatsPerElement, FloatsPerElement / 2, remaining / 2);
        var step = Length / remaining;
        var distance = (long)stride * element;
        for (var p = 0; p < pairs; p++)
        {
            var wr = TWidth.Broadcast(_twiddles.Pointer[2 * p * step]);
            var wi = TWidth.Broadcast(_twiddles.Pointer[(2 * p * step) + 1]);
            var a = x + (p * distance);
            var o = y + (2 * p * distance);
            for (var q = 0; q < stride; q++, a += element, o += element)
            {
                for (var v = 0; v < half; v += TWidth.Count)
                {
                    var b = a + (pairs * distance) + v;
                    var (ar, ai) = (TWidth.Load(a + v), TWidth.Load(a + v + half));
                    var (br, bi) = (TWidth.Load(b), TWidth.Load(b + half));
                    TWidth.Store(TWidth.Add(ar, br), o + v);
                    TWidth.Store(TWidth.Add(ai, bi), o + v + half);
                    StoreTimes<TWidth, TVector>(TWidth.Subtract(ar, br), TWidth.Subtract(ai, bi), wr, wi, o + v + distance, half);
                }
            }
        }
    }
}
