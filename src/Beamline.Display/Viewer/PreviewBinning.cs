namespace Beamline.Display;

/// <summary>Reads one row of an array: [slice, row] to all of its columns.</summary>
internal delegate ReadOnlySpan<float> RowReader(int slice, int row);

/// <summary>
/// Means of blocks. Of an array that is too large to be read whole, evenly spaced rows of each block stand for the block,
/// so that a picture of 2048 x 2048 x 2048 voxels needs neither memory nor minutes.
/// </summary>
internal static class PreviewBinning
{
    /// <summary>Values that are read at most.</summary>
    public const long ValueLimit = 64L << 20;

    /// <summary>Makes a preview.</summary>
    /// <param name="shape">Slices, rows, columns.</param>
    /// <param name="steps">Size of a block along each axis.</param>
    /// <param name="valueLimit">How many values may be read.</param>
    /// <param name="read">Gives the rows.</param>
    public static Preview Make(int[] shape, int[] steps, long valueLimit, RowReader read)
    {
        var preview = new Preview(shape, steps, new float[steps.Select((s, i) => Preview.Size(shape[i], s)).Aggregate(1, (a, b) => a * b)]);
        var (slices, rows, columns) = (preview.Sizes[0], preview.Sizes[1], preview.Sizes[2]);
        var perBlock = Math.Max(1, valueLimit / ((long)slices * rows * shape[2]));
        var (everySlice, everyRow) = Spread(steps[0], steps[1], perBlock);
        var sums = new double[columns];
        var counts = new int[columns];
        for (var z = 0; z < slices; z++)
        {
            for (var y = 0; y < rows; y++)
            {
                Array.Clear(sums);
                Array.Clear(counts);
                var (deep, high) = (Math.Min(steps[0], shape[0] - (z * steps[0])), Math.Min(steps[1], shape[1] - (y * steps[1])));
                for (var s = First(everySlice, deep); s < deep; s += everySlice)
                {
                    for (var r = First(everyRow, high); r < high; r += everyRow)
                    {
                        AddRow(read((z * steps[0]) + s, (y * steps[1]) + r), steps[2], sums, counts);
                    }
                }

                var target = preview.Values.AsSpan(((z * rows) + y) * columns, columns);
                for (var x = 0; x < columns; x++)
                {
                    target[x] = counts[x] > 0 ? (float)(sums[x] / counts[x]) : float.NaN;
                }
            }
        }

        return preview;
    }

    // How far apart the rows of a block are that are read, so that there are no more of them than allowed.
    private static (int Slice, int Row) Spread(int slices, int rows, long allowed)
    {
        var (everySlice, everyRow) = (1, 1);
        while ((long)Preview.Size(slices, everySlice) * Preview.Size(rows, everyRow) > allowed)
        {
            if (Preview.Size(slices, everySlice) >= Preview.Size(rows, everyRow))
            {
                everySlice++;
            }
            else
            {
                everyRow++;
            }
        }

        return (everySlice, everyRow);
    }

    // The middle of the first stretch; the last block of an axis may be shorter than that.
    private static int First(int every, int size) => Math.Min((every - 1) / 2, size - 1);

    private static void AddRow(ReadOnlySpan<float> row, int step, double[] sums, int[] counts)
    {
        for (int x = 0, c = 0; x < row.Length; x += step, c++)
        {
            double sum = 0;
            var count = 0;
            foreach (var value in row.Slice(x, Math.Min(step, row.Length - x)))
            {
                if (float.IsFinite(value))
                {
                    sum += value;
                    count++;
                }
            }

            sums[c] += sum;
            counts[c] += count;
        }
    }
}
