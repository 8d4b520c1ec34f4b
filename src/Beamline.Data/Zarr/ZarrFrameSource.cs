using Beamline.Data.Scans;

namespace Beamline.Data.Zarr;

/// <summary>
/// Frames of a Zarr array [frame, row, column]. A chunk whose file is missing stands for the fill value, by Zarr's definition. For a
/// volume that is kept; in a scan no detector frame is all one value, so there it is an error.
/// </summary>
internal sealed class ZarrFrameSource : FrameSource
{
    private readonly ZarrArray _array;
    private readonly bool _missingIsError;

    internal ZarrFrameSource(ZarrArray array, bool missingIsError)
        : base(Path.GetFileName(array.Folder), array.Shape[0], array.Shape[1], array.Shape[2], array.Type) =>
        (_array, _missingIsError) = (array, missingIsError);

    /// <summary>Frames of an array that has three axes and at least one value.</summary>
    internal static ZarrFrameSource Of(ZarrArray array, bool missingIsError) => array.Shape.Length == 3 && !array.Shape.Contains(0)
        ? new ZarrFrameSource(array, missingIsError)
        : throw new DataFormatException(array.Folder, $"{array} is not a stack of images: it needs three axes and at least one value.");

    internal override (int Frames, int Rows) UnpackedTogether =>
        ((int)Math.Min(_array.Chunks[0], FrameCount), (int)Math.Min(_array.Chunks[1], RowCount));

    internal override void Read(int frameStart, int frameCount, int rowStart, int rowCount, Span<float> destination)
    {
        var (depth, height, width) = (_array.Chunks[0], _array.Chunks[1], _array.Chunks[2]);
        var line = new float[width];
        for (long z = frameStart / depth; z * depth < frameStart + frameCount; z++)
        {
            for (long y = rowStart / height; y * height < rowStart + rowCount; y++)
            {
                for (long x = 0; x * width < ColumnCount; x++)
                {
                    var chunk = Chunk([z, y, x]);
                    var columns = (int)Math.Min(width, ColumnCount - (x * width));
                    for (var frame = (int)Math.Max(frameStart, z * depth); frame < Math.Min(frameStart + frameCount, (z + 1) * depth); frame++)
                    {
                        for (var row = (int)Math.Max(rowStart, y * height); row < Math.Min(rowStart + rowCount, (y + 1) * height); row++)
                        {
                            var to = destination.Slice((int)(((((long)(frame - frameStart) * rowCount) + row - rowStart) * ColumnCount) + (x * width)), columns);
                            if (chunk is null)
                            {
                                to.Fill((float)_array.FillValue!.Value);
                                continue;
                            }

                            var at = (int)(((((frame - (z * depth)) * height) + row - (y * height)) * width) * Type.Size);
                            NumberConversion.ToFloats(chunk.AsSpan(at, width * Type.Size), Type, line);
                            line.AsSpan(0, columns).CopyTo(to);
                        }
                    }
                }
            }
        }
    }

    private byte[]? Chunk(ReadOnlySpan<long> index)
    {
        if (_array.TryReadChunk(index, out var chunk))
        {
            return chunk;
        }

        if (!_missingIsError && _array.FillValue is not null)
        {
            return null;
        }

        var frame = index[0] * _array.Chunks[0];
        throw new DataFormatException(
            _array.Folder,
            $"the chunk {_array.ChunkName(index)} (from frame {frame}) is missing" +
            (_array.FillValue is { } fill
                ? $". Zarr reads it as {fill}, which no detector frame is, so the copy is probably not complete. Copy the store again, or leave these frames out."
                : " and the store does not say what it stands for (fill_value is null). Copy the store again."),
            _array.ChunkName(index));
    }
}
