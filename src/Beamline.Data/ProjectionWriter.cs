using Beamline.Arrays;
using Beamline.Data.Writing;

namespace Beamline.Data;

/// <summary>
/// Writes projections one by one, for stacks that never are in memory as a whole. The file gets its name in <see cref="Complete"/>; a writer
/// disposed before that leaves nothing behind.
/// </summary>
public sealed class ProjectionWriter : IDisposable
{
    private readonly VolumeWriter _writer;

    private ProjectionWriter(VolumeWriter writer) => _writer = writer;

    /// <summary>Number of projections written so far.</summary>
    public int WrittenProjections => _writer.WrittenSlices;

    /// <summary>Begins a file.</summary>
    /// <param name="path">
    /// Kind by extension: .h5 (Data Exchange: /exchange/data [angle, row, column] and /exchange/theta), .tif (in order only), or a folder name
    /// ending in "/" (projection_00000.tiff and on).
    /// </param>
    /// <param name="anglesDegrees">One angle in degrees for each projection.</param>
    /// <param name="rowCount">Number of detector rows.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="quantity">What the values mean.</param>
    /// <param name="pixelSize">Edge of a detector pixel at the sample; null when not known.</param>
    /// <param name="provenance">How the values came about; null for no history.</param>
    /// <exception cref="DataFormatException">The kind has no place for angles, the folder is missing or cannot be written, or the disk is full.</exception>
    public static ProjectionWriter Create(
        string path,
        IReadOnlyList<double> anglesDegrees,
        int rowCount,
        int columnCount,
        Quantity quantity = default,
        Length? pixelSize = null,
        Provenance? provenance = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(anglesDegrees);
        ArgumentOutOfRangeException.ThrowIfLessThan(anglesDegrees.Count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        if (VolumeKind.IsZarr(path) || (!VolumeKind.IsFolder(path) && VolumeKind.Of(path) is not (".h5" or ".tif")))
        {
            throw new DataFormatException(path, "projections need a place for their angles: save them as .h5, as .tif, or in a folder whose name ends in / (one TIFF each).");
        }

        return new ProjectionWriter(VolumeWriter.Create(path, new VolumeHeader(anglesDegrees.Count, rowCount, columnCount)
        {
            AnglesDegrees = anglesDegrees,
            Quantity = quantity,
            VoxelSize = pixelSize is { } edge ? new VoxelSize(edge, edge, edge) : null,
            Provenance = provenance ?? Provenance.None,
        }));
    }

    /// <summary>Writes one projection.</summary>
    /// <param name="index">Index of its angle; in order from 0 for a .tif file.</param>
    /// <param name="values">Values [row, column].</param>
    /// <exception cref="ArgumentException">The values are no projection, or the index leaves the stack or comes out of order.</exception>
    /// <exception cref="DataFormatException">The disk is full or went away.</exception>
    public void Write(int index, ReadOnlySpan<float> values) => _writer.WriteSlices(index, values);

    /// <summary>Closes the file and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">A projection was not written.</exception>
    /// <exception cref="DataFormatException">The disk is full or went away.</exception>
    public void Complete() => _writer.Complete();

    /// <summary>Gives up an unfinished file and removes what was written; does nothing after <see cref="Complete"/>.</summary>
    public void Dispose() => _writer.Dispose();
}
