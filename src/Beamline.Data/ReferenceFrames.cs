using Beamline.Arrays;
using Beamline.Data.Scans;

namespace Beamline.Data;

/// <summary>
/// Frames taken without the sample (flats) or without the beam (darks), [frame, row, column]; read when asked for.
/// Reads may come from several threads at once.
/// </summary>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed class ReferenceFrames
{
    private readonly FrameSource _source;

    internal ReferenceFrames(FrameSource source) => _source = source;

    /// <summary>Number of frames.</summary>
    public int FrameCount => _source.FrameCount;

    /// <summary>Number of detector rows.</summary>
    public int RowCount => _source.RowCount;

    /// <summary>Number of detector columns.</summary>
    public int ColumnCount => _source.ColumnCount;

    /// <summary>Reads some rows of all frames as [frame, row, column], row-major, in counts.</summary>
    /// <param name="rowStart">First detector row.</param>
    /// <param name="rowCount">Number of detector rows.</param>
    /// <param name="destination">Where the values go: FrameCount x rowCount x ColumnCount of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rows leave the detector, or the destination is too short.</exception>
    public void Read(int rowStart, int rowCount, Span<float> destination)
    {
        if (rowStart < 0 || rowCount < 0 || rowStart > RowCount - rowCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(rowStart), rowStart, $"Rows {rowStart} to {rowStart + rowCount - 1} of frames with {RowCount} rows.");
        }

        var needed = (long)FrameCount * rowCount * ColumnCount;
        if (destination.Length < needed)
        {
            throw new ArgumentOutOfRangeException(nameof(destination), destination.Length, $"The rows have {needed} values.");
        }

        if (needed > 0)
        {
            _source.Read(0, FrameCount, rowStart, rowCount, destination[..(int)needed]);
        }
    }

    /// <summary>One frame as a picture [row, column], in counts.</summary>
    /// <param name="index">The frame.</param>
    public Arrays.Image Frame(int index)
    {
        if ((uint)index >= (uint)FrameCount)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"There is no frame {index}: the frames are 0 to {FrameCount - 1}.");
        }

        var values = new float[RowCount * ColumnCount];
        _source.Read(index, 1, 0, RowCount, values);
        return new Arrays.Image(RowCount, ColumnCount, values)
        {
            Quantity = Arrays.Quantity.Counts,
            Title = $"{_source.Description} {index}",
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{FrameCount} frames x {RowCount} rows x {ColumnCount} columns {_source.Type}";
}
