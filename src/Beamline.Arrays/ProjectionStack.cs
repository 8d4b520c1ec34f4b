namespace Beamline.Arrays;

/// <summary>
/// Projections [angle, row, column] of one rotation, with their angles. A stack may be lazy: values are read
/// or computed when a block of them is asked for, so that a stack larger than memory can be worked on in slabs.
/// It is never changed by an operation; operations give a new stack.
/// </summary>
/// <remarks>
/// Coordinates: the center of column c lies at c, so the middle of N columns is (N - 1) / 2.
/// A ray of column c at angle a passes the points with x cos a + y sin a = c - (column of the rotation axis).
/// Derived classes must allow <see cref="Read"/> from several threads at once.
/// </remarks>
[TypeFormatterSource("Beamline.Display.ArrayFormatterSource, Beamline.Display")]
public abstract class ProjectionStack : IDisposable
{
    /// <summary>Sets what every stack has.</summary>
    /// <param name="anglesDegrees">One angle in degrees for each projection.</param>
    /// <param name="rowCount">Number of detector rows, 1 or more.</param>
    /// <param name="columnCount">Number of detector columns, 1 or more.</param>
    protected ProjectionStack(IReadOnlyList<double> anglesDegrees, int rowCount, int columnCount)
    {
        ArgumentNullException.ThrowIfNull(anglesDegrees);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        Check.Angles(anglesDegrees, anglesDegrees.Count);
        (AnglesDegrees, RowCount, ColumnCount) = (anglesDegrees, rowCount, columnCount);
    }

    /// <summary>One angle in degrees for each projection.</summary>
    public IReadOnlyList<double> AnglesDegrees { get; }

    /// <summary>Number of projections.</summary>
    public int AngleCount => AnglesDegrees.Count;

    /// <summary>Number of detector rows; each becomes one slice of the volume.</summary>
    public int RowCount { get; }

    /// <summary>Number of detector columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Edge of a detector pixel at the sample; null when not known.</summary>
    public Length? PixelSize { get; init; }

    /// <summary>What the values mean.</summary>
    public Quantity Quantity { get; init; }

    /// <summary>How the stack came about.</summary>
    public Provenance Provenance { get; init; } = Provenance.None;

    /// <summary>True when values are read or computed only when asked for.</summary>
    public virtual bool IsLazy => true;

    /// <summary>
    /// Angles and detector rows that the source stores as one block, for instance a compressed chunk: whoever asks for a part of a block has it
    /// unpacked as a whole, each time anew. (1, 1) when every row can be had alone.
    /// </summary>
    public virtual (int Angles, int Rows) UnpackedTogether => (1, 1);

    /// <summary>Bytes of all values as 32-bit floats.</summary>
    public long ByteLength => (long)AngleCount * RowCount * ColumnCount * sizeof(float);

    /// <summary>Reads a block as [angle, row, column], row-major, 32-bit floats.</summary>
    /// <param name="region">The block.</param>
    /// <param name="destination">Where the values go; AngleCount x RowCount x columns of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The block leaves the stack, or the destination is too short.</exception>
    public void Read(StackRegion region, Span<float> destination)
    {
        if (region.AngleStart < 0 || region.AngleCount < 0 || region.AngleEnd > AngleCount ||
            region.RowStart < 0 || region.RowCount < 0 || region.RowEnd > RowCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(region),
                $"Angles {region.AngleStart} to {region.AngleEnd - 1} and rows {region.RowStart} to {region.RowEnd - 1} " +
                $"of a stack of {AngleCount} angles and {RowCount} rows.");
        }

        var needed = (long)region.AngleCount * region.RowCount * ColumnCount;
        if (destination.Length < needed)
        {
            throw new ArgumentOutOfRangeException(
                nameof(destination), destination.Length, $"The block has {needed} values.");
        }

        if (needed > 0)
        {
            ReadCore(region, destination[..(int)needed]);
        }
    }

    /// <summary>One projection as a picture [row, column].</summary>
    /// <param name="index">Index of the angle.</param>
    public Image Projection(int index)
    {
        Check.Index(index, AngleCount, "projection");
        var values = new float[RowCount * ColumnCount];
        Read(new StackRegion(index, 1, 0, RowCount), values);
        return new Image(RowCount, ColumnCount, values)
        {
            Quantity = Quantity,
            PixelSizeX = PixelSize,
            PixelSizeY = PixelSize,
            Title = $"projection {index}, {AnglesDegrees[index]:0.###}°",
        };
    }

    /// <summary>The sinogram of one detector row.</summary>
    /// <param name="row">Detector row.</param>
    public Sinogram Sinogram(int row)
    {
        Check.Index(row, RowCount, "row");
        var values = new float[AngleCount * ColumnCount];
        Read(new StackRegion(0, AngleCount, row, 1), values);
        return new Sinogram(AnglesDegrees, ColumnCount, values)
        {
            Quantity = Quantity,
            PixelSize = PixelSize,
            DetectorRow = row,
        };
    }

    /// <summary>Computes every value now and keeps them in memory.</summary>
    /// <exception cref="OutOfMemoryException">The machine cannot hold the stack.</exception>
    public MemoryProjectionStack Materialize()
    {
        var made = new MemoryProjectionStack(AnglesDegrees, RowCount, ColumnCount)
        {
            PixelSize = PixelSize,
            Quantity = Quantity,
            Provenance = Provenance,
        };
        try
        {
            for (var angle = 0; angle < AngleCount; angle++)
            {
                Read(new StackRegion(angle, 1, 0, RowCount), made.Frame(angle));
            }
        }
        catch
        {
            made.Dispose();
            throw;
        }

        return made;
    }

    /// <summary>Gives back what the stack holds itself; a lazy stack leaves its source open.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"ProjectionStack {Quantity.Name} {AngleCount} angles x {RowCount} rows x {ColumnCount} columns" +
        (PixelSize is { } size ? $", {size}" : "") + (IsLazy ? ", lazy" : "");

    /// <summary>Reads a block that was checked to lie inside the stack.</summary>
    /// <param name="region">The block; not empty.</param>
    /// <param name="destination">Exactly as long as the block.</param>
    protected abstract void ReadCore(StackRegion region, Span<float> destination);

    /// <summary>Gives back what the stack holds.</summary>
    /// <param name="disposing">Always true: a stack has no finalizer of its own.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
