namespace Beamline.Display;

/// <summary>Finite values in rising order, at most a million of them, to read percentiles from.</summary>
internal sealed class ValueSample
{
    internal const int Limit = 1_000_000;
    private readonly float[] _sorted;

    private ValueSample(float[] sorted, bool isExact) => (_sorted, IsExact) = (sorted, isExact);

    /// <summary>Whether every finite value was taken.</summary>
    public bool IsExact { get; }

    public int Count => _sorted.Length;

    /// <summary>Takes all values, or one from each of <see cref="Limit"/> equal intervals when there are more.</summary>
    public static ValueSample Of(params IReadOnlyList<Plane> planes)
    {
        var total = planes.Sum(plane => plane.Values.LongLength);
        var taken = new List<float>((int)Math.Min(total, Limit));
        foreach (var plane in planes)
        {
            var values = plane.Values;
            var quota = total <= Limit ? values.Length : (int)Math.Max(1, values.LongLength * Limit / total);
            Take(values, quota, taken);
        }

        var sorted = taken.ToArray();
        Array.Sort(sorted);
        return new ValueSample(sorted, total <= Limit);
    }

    /// <summary>The value below which a part of the sample lies; straight line between the two nearest ranks. NaN when empty.</summary>
    /// <param name="percent">0 to 100.</param>
    public double Percentile(double percent)
    {
        if (_sorted.Length == 0)
        {
            return double.NaN;
        }

        var rank = percent / 100 * (_sorted.Length - 1);
        var below = Math.Clamp((int)rank, 0, _sorted.Length - 1);
        var above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + (((double)_sorted[above] - _sorted[below]) * (rank - below));
    }

    private static void Take(float[] values, int quota, List<float> taken)
    {
        // The place inside each interval changes, so that the sample does not always hit the same columns;
        // it depends on nothing but the index, so that a picture comes out the same each time.
        var random = 0x9E3779B9u;
        var step = (double)values.Length / quota;
        for (var i = 0; i < quota; i++)
        {
            var inside = 0.0;
            if (step > 1)
            {
                random = (random * 1664525u) + 1013904223u;
                inside = step * (random / 4294967296.0);
            }

            var value = values[Math.Min((int)((i * step) + inside), values.Length - 1)];
            if (float.IsFinite(value))
            {
                taken.Add(value);
            }
        }
    }
}
