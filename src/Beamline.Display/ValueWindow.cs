using System.Globalization;

namespace Beamline.Display;

/// <summary>
/// The range of values that a color map is spread over: two values, or two percentiles of the finite values,
/// or one of each. Immutable.
/// </summary>
/// <example><c>ValueWindow.Percent(0.5, 99.5)</c>, <c>ValueWindow.Values(0, 2.5)</c>, <c>ValueWindow.Parse("0,99%")</c></example>
public readonly record struct ValueWindow
{
    private ValueWindow(double low, bool lowIsPercent, double high, bool highIsPercent) =>
        (Low, LowIsPercent, High, HighIsPercent) = (low, lowIsPercent, high, highIsPercent);

    /// <summary>1% to 99%: a few hot pixels do not decide how the rest looks.</summary>
    public static ValueWindow Default => Percent(1, 99);

    /// <summary>From the smallest to the largest finite value.</summary>
    public static ValueWindow Full => Percent(0, 100);

    /// <summary>The low end, a value or a percentile.</summary>
    public double Low { get; }

    /// <summary>Whether <see cref="Low"/> is a percentile, 0 to 100.</summary>
    public bool LowIsPercent { get; }

    /// <summary>The high end, a value or a percentile.</summary>
    public double High { get; }

    /// <summary>Whether <see cref="High"/> is a percentile, 0 to 100.</summary>
    public bool HighIsPercent { get; }

    /// <summary>A window between two percentiles.</summary>
    /// <param name="low">Low percentile, 0 to 100.</param>
    /// <param name="high">High percentile, above low.</param>
    /// <exception cref="ArgumentException">The percentiles are not 0 to 100 and rising.</exception>
    public static ValueWindow Percent(double low, double high) => Checked(low, true, high, true);

    /// <summary>A window between two values.</summary>
    /// <param name="low">Low value, in the unit of the array.</param>
    /// <param name="high">High value, above low.</param>
    /// <exception cref="ArgumentException">The values are not finite and rising.</exception>
    public static ValueWindow Values(double low, double high) => Checked(low, false, high, false);

    /// <summary>Reads a window written as <c>1%,99%</c>, <c>0,2.5</c> or <c>0,99%</c>.</summary>
    /// <param name="text">Two ends with a comma between them; an end with % is a percentile.</param>
    /// <exception cref="FormatException">It is not two rising ends.</exception>
    public static ValueWindow Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(',');
        if (parts.Length != 2 || !TryEnd(parts[0], out var low, out var lowPercent) ||
            !TryEnd(parts[1], out var high, out var highPercent))
        {
            throw new FormatException(
                $"'{text}' is not a window. Write two ends with a comma, as percentiles (1%,99%) or values (0,2.5), " +
                "with a point in decimal numbers.");
        }

        try
        {
            return Checked(low, lowPercent, high, highPercent);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"'{text}' is not a window: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Low:R}{(LowIsPercent ? "%" : "")},{High:R}{(HighIsPercent ? "%" : "")}");

    private static bool TryEnd(string text, out double value, out bool isPercent)
    {
        var trimmed = text.Trim();
        isPercent = trimmed.EndsWith('%');
        return double.TryParse(
            isPercent ? trimmed[..^1] : trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private static ValueWindow Checked(double low, bool lowIsPercent, double high, bool highIsPercent)
    {
        foreach (var (value, isPercent) in new[] { (low, lowIsPercent), (high, highIsPercent) })
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException($"an end of the window is {value}, it must be a finite number.");
            }

            if (isPercent && value is < 0 or > 100)
            {
                throw new ArgumentException($"the percentile {value}% is not between 0% and 100%.");
            }
        }

        if (lowIsPercent == highIsPercent && low >= high)
        {
            throw new ArgumentException($"the low end {low} is not below the high end {high}.");
        }

        return new ValueWindow(low, lowIsPercent, high, highIsPercent);
    }
}
