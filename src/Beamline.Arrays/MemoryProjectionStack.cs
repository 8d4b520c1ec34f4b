namespace Beamline.Arrays;

/// <summary>A projection stack whose values are in memory.</summary>
public sealed class MemoryProjectionStack : ProjectionStack
{
    /// <summary>Makes a stack of zeros, or one over existing memory (which it then owns).</summary>
    /// <param name="anglesDegrees">One angle in degrees for each projection.</param>
    /// <param name="rowCount">Number of detector rows.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="memory">Values [angle, row, column], row-major; null allocates native memory.</param>
    /// <exception cref="ArgumentException">The memory's length does not fit the shape.</exception>
    public MemoryProjectionStack(
        IReadOnlyList<double> anglesDegrees, int rowCount, int columnCount, ArrayMemory<float>? memory = null)
        : base(anglesDegrees, rowCount, columnCount)
    {
        var length = (long)AngleCount * rowCount * columnCount;
        if (memory is not null && memory.Length != length)
        {
            throw new ArgumentException(
                $"{AngleCount} x {rowCount} x {columnCount} needs {length} values, not {memory.Length}.", nameof(memory));
        }

        Memory = memory ?? ArrayMemory.Allocate<float>(length);
    }

    /// <summary>The values [angle, row, column], row-major.</summary>
    public ArrayMemory<float> Memory { get; }

    /// <inheritdoc/>
    public override bool IsLazy => false;

    /// <summary>The values of one projection, [row, column].</summary>
    /// <param name="angle">Index of the angle.</param>
    public Span<float> Frame(int angle)
    {
        Check.Index(angle, AngleCount, "projection");
        return Memory.Span((long)angle * RowCount * ColumnCount, RowCount * ColumnCount);
    }

    /// <inheritdoc/>
    protected override void ReadCore(StackRegion region, Span<float> destination)
    {
        var block = region.RowCount * ColumnCount;
        for (var i = 0; i < region.AngleCount; i++)
        {
            var start = (((long)(region.AngleStart + i) * RowCount) + region.RowStart) * ColumnCount;
            Memory.Span(start, block).CopyTo(destination[(i * block)..]);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Memory.Dispose();
        base.Dispose(disposing);
    }
}
