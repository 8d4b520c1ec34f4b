using System.Numerics;
using System.Runtime.InteropServices;

namespace Beamline.Data.Scans;

/// <summary>Counts what is wrong with the numbers of a frame: values that are no numbers, and values at the ceiling of the camera.</summary>
internal static class FrameDefects
{
    /// <summary>Part of a frame that may be at the ceiling: hot pixels and zingers always are.</summary>
    internal const double MostSaturated = 0.001;

    /// <summary>The largest value of the stored type; null when it says nothing about the camera.</summary>
    internal static float? Ceiling(ElementType type) => type switch
    {
        { Kind: ElementKind.Unsigned, Size: 1 } => byte.MaxValue,
        { Kind: ElementKind.Unsigned, Size: 2 } => ushort.MaxValue,
        _ => null,
    };

    /// <summary>How many values are NaN or infinite.</summary>
    internal static int NonFinite(ReadOnlySpan<float> values)
    {
        // x * 0 is 0 for a finite x, else NaN; a sum of such products shows cheaply that there is nothing to count.
        var sum = Vector<float>.Zero;
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors)
        {
            sum += vector * Vector<float>.Zero;
        }

        var rest = Vector.Sum(sum);
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
        {
            rest += value * 0;
        }

        return rest == 0 ? 0 : Count(values, v => !float.IsFinite(v));
    }

    /// <summary>How many values reach the ceiling.</summary>
    internal static int Saturated(ReadOnlySpan<float> values, float ceiling)
    {
        var most = new Vector<float>(float.NegativeInfinity);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        foreach (var vector in vectors)
        {
            most = Vector.Max(most, vector);
        }

        var found = Vector.GreaterThanOrEqualAny(most, new Vector<float>(ceiling));
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
        {
            found |= value >= ceiling;
        }

        return found ? Count(values, v => v >= ceiling) : 0;
    }

    /// <summary>Frame numbers in short: "3, 7 to 9, 12 and 4 more".</summary>
    internal static string List(IReadOnlyList<int> frames)
    {
        const int Most = 10;
        var parts = new List<string>();
        var shown = 0;
        for (var i = 0; i < frames.Count && parts.Count < Most;)
        {
            var run = 1;
            while (i + run < frames.Count && frames[i + run] == frames[i] + run)
            {
                run++;
            }

            parts.Add(run == 1 ? $"{frames[i]}" : run == 2 ? $"{frames[i]}, {frames[i + 1]}" : $"{frames[i]} to {frames[i + run - 1]}");
            shown += run;
            i += run;
        }

        return string.Join(", ", parts) + (shown < frames.Count ? $" and {frames.Count - shown} more" : "");
    }

    private static int Count(ReadOnlySpan<float> values, Func<float, bool> bad)
    {
        var count = 0;
        foreach (var value in values)
        {
            count += bad(value) ? 1 : 0;
        }

        return count;
    }
}
