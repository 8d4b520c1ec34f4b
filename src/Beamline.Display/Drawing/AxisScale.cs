using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>Which coordinate each row or column of a plane has.</summary>
internal sealed class AxisScale
{
    private readonly IReadOnlyList<double>? _places;
    private readonly double _first;
    private readonly double _step;
    private readonly double _leastStep;

    private AxisScale(
        string label, int count, double first, double step, double leastStep = 0, IReadOnlyList<double>? places = null) =>
        (Label, Count, _first, _step, _leastStep, _places) = (label, count, first, step, leastStep, places);

    /// <summary>Name and unit.</summary>
    public string Label { get; }

    /// <summary>Number of rows or columns.</summary>
    public int Count { get; }

    /// <summary>Pixels, counted at their centers from 0, or the length from the center of pixel 0.</summary>
    /// <param name="name">For instance x.</param>
    /// <param name="count">Rows or columns of the plane.</param>
    /// <param name="pixelsPerStep">Pixels of the array for each of them.</param>
    /// <param name="pixel">Size of a pixel; null when not known.</param>
    /// <param name="unit">The unit of all axes of the figure.</param>
    public static AxisScale Even(string name, int count, double pixelsPerStep, Length? pixel, LengthUnit unit)
    {
        var size = pixel is { } length ? length.Meters / unit.Meters : 1;
        // A sparse plane takes the pixel in the middle of each step: its center is that of the step.
        return new($"{name} ({(pixel is null ? "px" : unit.Symbol)})", count,
            (pixelsPerStep - 1) / 2 * size, pixelsPerStep * size, leastStep: pixel is null ? 1 : 0);
    }

    /// <summary>Angles in degrees; plain numbers of the rows when the angles do not rise or fall all the way.</summary>
    /// <param name="degrees">One for each row.</param>
    public static AxisScale Angles(IReadOnlyList<double> degrees)
    {
        var rising = true;
        var falling = true;
        for (var i = 1; i < degrees.Count; i++)
        {
            rising &= degrees[i] > degrees[i - 1];
            falling &= degrees[i] < degrees[i - 1];
        }

        return rising || falling
            ? new("angle (°)", degrees.Count, 0, 1, places: degrees)
            : new("index of the angle", degrees.Count, 0, 1, leastStep: 1);
    }

    /// <summary>Round ticks, and where each falls: 0 at the outer edge of the first pixel, 1 at that of the last.</summary>
    public IEnumerable<(string Label, double Place)> Ticks(int most)
    {
        var (low, high) = _places is null
            ? (Math.Min(At(-0.5), At(Count - 0.5)), Math.Max(At(-0.5), At(Count - 0.5)))
            : (Math.Min(_places[0], _places[^1]), Math.Max(_places[0], _places[^1]));
        var ticks = _places is null
            ? Display.Ticks.Linear(low, high, most, _leastStep)
            : Display.Ticks.Angles(low, high, most);
        return ticks.Values.Select((value, i) => (TickLabel(ticks, i), (IndexOf(value) + 0.5) / Count));
    }

    // An axis of a picture has no room for a common power of ten; its unit was chosen so that none is needed.
    private static string TickLabel(Ticks ticks, int i) =>
        ticks.Exponent == 0 ? ticks.Labels[i] : NumberText.Short(ticks.Values[i]);

    private double At(double index) => _first + (index * _step);

    private double IndexOf(double value)
    {
        if (_places is null)
        {
            return (value - _first) / _step;
        }

        if (_places.Count == 1)
        {
            return 0;
        }

        var sign = _places[^1] > _places[0] ? 1 : -1;
        int low = 0, high = _places.Count - 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = sign * _places[middle] <= sign * value ? (middle, high) : (low, middle);
        }

        return low + ((value - _places[low]) / (_places[high] - _places[low]));
    }
}
