namespace Beamline.Tomography.Preprocessing;

/// <summary>A sinogram whose columns are sorted by value, and the angle that each value came from: [column, rank].</summary>
internal sealed class SortedColumns
{
    private readonly int[] _angleOfRank;

    internal SortedColumns(SinogramBlock sinogram)
    {
        (Angles, Columns) = (sinogram.Angles, sinogram.Columns);
        Values = new float[Angles * Columns];
        _angleOfRank = new int[Angles * Columns];
        ColumnTranspose.Run(sinogram.Values, Values, Angles, Columns);
        var keys = new ulong[Angles];
        var column = new float[Angles];
        for (var c = 0; c < Columns; c++)
        {
            var values = Values.AsSpan(c * Angles, Angles);
            for (var a = 0; a < Angles; a++)
            {
                keys[a] = ((ulong)Ordered(values[a]) << 32) | (uint)a;
            }

            // The angle is a part of the key, so equal values (a column that does not respond) keep their order.
            Array.Sort(keys);
            var angles = _angleOfRank.AsSpan(c * Angles, Angles);
            var unsorted = column.AsSpan();
            values.CopyTo(unsorted);
            for (var rank = 0; rank < Angles; rank++)
            {
                angles[rank] = (int)(uint)keys[rank];
                values[rank] = unsorted[angles[rank]];
            }
        }
    }

    internal int Angles { get; }

    internal int Columns { get; }

    internal float[] Values { get; }

    /// <summary>Medians over columns at each rank, [column, rank].</summary>
    internal float[] MedianOverColumns(int size)
    {
        var lines = new float[Values.Length];
        ColumnTranspose.Run(Values, lines, Columns, Angles);
        var median = new RunningMedian(size);
        var line = new float[Columns];
        for (var rank = 0; rank < Angles; rank++)
        {
            median.Apply(lines.AsSpan(rank * Columns, Columns), line);
            line.CopyTo(lines, rank * Columns);
        }

        var result = new float[Values.Length];
        ColumnTranspose.Run(lines, result, Angles, Columns);
        return result;
    }

    /// <summary>Puts one sorted column back to the angles its ranks came from.</summary>
    internal void PutBack(float[] sorted, int column, SinogramBlock sinogram)
    {
        for (var rank = 0; rank < Angles; rank++)
        {
            var at = (column * Angles) + rank;
            sinogram.Values[(_angleOfRank[at] * Columns) + column] = sorted[at];
        }
    }

    /// <summary>Bits that are in the order of the values.</summary>
    private static uint Ordered(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return bits >> 31 == 0 ? bits | 0x8000_0000 : ~bits;
    }
}
