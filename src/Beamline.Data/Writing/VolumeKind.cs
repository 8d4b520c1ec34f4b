namespace Beamline.Data.Writing;

/// <summary>Kinds of volume files by extension.</summary>
internal static class VolumeKind
{
    internal static bool IsFolder(string path) => Path.EndsInDirectorySeparator(path) || IsZarr(path);

    /// <summary>Whether the name asks for a Zarr store, which is a folder.</summary>
    internal static bool IsZarr(string path) =>
        Path.GetExtension(Path.TrimEndingDirectorySeparator(path)).Equals(".zarr", StringComparison.OrdinalIgnoreCase);

    /// <summary>".h5", ".tif", ".npy" or ".raw".</summary>
    internal static string Of(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return extension switch
        {
            ".h5" or ".hdf5" or ".hdf" => ".h5",
            ".tif" or ".tiff" => ".tif",
            ".npy" or ".raw" => extension,
            _ => throw new DataFormatException(
                path,
                $"'{extension}' is no kind of volume that Beamline writes or reads. Kinds are .h5, .tif, .npy and .raw, .zarr for a Zarr store, " +
                "or a folder name that ends in / for one TIFF a slice."),
        };
    }
}
