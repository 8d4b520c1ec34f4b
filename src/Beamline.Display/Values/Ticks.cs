namespace Beamline.Display;

/// <summary>Round places on an axis, with their labels.</summary>
/// <param name="Values">The places, rising, all inside the axis.</param>
/// <param name="Labels">One label for each.</param>
/// <param name="Exponent">Labels are to be multiplied by 10 to this power; a multiple of 3, mostly 0.</param>
internal sealed record Ticks(IReadOnlyList<double> Values, IReadOnlyList<string> Labels, int Exponent)
{
    private static readonly double[] RoundSteps = [1, 2, 5, 10];
    private static readonly double[] AngleSteps = [10, 15, 30, 45, 60, 90, 180, 360];

    /// <summary>Steps of 1, 2 or 5 times a power of ten, at most <paramref name="most"/> places.</summary>
    /// <param name="low">Where the axis begins.</param>
    /// <param name="high">Where it ends.</param>
    /// <param name="most">How many ticks there may be.</param>
    /// <param name="leastStep">No step is smaller: 1 on an axis that counts pixels.</param>
    public static Ticks Linear(double low, double high, int most, double leastStep = 0)
    {
        if (!(high > low) || !double.IsFinite(high - low))
        {
            return double.IsFinite(low) ? new([low], [NumberText.Short(low)], 0) : new([], [], 0);
        }

        var step = RoundStep(Math.Max((high - low) / Math.Max(1, most), leastStep));
        var ticks = Every(step, low, high);
        // A range between two round numbers, 0.1 to 4.9, needs a finer step to have any tick at all; most ranges
        // need two ticks to be read.
        while (ticks.Values.Count < Math.Min(2, most) && step > leastStep)
        {
            step = RoundBelow(step * 0.9);
            ticks = Every(step, low, high);
        }

        return ticks;
    }

    /// <summary>Steps that divide a turn, for a range of many degrees.</summary>
    public static Ticks Angles(double low, double high, int most)
    {
        var step = Array.Find(AngleSteps, s => (high - low) / s <= most);
        return high - low < 30 || step == 0 ? Linear(low, high, most) : Every(step, low, high);
    }

    /// <summary>Powers of ten (or every second, third ... of them); falls back to linear steps within one decade.</summary>
    public static Ticks Logarithmic(double low, double high, int most)
    {
        var first = (int)Math.Ceiling(Math.Log10(low) - 1e-9);
        var last = (int)Math.Floor(Math.Log10(high) + 1e-9);
        if (last - first < 1)
        {
            return Linear(low, high, most);
        }

        var step = Math.Max(1, (int)Math.Ceiling((last - first + 1) / (double)Math.Max(1, most)));
        var powers = Enumerable.Range(first, last - first + 1).Where(p => (p - first) % step == 0).ToArray();
        return new([.. powers.Select(p => Math.Pow(10, p))], [.. powers.Select(NumberText.Power)], 0);
    }

    /// <summary>The smallest of 1, 2, 5 times a power of ten that is not below a number.</summary>
    public static double RoundStep(double atLeast)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(atLeast)));
        return power * Array.Find(RoundSteps, s => s * power >= atLeast * (1 - 1e-9));
    }

    /// <summary>The largest of 1, 2, 5 times a power of ten that is not above a number.</summary>
    public static double RoundBelow(double atMost)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(atMost) + 1e-9));
        return power * Array.FindLast(RoundSteps, s => s * power <= atMost * (1 + 1e-9));
    }

    private static Ticks Every(double step, double low, double high)
    {
        var tolerance = step * 1e-9;
        var first = (long)Math.Ceiling((low - tolerance) / step);
        var last = (long)Math.Floor((high + tolerance) / step);
        var values = new List<double>();
        for (var i = first; i <= last; i++)
        {
            values.Add(i * step);
        }

        var largest = Math.Max(Math.Abs(low), Math.Abs(high));
        var exponent = largest is >= 1e5 or < 1e-2 ? 3 * (int)Math.Floor(Math.Log10(largest) / 3) : 0;
        var scaledStep = step / Math.Pow(10, exponent);
        var digits = Math.Clamp(-(int)Math.Floor(Math.Log10(scaledStep) + 1e-9), 0, 12);
        var labels = values.Select(v => Label(v / Math.Pow(10, exponent), digits));
        return new(values, [.. labels], exponent);
    }

    private static string Label(double value, int digits)
    {
        var text = Math.Round(value, digits).ToString("F" + digits);
        return NumberText.Minus(text.TrimStart('-').Trim('0', '.').Length == 0 ? text.TrimStart('-') : text);
    }
}
