namespace Beamline.Display;

/// <summary>
/// Which values the codes of a preview stand for. Code 0 is a value that is not finite, the others run evenly from
/// <paramref name="Low"/> to <paramref name="High"/>.
/// </summary>
/// <param name="Low">Value of code 1.</param>
/// <param name="High">Value of the highest code.</param>
/// <param name="IsClipped">True when values beyond were cut to Low or High.</param>
internal readonly record struct ValueCodes(float Low, float High, bool IsClipped)
{
    private const int Bins = 4096;

    // A part of the values so small that a picture does not miss them, and how much of the range they must take to be cut.
    private const double Tail = 2e-4;
    private const double WorthCutting = 0.4;

    /// <summary>
    /// All values; but where a few outliers would take more than 60% of the codes, the range of the others and a little more.
    /// </summary>
    public static ValueCodes For(ReadOnlySpan<float> values)
    {
        var all = ValueSummary.Of(values);
        if (!all.HasFinite)
        {
            return new(0, 1, false);
        }

        double low = all.Minimum, high = all.Maximum, width = (high - low) / Bins;
        if (!(width > 0))
        {
            return new(all.Minimum, all.Maximum, false);
        }

        var counts = new int[Bins];
        foreach (var value in values)
        {
            if (float.IsFinite(value))
            {
                counts[Math.Min(Bins - 1, (int)((value - low) / width))]++;
            }
        }

        var (first, last) = (0, Bins - 1);
        var few = (long)((all.Count - all.NotFinite) * Tail);
        for (long below = counts[0]; below <= few && first < last; below += counts[++first])
        {
        }

        for (long above = counts[last]; above <= few && last > first; above += counts[--last])
        {
        }

        if (last - first + 1 > WorthCutting * Bins)
        {
            return new(all.Minimum, all.Maximum, false);
        }

        var margin = 0.1 * (last - first + 1) * width;
        return new((float)Math.Max(low, low + (first * width) - margin), (float)Math.Min(high, low + ((last + 1) * width) + margin), true);
    }

    /// <summary>The code of a value among <paramref name="top"/> codes.</summary>
    public int Of(float value, int top)
    {
        if (!float.IsFinite(value))
        {
            return 0;
        }

        var range = (double)High - Low;
        return range > 0 ? 1 + (int)(Math.Clamp((value - Low) / range, 0, 1) * (top - 1) + 0.5) : 1;
    }
}
