using System.Runtime.CompilerServices;
using Beamline.Compute.Simd;

namespace Beamline.Compute;

internal sealed unsafe partial class LaneFft
{
    /// <summary>The last pass of lengths 3 * 2^n and 5 * 2^n; being the last, it turns nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LastOdd<TWidth, TVector>(float* x, float* y, int radix)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var (element, half) = (FloatsPerElement, FloatsPerElement / 2);
        var step = (long)(Length / radix) * element;
        for (long i = 0; i < step; i += element)
        {
            for (var v = 0; v < half; v += TWidth.Count)
            {
                if (radix == 3)
                {
                    Three<TWidth, TVector>(x + i + v, y + i + v, step, half);
                }
                else
                {
                    Five<TWidth, TVector>(x + i + v, y + i + v, step, half);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Three<TWidth, TVector>(float* x, float* y, long step, int half)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var minusHalf = TWidth.Broadcast(-0.5f);
        var sine = TWidth.Broadcast((float)Math.Sin(Math.PI / 3));
        var (ar, ai) = (TWidth.Load(x), TWidth.Load(x + half));
        var (br, bi) = (TWidth.Load(x + step), TWidth.Load(x + step + half));
        var (cr, ci) = (TWidth.Load(x + (2 * step)), TWidth.Load(x + (2 * step) + half));
        var (sumR, sumI) = (TWidth.Add(br, cr), TWidth.Add(bi, ci));
        var (turnR, turnI) = (TWidth.Multiply(TWidth.Subtract(br, cr), sine), TWidth.Multiply(TWidth.Subtract(bi, ci), sine));
        StoreComplex<TWidth, TVector>(TWidth.Add(ar, sumR), TWidth.Add(ai, sumI), y, half);
        StorePair<TWidth, TVector>(
            TWidth.MultiplyAdd(sumR, minusHalf, ar), TWidth.MultiplyAdd(sumI, minusHalf, ai), turnR, turnI, y + step, y + (2 * step), half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Five<TWidth, TVector>(float* x, float* y, long step, int half)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        var (c1, c2) = (TWidth.Broadcast((float)Math.Cos(0.4 * Math.PI)), TWidth.Broadcast((float)Math.Cos(0.8 * Math.PI)));
        var (s1, s2) = (TWidth.Broadcast((float)Math.Sin(0.4 * Math.PI)), TWidth.Broadcast((float)Math.Sin(0.8 * Math.PI)));
        var (ar, ai) = (TWidth.Load(x), TWidth.Load(x + half));
        var (br, bi) = (TWidth.Load(x + step), TWidth.Load(x + step + half));
        var (cr, ci) = (TWidth.Load(x + (2 * step)), TWidth.Load(x + (2 * step) + half));
        var (dr, di) = (TWidth.Load(x + (3 * step)), TWidth.Load(x + (3 * step) + half));
        var (er, ei) = (TWidth.Load(x + (4 * step)), TWidth.Load(x + (4 * step) + half));
        var (sumBeR, sumBeI) = (TWidth.Add(br, er), TWidth.Add(bi, ei));
        var (difBeR, difBeI) = (TWidth.Subtract(br, er), TWidth.Subtract(bi, ei));
        var (sumCdR, sumCdI) = (TWidth.Add(cr, dr), TWidth.Add(ci, di));
        var (difCdR, difCdI) = (TWidth.Subtract(cr, dr), TWidth.Subtract(ci, di));
        StoreComplex<TWidth, TVector>(TWidth.Add(ar, TWidth.Add(sumBeR, sumCdR)), TWidth.Add(ai, TWidth.Add(sumBeI, sumCdI)), y, half);
        StorePair<TWidth, TVector>(
            TWidth.MultiplyAdd(sumBeR, c1, TWidth.MultiplyAdd(sumCdR, c2, ar)), TWidth.MultiplyAdd(sumBeI, c1, TWidth.MultiplyAdd(sumCdI, c2, ai)),
            TWidth.MultiplyAdd(difBeR, s1, TWidth.Multiply(difCdR, s2)), TWidth.MultiplyAdd(difBeI, s1, TWidth.Multiply(difCdI, s2)),
            y + step, y + (4 * step), half);
        StorePair<TWidth, TVector>(
            TWidth.MultiplyAdd(sumBeR, c2, TWidth.MultiplyAdd(sumCdR, c1, ar)), TWidth.MultiplyAdd(sumBeI, c2, TWidth.MultiplyAdd(sumCdI, c1, ai)),
            TWidth.Subtract(TWidth.Multiply(difBeR, s2), TWidth.Multiply(difCdR, s1)),
            TWidth.Subtract(TWidth.Multiply(difBeI, s2), TWidth.Multiply(difCdI, s1)),
            y + (2 * step), y + (3 * step), half);
    }

    /// <summary>Stores m - i d and m + i d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair<TWidth, TVector>(
        TVector mR, TVector mI, TVector dR, TVector dI, float* minus, float* plus, int half)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        StoreComplex<TWidth, TVector>(TWidth.Add(mR, dI), TWidth.Subtract(mI, dR), minus, half);
        StoreComplex<TWidth, TVector>(TWidth.Subtract(mR, dI), TWidth.Add(mI, dR), plus, half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreComplex<TWidth, TVector>(TVector re, TVector im, float* target, int half)
        where TWidth : struct, IVectorWidth<TVector>
        where TVector : unmanaged
    {
        TWidth.Store(re, target);
        TWidth.Store(im, target + half);
    }
}
