namespace Beamline.Tomography.Preprocessing;

/// <summary>Replaces pixels that are far from the median of their window by it.</summary>
internal static class ZingerFilter
{
    internal static void Apply(float[] frame, int rows, int columns, int size, float threshold, bool darkToo)
    {
        var source = frame.AsSpan().ToArray();
        Span<float> window = stackalloc float[size * size];
        var half = size / 2;
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < columns; x++)
            {
                var value = source[(y * columns) + x];
                var (low, high) = (value - threshold, value + threshold);
                var (below, above) = (0, 0);
                var i = 0;
                for (var dy = -half; dy <= half; dy++)
                {
                    var row = RunningMedian.Mirror(y + dy, rows) * columns;
                    for (var dx = -half; dx <= half; dx++)
                    {
                        var neighbor = source[row + (x >= half && x < columns - half ? x + dx : RunningMedian.Mirror(x + dx, columns))];
                        window[i++] = neighbor;
                        below += neighbor < low ? 1 : 0;
                        above += neighbor > high ? 1 : 0;
                    }
                }

                // The median is below a limit when more than half of the window is: no sorting for ordinary pixels.
                if (below > window.Length / 2 || (darkToo && above > window.Length / 2))
                {
                    window.Sort();
                    frame[(y * columns) + x] = window[window.Length / 2];
                }
            }
        }
    }

    /// <summary>Eight times the noise, from the median distance of neighbors in a row; at least 5 % of the median value.</summary>
    internal static double AutoThreshold(float[] frame, int columns)
    {
        // A sample of the rows says as much as all.
        var step = Math.Max(1, frame.Length / columns / 64) * columns;
        var differences = new List<float>();
        var values = new List<float>();
        for (var row = 0; row < frame.Length; row += step)
        {
            for (var x = 1; x < columns; x++)
            {
                differences.Add(Math.Abs(frame[row + x] - frame[row + x - 1]));
                values.Add(Math.Abs(frame[row + x]));
            }
        }

        if (values.Count == 0)
        {
            return float.MaxValue;
        }

        differences.Sort();
        values.Sort();
        // The median of |difference| of Gaussian noise is 0.954 times its standard deviation.
        return Math.Max(8 * differences[differences.Count / 2] / 0.954, Math.Max(0.05 * values[values.Count / 2], 1e-6));
    }
}
