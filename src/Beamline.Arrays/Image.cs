namespace Beamline.Arrays;

/// <summary>
/// A two-dimensional picture [y, x] of 32-bit floats with a meaning and a pixel size.
/// Row 0 is at the top; pixel (y, x) has its center at coordinate (y, x).
/// </summary>
[TypeFormatterSource("Beamline.Display.ArrayFormatterSource, Beamline.Display")]
public sealed class Image
{
    private readonly float[] _values;

    /// <summary>Makes an image over existing values, without copying.</summary>
    /// <param name="rowCount">Number of rows (y), 1 or more.</param>
    /// <param name="columnCount">Number of columns (x), 1 or more.</param>
    /// <param name="values">Values row by row; rowCount x columnCount of them.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public Image(int rowCount, int columnCount, float[] values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        ArgumentNullException.ThrowIfNull(values);
        if (values.LongLength != (long)rowCount * columnCount)
        {
            throw new ArgumentException(
                $"An image of {rowCount} x {columnCount} needs {(long)rowCount * columnCount} values, not {values.Length}.",
                nameof(values));
        }

        (RowCount, ColumnCount, _values) = (rowCount, columnCount, values);
    }

    /// <summary>Makes an image of zeros.</summary>
    /// <param name="rowCount">Number of rows (y), 1 or more.</param>
    /// <param name="columnCount">Number of columns (x), 1 or more.</param>
    public Image(int rowCount, int columnCount)
        : this(rowCount, columnCount, new float[checked(rowCount * columnCount)])
    {
    }

    /// <summary>Number of rows (y).</summary>
    public int RowCount { get; }

    /// <summary>Number of columns (x).</summary>
    public int ColumnCount { get; }

    /// <summary>All values, row by row.</summary>
    public Span<float> Values => _values;

    /// <summary>What the values mean.</summary>
    public Quantity Quantity { get; init; }

    /// <summary>Distance between columns; null when not known.</summary>
    public Length? PixelSizeX { get; init; }

    /// <summary>Distance between rows; null when not known.</summary>
    public Length? PixelSizeY { get; init; }

    /// <summary>A name to show, for instance "slice 12"; may be empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>One value.</summary>
    /// <param name="y">Row.</param>
    /// <param name="x">Column.</param>
    public float this[int y, int x]
    {
        get => Row(y)[x];
        set => Row(y)[x] = value;
    }

    /// <summary>One row of values.</summary>
    /// <param name="y">Row, 0 to <see cref="RowCount"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Span<float> Row(int y)
    {
        Check.Index(y, RowCount, "row");
        return _values.AsSpan(y * ColumnCount, ColumnCount);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Image float32 {RowCount}x{ColumnCount}" + (PixelSizeX is { } size ? $", {size}" : "");
}
