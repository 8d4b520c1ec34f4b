namespace Beamline.Tomography.Preprocessing;

/// <summary>Median over a sliding odd window; beyond the ends the line is mirrored, the end value itself repeated.</summary>
internal sealed class RunningMedian(int size)
{
    private readonly float[] _sorted = new float[size];

    /// <summary>Writes the medians of a line of finite values.</summary>
    internal void Apply(ReadOnlySpan<float> source, Span<float> target)
    {
        var half = size / 2;
        for (var i = 0; i < size; i++)
        {
            _sorted[i] = source[Mirror(i - half, source.Length)];
        }

        Array.Sort(_sorted);
        target[0] = _sorted[half];
        for (var i = 1; i < source.Length; i++)
        {
            Replace(source[Mirror(i - half - 1, source.Length)], source[Mirror(i + half, source.Length)]);
            target[i] = _sorted[half];
        }
    }

    /// <summary>Where an index beyond the ends falls: d c b a | a b c d | d c b a.</summary>
    internal static int Mirror(int index, int length)
    {
        var period = 2 * length;
        var i = ((index % period) + period) % period;
        return i < length ? i : period - 1 - i;
    }

    /// <summary>One value leaves the sorted window, one comes; the values between them move by one place.</summary>
    private void Replace(float old, float value)
    {
        var at = Array.BinarySearch(_sorted, old);
        if (value > old)
        {
            while (at + 1 < size && _sorted[at + 1] < value)
            {
                _sorted[at] = _sorted[at + 1];
                at++;
            }
        }
        else
        {
            while (at > 0 && _sorted[at - 1] > value)
            {
                _sorted[at] = _sorted[at - 1];
                at--;
            }
        }

        _sorted[at] = value;
    }
}
