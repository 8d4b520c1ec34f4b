namespace Beamline.Display;

/// <summary>The values that the two ends of a color map stand for.</summary>
/// <param name="Low">Value of the first color.</param>
/// <param name="High">Value of the last color; above Low.</param>
internal readonly record struct ValueRange(double Low, double High)
{
    public double Fraction(double value) => (value - Low) / (High - Low);

    /// <summary>Finds the range that options ask for.</summary>
    public static ValueRange Choose(ViewOptions options, ValueSample sample)
    {
        var window = options.Window;
        if (options.Map.Kind == ColorMapKind.Cyclic && window.LowIsPercent && window.HighIsPercent)
        {
            return new(-Math.PI, Math.PI);
        }

        var low = window.LowIsPercent ? sample.Percentile(window.Low) : window.Low;
        var high = window.HighIsPercent ? sample.Percentile(window.High) : window.High;
        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            return new(0, 1);
        }

        if (options.Map.Kind == ColorMapKind.Diverging && (window.LowIsPercent || window.HighIsPercent))
        {
            var reach = Math.Max(Math.Abs(low), Math.Abs(high));
            (low, high) = (-reach, reach);
        }

        if (low < high)
        {
            return new(low, high);
        }

        // A constant image is middle gray: half its size, or one, to either side.
        var half = Math.Max(Math.Abs(low) / 2, low == 0 ? 1 : 1e-30);
        return new(low - half, low + half);
    }
}
