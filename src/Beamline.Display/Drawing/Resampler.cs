namespace Beamline.Display;

/// <summary>
/// Brings a plane to the size it is drawn at: each axis by the mean over the area of a picture pixel when it
/// shrinks, and by repeating the nearest value when it grows.
/// </summary>
internal static class Resampler
{
    /// <summary>Resamples a plane.</summary>
    /// <param name="plane">The values.</param>
    /// <param name="rows">Rows of the picture.</param>
    /// <param name="columns">Columns of the picture.</param>
    /// <param name="notFinite">For each picture pixel, the part of its area (0 to 1) that is NaN or infinite.</param>
    /// <returns>The mean of the finite values of each picture pixel; NaN where there is none.</returns>
    public static float[] Resample(Plane plane, int rows, int columns, out float[] notFinite)
    {
        var acrossRows = Weights(plane.RowCount, rows);
        var acrossColumns = Weights(plane.ColumnCount, columns);
        var result = new float[rows * columns];
        var bad = new float[rows * columns];
        var sums = new double[columns];
        var areas = new double[columns];
        var total = new double[columns];
        for (var r = 0; r < rows; r++)
        {
            Array.Clear(sums);
            Array.Clear(areas);
            Array.Clear(total);
            var (firstRow, rowWeights) = acrossRows[r];
            for (var i = 0; i < rowWeights.Length; i++)
            {
                var values = plane.Row(firstRow + i);
                for (var c = 0; c < columns; c++)
                {
                    var (firstColumn, weights) = acrossColumns[c];
                    for (var j = 0; j < weights.Length; j++)
                    {
                        var weight = (double)rowWeights[i] * weights[j];
                        var value = values[firstColumn + j];
                        total[c] += weight;
                        if (float.IsFinite(value))
                        {
                            sums[c] += weight * value;
                            areas[c] += weight;
                        }
                    }
                }
            }

            for (var c = 0; c < columns; c++)
            {
                result[(r * columns) + c] = areas[c] > 0 ? (float)(sums[c] / areas[c]) : float.NaN;
                bad[(r * columns) + c] = (float)Math.Max(0, 1 - (areas[c] / total[c]));
            }
        }

        notFinite = bad;
        return result;
    }

    private static (int First, float[] Weights)[] Weights(int from, int to)
    {
        var table = new (int, float[])[to];
        var step = (double)from / to;
        for (var i = 0; i < to; i++)
        {
            if (to >= from)
            {
                table[i] = (Math.Min((int)((i + 0.5) * step), from - 1), [1]);
                continue;
            }

            double start = i * step, end = start + step;
            var first = (int)start;
            var last = Math.Min((int)Math.Ceiling(end - 1e-9), from) - 1;
            var weights = new float[last - first + 1];
            for (var k = 0; k < weights.Length; k++)
            {
                weights[k] = (float)(Math.Min(end, first + k + 1) - Math.Max(start, first + k));
            }

            table[i] = (first, weights);
        }

        return table;
    }
}
