using Beamline.Arrays;
using Beamline.Data.Writing;

namespace Beamline.Data;

/// <summary>
/// Writes a volume slab by slab, for results that never are in memory as a whole. The file gets its name in
/// <see cref="Complete"/>; a writer disposed before that leaves nothing behind.
/// </summary>
public sealed class VolumeWriter : IDisposable
{
    private readonly AtomicPath _target;
    private readonly VolumeSink _sink;
    private readonly VolumeHeader _header;
    private readonly string _path;
    private readonly bool[] _written;
    private bool _ended;

    private VolumeWriter(string path, VolumeHeader header)
    {
        (_path, _header) = (path, header);
        _written = new bool[header.Slices];
        _target = new AtomicPath(path, VolumeKind.IsFolder(path));
        try
        {
            VolumeFolder.CheckReplaceable(path, header.FilePrefix);
            _sink = VolumeSink.Create(path, _target.TemporaryPath, header);
        }
        catch (Exception e)
        {
            _target.Dispose();
            if (OutputFailures.Explain(path, e) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    /// <summary>Number of slices written so far.</summary>
    public int WrittenSlices => _written.Count(w => w);

    /// <summary>Begins a file.</summary>
    /// <param name="path">Kind by extension: .h5, .tif (slices in order only), .npy, .raw, .zarr, or a folder ending in "/".</param>
    /// <param name="slices">Number of slices (z).</param>
    /// <param name="rows">Number of rows (y).</param>
    /// <param name="columns">Number of columns (x).</param>
    /// <param name="quantity">What the values mean.</param>
    /// <param name="voxelSize">Edges of a voxel; null when not known.</param>
    /// <param name="provenance">How the values came about; null for no history.</param>
    /// <exception cref="DataFormatException">The kind is unknown, the folder is missing or cannot be written, or the disk is full.</exception>
    public static VolumeWriter Create(
        string path,
        int slices,
        int rows,
        int columns,
        Quantity quantity = default,
        VoxelSize? voxelSize = null,
        Provenance? provenance = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        return Create(
            path,
            new VolumeHeader(slices, rows, columns)
            {
                Quantity = quantity,
                VoxelSize = voxelSize,
                Provenance = provenance ?? Provenance.None,
            });
    }

    internal static VolumeWriter Create(string path, VolumeHeader header) => new(path, header);

    /// <summary>Writes whole slices.</summary>
    /// <param name="zStart">Where the first of them goes.</param>
    /// <param name="values">Values [z, y, x]; a whole number of slices.</param>
    /// <exception cref="ArgumentException">The values are no whole slices, leave the volume, or come out of order for a .tif.</exception>
    /// <exception cref="DataFormatException">The disk is full or went away.</exception>
    public void WriteSlices(int zStart, ReadOnlySpan<float> values)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        var size = _header.Rows * _header.Columns;
        var count = values.Length / size;
        if (values.Length != count * size || zStart < 0 || zStart > _header.Slices - count)
        {
            throw new ArgumentException(
                $"{values.Length} values from slice {zStart} do not fit: a slice has {_header.Rows} x {_header.Columns} values " +
                $"and there are {_header.Slices} slices.",
                nameof(values));
        }

        for (var i = 0; i < count; i++)
        {
            WriteSlice(zStart + i, values.Slice(i * size, size));
        }
    }

    /// <summary>Closes the file and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">A slice was not written.</exception>
    /// <exception cref="DataFormatException">The disk is full or went away.</exception>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        var missing = Array.IndexOf(_written, false);
        if (missing >= 0)
        {
            throw new InvalidOperationException(
                $"{Path.GetFileName(_target.FinalPath)}: slice {missing} was not written ({WrittenSlices} of {_header.Slices} were).");
        }

        try
        {
            _sink.Finish();
            VolumeFolder.RemoveOld(_path, _header.FilePrefix);
            if (VolumeKind.IsFolder(_path) is false && VolumeKind.Of(_path) == ".raw")
            {
                RawSidecar.Write(_target.FinalPath, _header);
            }

            _target.Commit();
            _ended = true;
        }
        catch (Exception e) when (OutputFailures.Explain(_path, e) is not null)
        {
            throw OutputFailures.Explain(_path, e)!;
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Gives up an unfinished file and removes what was written; does nothing after <see cref="Complete"/>.</summary>
    public void Dispose()
    {
        _ended = true;
        _sink.Dispose();
        _target.Dispose();
    }

    private void WriteSlice(int z, ReadOnlySpan<float> values)
    {
        if (_sink.InOrder && z > 0 && !_written[z - 1])
        {
            throw new ArgumentException(
                $"Slice {z} comes before slice {Array.IndexOf(_written, false)}: a .tif file takes slices in order. Use .h5 for any order.", nameof(z));
        }

        if (_sink.InOrder && _written[z])
        {
            throw new ArgumentException($"Slice {z} was written already, and a .tif file cannot replace it. Use .h5.", nameof(z));
        }

        try
        {
            _sink.WriteSlice(z, values);
            _written[z] = true;
        }
        catch (Exception e) when (OutputFailures.Explain(_path, e) is not null)
        {
            throw OutputFailures.Explain(_path, e)!;
        }
    }
}
