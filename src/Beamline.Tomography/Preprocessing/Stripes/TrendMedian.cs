namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// A running median that follows slopes: the median of what is left after a smooth trend, plus the trend. A plain median of 2 n + 1
/// columns is off by half a column's slope where a stripe counts as one of them, and rounds off every bend.
/// </summary>
/// <param name="size">Columns of the median: odd.</param>
/// <param name="follow">False: a plain median.</param>
internal sealed class TrendMedian(int size, bool follow)
{
    private readonly RunningMedian _median = new(size);
    private float[] _trend = [];
    private float[] _rest = [];

    internal void Apply(ReadOnlySpan<float> source, Span<float> target)
    {
        _median.Apply(source, target);
        if (!follow)
        {
            return;
        }

        if (_trend.Length != source.Length)
        {
            (_trend, _rest) = (new float[source.Length], new float[source.Length]);
        }

        // Two rounds: the second one's trend has the bends that the first median rounded off.
        for (var round = 0; round < 2; round++)
        {
            Smooth(target, _rest, size / 4);
            Smooth(_rest, _trend, size / 4);
            for (var i = 0; i < _rest.Length; i++)
            {
                _rest[i] = source[i] - _trend[i];
            }

            _median.Apply(_rest, target);
            for (var i = 0; i < _trend.Length; i++)
            {
                target[i] += _trend[i];
            }
        }
    }

    /// <summary>Means over 2 half + 1 values.</summary>
    private static void Smooth(ReadOnlySpan<float> source, Span<float> target, int half)
    {
        double sum = 0;
        for (var i = -half; i <= half; i++)
        {
            sum += source[RunningMedian.Mirror(i, source.Length)];
        }

        for (var i = 0; i < source.Length; i++)
        {
            target[i] = (float)(sum / ((2 * half) + 1));
            sum += source[RunningMedian.Mirror(i + half + 1, source.Length)] - source[RunningMedian.Mirror(i - half, source.Length)];
        }
    }
}
