namespace Beamline.Data.Scans;

/// <summary>Frames [frame, row, column] in a file or several. Reads may come from several threads at once.</summary>
internal abstract class FrameSource : IDisposable
{
    protected FrameSource(string description, long frames, long rows, long columns, ElementType type)
    {
        Description = description;
        FrameCount = checked((int)frames);
        RowCount = checked((int)rows);
        ColumnCount = checked((int)columns);
        Type = type;
    }

    /// <summary>What the frames are called in messages, for instance "/exchange/data".</summary>
    internal string Description { get; }

    internal int FrameCount { get; }

    internal int RowCount { get; }

    internal int ColumnCount { get; }

    internal ElementType Type { get; }

    /// <summary>Frames and rows that are stored as one block and unpacked as a whole.</summary>
    internal virtual (int Frames, int Rows) UnpackedTogether => (1, 1);

    /// <summary>Reads some rows of some consecutive frames, [frame, row, column]; the block lies inside.</summary>
    internal abstract void Read(int frameStart, int frameCount, int rowStart, int rowCount, Span<float> destination);

    public virtual void Dispose()
    {
    }

    /// <summary>Shape and type in words.</summary>
    public override string ToString() => $"{Description} [{FrameCount},{RowCount},{ColumnCount}] {Type}";
}
