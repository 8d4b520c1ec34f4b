namespace Beamline.Display;

/// <summary>The gray window of pictures that follow each other: percentiles, moved only when they have left the window by much.</summary>
internal sealed class LiveWindow
{
    private const double LowPercent = 0.5;
    private const double HighPercent = 99.5;
    private const double Slack = 0.15;
    private const int Sampled = 16384;
    private ValueRange? _range;

    /// <summary>The window for a picture, which is the one before where that still does.</summary>
    public ValueRange Next(ReadOnlySpan<float> values)
    {
        // An odd step does not stay in the same columns.
        var step = Math.Max(1, values.Length / Sampled) | 1;
        var sample = new List<float>(Math.Min(values.Length, 2 * Sampled));
        for (var i = 0; i < values.Length; i += step)
        {
            if (float.IsFinite(values[i]))
            {
                sample.Add(values[i]);
            }
        }

        if (sample.Count == 0)
        {
            return _range ?? new ValueRange(0, 1);
        }

        sample.Sort();
        var low = (double)sample[(int)(LowPercent / 100 * (sample.Count - 1))];
        var high = (double)sample[(int)Math.Ceiling(HighPercent / 100 * (sample.Count - 1))];
        if (low >= high)
        {
            // One value is middle gray; it moves no window that others have set.
            return _range ?? ConstantAround(low);
        }

        if (_range is { } old && Math.Abs(low - old.Low) <= Slack * (old.High - old.Low) && Math.Abs(high - old.High) <= Slack * (old.High - old.Low))
        {
            return old;
        }

        _range = new ValueRange(low, high);
        return _range.Value;
    }

    private static ValueRange ConstantAround(double value)
    {
        var half = value == 0 ? 1 : Math.Abs(value) / 2;
        return new ValueRange(value - half, value + half);
    }
}
