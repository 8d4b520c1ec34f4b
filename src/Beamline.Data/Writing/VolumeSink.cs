namespace Beamline.Data.Writing;

/// <summary>Where the slices of a volume go: one derived class for each kind of file.</summary>
internal abstract class VolumeSink(VolumeHeader header) : IDisposable
{
    protected VolumeHeader Header { get; } = header;

    /// <summary>Whether slices must come in order, from 0 up.</summary>
    internal virtual bool InOrder => false;

    /// <summary>Writes one slice [row, column].</summary>
    internal abstract void WriteSlice(int z, ReadOnlySpan<float> values);

    /// <summary>Writes what comes last and closes; called once, after every slice.</summary>
    internal abstract void Finish();

    /// <summary>Closes. Called whether or not the work was finished; must not throw for work given up.</summary>
    public abstract void Dispose();

    /// <summary>The sink for a path, by its extension.</summary>
    internal static VolumeSink Create(string path, string temporaryPath, VolumeHeader header)
    {
        if (VolumeKind.IsZarr(path))
        {
            return new Zarr.ZarrVolumeSink(temporaryPath, header, Zarr.ZarrVolumeSink.IsVersion3(path));
        }

        if (VolumeKind.IsFolder(path))
        {
            return new TiffFolderSink(temporaryPath, header);
        }

        return VolumeKind.Of(path) switch
        {
            ".h5" => new Hdf5VolumeSink(temporaryPath, header),
            ".npy" => new RawVolumeSink(temporaryPath, header, Npy.NpyHeader.Write(ElementType.Float32, header.Slices, header.Rows, header.Columns)),
            ".raw" => new RawVolumeSink(temporaryPath, header, []),
            _ => new TiffVolumeSink(temporaryPath, header),
        };
    }
}
