namespace Beamline.Arrays;

/// <summary>
/// A reconstructed volume [z, y, x] of 32-bit floats. Voxel (z, y, x) has its center at coordinate (z, y, x);
/// the rotation axis passes every slice at ((rows - 1) / 2, (columns - 1) / 2).
/// </summary>
[TypeFormatterSource("Beamline.Display.ArrayFormatterSource, Beamline.Display")]
public sealed class Volume : IDisposable
{
    /// <summary>Makes a volume of zeros, or one over existing memory (which it then owns).</summary>
    /// <param name="sliceCount">Number of slices (z), 1 or more.</param>
    /// <param name="rowCount">Number of rows (y), 1 or more.</param>
    /// <param name="columnCount">Number of columns (x), 1 or more.</param>
    /// <param name="memory">Values [z, y, x], row-major; null allocates native memory.</param>
    /// <exception cref="ArgumentException">The memory's length does not fit the shape.</exception>
    public Volume(int sliceCount, int rowCount, int columnCount, ArrayMemory<float>? memory = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sliceCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        var length = checked((long)sliceCount * rowCount * columnCount);
        if (memory is not null && memory.Length != length)
        {
            throw new ArgumentException(
                $"{sliceCount} x {rowCount} x {columnCount} needs {length} values, not {memory.Length}.", nameof(memory));
        }

        (SliceCount, RowCount, ColumnCount) = (sliceCount, rowCount, columnCount);
        Memory = memory ?? ArrayMemory.Allocate<float>(length);
    }

    /// <summary>Number of slices (z).</summary>
    public int SliceCount { get; }

    /// <summary>Number of rows (y) of a slice.</summary>
    public int RowCount { get; }

    /// <summary>Number of columns (x) of a slice.</summary>
    public int ColumnCount { get; }

    /// <summary>The values [z, y, x], row-major.</summary>
    public ArrayMemory<float> Memory { get; }

    /// <summary>Edges of a voxel; null when not known.</summary>
    public VoxelSize? VoxelSize { get; init; }

    /// <summary>What the values mean.</summary>
    public Quantity Quantity { get; init; }

    /// <summary>How the volume came about.</summary>
    public Provenance Provenance { get; init; } = Provenance.None;

    /// <summary>How long the run that made it took, and was expected to take; null when no run made it. Not saved with the values.</summary>
    public RunTiming? Timing { get; init; }

    /// <summary>One value.</summary>
    /// <param name="z">Slice.</param>
    /// <param name="y">Row.</param>
    /// <param name="x">Column.</param>
    public float this[int z, int y, int x]
    {
        get => Row(z, y)[x];
        set => Row(z, y)[x] = value;
    }

    /// <summary>All values of one slice, [y, x].</summary>
    /// <param name="z">Slice, 0 to <see cref="SliceCount"/> - 1.</param>
    public Span<float> Slice(int z)
    {
        Check.Index(z, SliceCount, "slice");
        return Memory.Span((long)z * RowCount * ColumnCount, checked(RowCount * ColumnCount));
    }

    /// <summary>One row of values.</summary>
    /// <param name="z">Slice.</param>
    /// <param name="y">Row.</param>
    public Span<float> Row(int z, int y)
    {
        Check.Index(z, SliceCount, "slice");
        Check.Index(y, RowCount, "row");
        return Memory.Span((((long)z * RowCount) + y) * ColumnCount, ColumnCount);
    }

    /// <summary>A copy of the slice at height z: the plane [y, x] that a reconstruction makes.</summary>
    /// <param name="z">Slice.</param>
    public Image SliceXY(int z)
    {
        var values = Slice(z).ToArray();
        return Picture(RowCount, ColumnCount, values, VoxelSize?.Y, VoxelSize?.X, $"slice z = {z}");
    }

    /// <summary>A copy of the upright plane [z, x] at row y.</summary>
    /// <param name="y">Row.</param>
    public Image SliceXZ(int y)
    {
        Check.Index(y, RowCount, "row");
        var values = new float[checked(SliceCount * ColumnCount)];
        for (var z = 0; z < SliceCount; z++)
        {
            Row(z, y).CopyTo(values.AsSpan(z * ColumnCount));
        }

        return Picture(SliceCount, ColumnCount, values, VoxelSize?.Z, VoxelSize?.X, $"slice y = {y}");
    }

    /// <summary>A copy of the upright plane [z, y] at column x.</summary>
    /// <param name="x">Column.</param>
    public Image SliceYZ(int x)
    {
        Check.Index(x, ColumnCount, "column");
        var values = new float[checked(SliceCount * RowCount)];
        for (var z = 0; z < SliceCount; z++)
        {
            for (var y = 0; y < RowCount; y++)
            {
                values[(z * RowCount) + y] = Row(z, y)[x];
            }
        }

        return Picture(SliceCount, RowCount, values, VoxelSize?.Z, VoxelSize?.Y, $"slice x = {x}");
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => Memory.Dispose();

    /// <inheritdoc/>
    public override string ToString() =>
        $"Volume float32 {SliceCount}x{RowCount}x{ColumnCount}" + (VoxelSize is { } size ? $", {size}" : "");

    private Image Picture(int rows, int columns, float[] values, Length? sizeY, Length? sizeX, string title) =>
        new(rows, columns, values) { Quantity = Quantity, PixelSizeY = sizeY, PixelSizeX = sizeX, Title = title };
}
