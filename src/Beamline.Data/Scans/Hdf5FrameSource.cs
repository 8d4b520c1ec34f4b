using Beamline.Data.Hdf5;

namespace Beamline.Data.Scans;

/// <summary>Frames of a three-dimensional HDF5 dataset. A two-dimensional one counts as a single frame.</summary>
internal sealed class Hdf5FrameSource : FrameSource
{
    private readonly Hdf5Dataset _dataset;

    internal Hdf5FrameSource(Hdf5Dataset dataset)
        : base(dataset.Path, Frames(dataset), dataset.Shape[^2], dataset.Shape[^1], dataset.Type) => _dataset = dataset;

    internal override (int Frames, int Rows) UnpackedTogether => _dataset.ChunkShape switch
    {
        [var frames, var rows, _] => ((int)Math.Min(frames, FrameCount), (int)Math.Min(rows, RowCount)),
        [var rows, _] => (1, (int)Math.Min(rows, RowCount)),
        _ => (1, 1),
    };

    internal override void Read(int frameStart, int frameCount, int rowStart, int rowCount, Span<float> destination)
    {
        if (_dataset.Shape.Length == 2)
        {
            _dataset.ReadFloats([rowStart, 0], [rowCount, ColumnCount], destination);
        }
        else
        {
            _dataset.ReadFloats([frameStart, rowStart, 0], [frameCount, rowCount, ColumnCount], destination);
        }
    }

    private static long Frames(Hdf5Dataset dataset)
    {
        if (dataset.Shape.Length is not (2 or 3) || dataset.Length == 0)
        {
            throw new DataFormatException(
                dataset.FilePath,
                $"{dataset} is not a stack of images: it needs the axes [frame, row, column] and at least one value. " +
                "Name the right dataset with ScanOptions.DataPath (FlatPath, DarkPath).",
                dataset.Path);
        }

        return dataset.Shape.Length == 2 ? 1 : dataset.Shape[0];
    }
}
