using System.Numerics;

namespace Beamline.Tomography.Analytic;

/// <summary>Keeps NaN and infinity out of an FFT, where one of them would spoil every slice that shares it.</summary>
internal static class NonFinite
{
    /// <summary>Sets values that are not finite to zero, and says how many there were.</summary>
    internal static int ReplaceByZero(Span<float> values)
    {
        if (AllFinite(values))
        {
            return 0;
        }

        var replaced = 0;
        foreach (ref var value in values)
        {
            if (!float.IsFinite(value))
            {
                value = 0;
                replaced++;
            }
        }

        return replaced;
    }

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        // x * 0 is 0 for a finite x, else NaN; a sum of such products shows both cheaply.
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            sum += new Vector<float>(values[i..]) * Vector<float>.Zero;
        }

        var rest = Vector.Sum(sum);
        for (; i < values.Length; i++)
        {
            rest += values[i] * 0;
        }

        return rest == 0;
    }
}
