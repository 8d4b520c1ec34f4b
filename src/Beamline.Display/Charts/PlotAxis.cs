namespace Beamline.Display;

/// <summary>Brings values of one axis to places between 0 and 1, and says where its ticks are.</summary>
internal sealed class PlotAxis
{
    private readonly ChartAxis _axis;
    private readonly double _low;
    private readonly double _high;
    private readonly bool _flipped;

    private PlotAxis(ChartAxis axis, double low, double high, bool flipped) =>
        (_axis, _low, _high, _flipped) = (axis, low, high, flipped);

    /// <summary>An axis that shows some values with a little room at both ends.</summary>
    /// <param name="axis">What the figure says.</param>
    /// <param name="values">All values on the axis; NaN is left out.</param>
    /// <param name="room">Part of the range that is added at each end.</param>
    public static PlotAxis For(ChartAxis axis, IEnumerable<double> values, double room)
    {
        if (axis.Range is { } range && range.From != range.To && (!axis.IsLog || (range.From > 0 && range.To > 0)))
        {
            return new(axis, Scale(axis, Math.Min(range.From, range.To)), Scale(axis, Math.Max(range.From, range.To)), range.From > range.To);
        }

        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (var value in values)
        {
            if (double.IsFinite(value) && (!axis.IsLog || value > 0))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        if (low > high)
        {
            (low, high) = axis.IsLog ? (1, 10) : (0, 1);
        }

        var (from, to) = (Scale(axis, low), Scale(axis, high));
        if (from == to)
        {
            var half = axis.IsLog ? 0.5 : Math.Max(Math.Abs(from) / 2, 0.5);
            (from, to) = (from - half, to + half);
        }

        // Bars stand on zero, without room below them.
        var below = !axis.IsLog && low == 0 && room > 0 ? 0 : room * (to - from);
        return new(axis, from - below, to + (room * (to - from)), axis.IsReversed);
    }

    public string Title(int exponent) => (exponent, _axis.Title) switch
    {
        (0, var title) => title,
        (_, "") => $"× {NumberText.Power(exponent)}",
        (_, var title) => $"{title} × {NumberText.Power(exponent)}",
    };

    /// <summary>0 at the left or bottom, 1 at the right or top; NaN for what is not on the axis (a negative on a logarithmic one).</summary>
    public double Place(double value)
    {
        var place = (Scale(_axis, value) - _low) / (_high - _low);
        return _flipped ? 1 - place : place;
    }

    /// <summary>A place on the axis as people say it.</summary>
    public string Name(double value) => _axis.Categories.Count > 0 && value >= 0 && value < _axis.Categories.Count
        ? _axis.Categories[(int)value]
        : NumberText.Short(value);

    public Ticks Ticks(int most)
    {
        if (_axis.Categories.Count > 0)
        {
            var step = Math.Max(1, (int)Math.Ceiling(_axis.Categories.Count / (double)most));
            var shown = Enumerable.Range(0, _axis.Categories.Count).Where(i => i % step == 0).ToArray();
            return new([.. shown.Select(i => (double)i)], [.. shown.Select(i => _axis.Categories[i])], 0);
        }

        return _axis.IsLog
            ? Display.Ticks.Logarithmic(Math.Pow(10, _low), Math.Pow(10, _high), most)
            : Display.Ticks.Linear(_low, _high, most);
    }

    private static double Scale(ChartAxis axis, double value) => axis.IsLog ? value > 0 ? Math.Log10(value) : double.NaN : value;
}
