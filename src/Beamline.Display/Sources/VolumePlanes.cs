using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>
/// Takes planes out of a volume. A volume in a mapped file may be far larger than memory, so the rows that are
/// touched are counted out beforehand: each touches at least one page of the file.
/// </summary>
internal static class VolumePlanes
{
    /// <summary>
    /// Rows of a mapped file that one upright plane [z, y] may touch. Each brings some 64 kB of its surroundings along,
    /// because the operating system reads ahead.
    /// </summary>
    internal const int RowLimit = 1 << 15;

    /// <summary>Slices that a maximum goes over when the volume is large.</summary>
    internal const int SliceLimit = 64;

    /// <summary>Values that are looked at one and all; larger volumes are sampled.</summary>
    internal const long ExactLimit = 64L << 20;

    // Values that one plane may have; a maximum of a mapped volume looks at this many in all.
    private const long ValueLimit = 32L << 20;

    public static Plane XY(Volume volume, int z)
    {
        var picked = new PagedRows(volume);
        var step = Step((long)volume.RowCount * volume.ColumnCount, ValueLimit);
        var (rows, columns) = (Steps(volume.RowCount, step), Steps(volume.ColumnCount, step));
        var values = new float[rows * columns];
        for (var r = 0; r < rows; r++)
        {
            Pick(picked.Row(z, Place(r, step, volume.RowCount)), step, values.AsSpan(r * columns, columns));
        }

        return new(rows, columns, values) { RowStep = step, ColumnStep = step };
    }

    public static Plane XZ(Volume volume, int y)
    {
        var picked = new PagedRows(volume);
        var step = Step((long)volume.SliceCount * volume.ColumnCount, ValueLimit);
        var (rows, columns) = (Steps(volume.SliceCount, step), Steps(volume.ColumnCount, step));
        var values = new float[rows * columns];
        for (var r = 0; r < rows; r++)
        {
            Pick(picked.Row(Place(r, step, volume.SliceCount), y), step, values.AsSpan(r * columns, columns));
        }

        return new(rows, columns, values) { RowStep = step, ColumnStep = step };
    }

    public static Plane YZ(Volume volume, int x)
    {
        var picked = new PagedRows(volume);
        var all = (long)volume.SliceCount * volume.RowCount;
        var step = Step(all, volume.Memory.Kind == MemoryKind.Mapped ? RowLimit : ValueLimit);
        var (rows, columns) = (Steps(volume.SliceCount, step), Steps(volume.RowCount, step));
        var values = new float[rows * columns];
        for (var r = 0; r < rows; r++)
        {
            var z = Place(r, step, volume.SliceCount);
            for (var c = 0; c < columns; c++)
            {
                values[(r * columns) + c] = picked.Row(z, Place(c, step, volume.RowCount))[x];
            }
        }

        return new(rows, columns, values) { RowStep = step, ColumnStep = step };
    }

    /// <summary>The largest finite value along z.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="slicesUsed">How many slices, evenly spaced, it was taken over.</param>
    public static Plane Maximum(Volume volume, out int slicesUsed)
    {
        var picked = new PagedRows(volume);
        slicesUsed = volume.Memory.Length <= ExactLimit ? volume.SliceCount : Math.Min(volume.SliceCount, SliceLimit);
        var area = (long)volume.RowCount * volume.ColumnCount;
        var step = Step(area, volume.Memory.Kind == MemoryKind.Mapped ? Math.Max(1, ValueLimit / slicesUsed) : ValueLimit);
        if (volume.Memory.Length <= ExactLimit)
        {
            step = 1;
        }

        var (rows, columns) = (Steps(volume.RowCount, step), Steps(volume.ColumnCount, step));
        var values = new float[rows * columns];
        Array.Fill(values, float.NaN);
        for (var i = 0; i < slicesUsed; i++)
        {
            var z = Place(i, (double)volume.SliceCount / slicesUsed, volume.SliceCount);
            for (var r = 0; r < rows; r++)
            {
                var row = picked.Row(z, Place(r, step, volume.RowCount));
                for (var c = 0; c < columns; c++)
                {
                    var value = row[Place(c, step, volume.ColumnCount)];
                    ref var largest = ref values[(r * columns) + c];
                    if (float.IsFinite(value) && !(value <= largest))
                    {
                        largest = value;
                    }
                }
            }
        }

        return new(rows, columns, values) { RowStep = step, ColumnStep = step };
    }

    /// <summary>Range of the whole volume, or null when it is too large to be looked at as a whole.</summary>
    public static ValueSummary? Summarize(Volume volume)
    {
        if (volume.Memory.Length > ExactLimit)
        {
            return null;
        }

        var picked = new PagedRows(volume);
        var summary = ValueSummary.None;
        for (var z = 0; z < volume.SliceCount; z++)
        {
            for (var y = 0; y < volume.RowCount; y++)
            {
                summary = summary.And(ValueSummary.Of(picked.Row(z, y)));
            }
        }

        return summary;
    }

    private static int Step(long count, long limit) =>
        count <= limit ? 1 : (int)Math.Ceiling(Math.Sqrt((double)count / limit));

    private static int Steps(int count, int step) => Math.Max(1, count / step);

    // The pixel in the middle of the i-th step.
    private static int Place(int i, double step, int count) => Math.Min((int)((i + 0.5) * step), count - 1);

    private static void Pick(ReadOnlySpan<float> row, int step, Span<float> to)
    {
        if (step == 1)
        {
            row.CopyTo(to);
            return;
        }

        for (var c = 0; c < to.Length; c++)
        {
            to[c] = row[Place(c, step, row.Length)];
        }
    }
}
