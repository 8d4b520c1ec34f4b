using Beamline.Data.Scans;

namespace Beamline.Data.Matlab;

/// <summary>
/// Frames in a MATLAB array, whose first axis is the fastest: [columns, angles], [angles, columns] or [columns, rows, angles].
/// The array (2 GB at most by its format) is held in memory after the first read, because packed variables have no middle to begin at.
/// </summary>
internal sealed class MatFrameSource : FrameSource
{
    private readonly Lazy<double[]> _values;
    private readonly bool _anglesFirst;

    private MatFrameSource(MatFile file, MatArray array, long frames, long rows, long columns, bool anglesFirst)
        : base(array.Name, frames, rows, columns, array.Type)
    {
        _values = new(() => file.Read(array));
        _anglesFirst = anglesFirst;
    }

    /// <summary>Frames of an array, its axes told apart by the number of angles where that is known.</summary>
    internal static MatFrameSource Of(MatFile file, MatArray array, int? angles)
    {
        var shape = array.Shape;
        if (array.Length == 0 || shape.Length is not (2 or 3))
        {
            throw new DataFormatException(
                file.FilePath, $"{array} is no sinogram [detector x angles] and no stack [columns x rows x angles].", array.Name);
        }

        return shape.Length == 3 ? new MatFrameSource(file, array, shape[2], shape[1], shape[0], false)
            : angles == shape[0] && angles != shape[1] ? new MatFrameSource(file, array, shape[0], 1, shape[1], true)
            : new MatFrameSource(file, array, shape[1], 1, shape[0], false);
    }

    internal override void Read(int frameStart, int frameCount, int rowStart, int rowCount, Span<float> destination)
    {
        var values = _values.Value;
        var to = 0;
        for (var frame = frameStart; frame < frameStart + frameCount; frame++)
        {
            for (var row = rowStart; row < rowStart + rowCount; row++)
            {
                for (var column = 0; column < ColumnCount; column++)
                {
                    var at = _anglesFirst ? ((long)column * FrameCount) + frame : ((((long)frame * RowCount) + row) * ColumnCount) + column;
                    destination[to++] = (float)values[at];
                }
            }
        }
    }
}
