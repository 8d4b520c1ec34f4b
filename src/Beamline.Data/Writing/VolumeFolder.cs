namespace Beamline.Data.Writing;

/// <summary>Care about a folder of slices that is there already.</summary>
internal static class VolumeFolder
{
    /// <summary>Throws when a folder holds anything but slices of an earlier volume, whose names begin with the prefix.</summary>
    internal static void CheckReplaceable(string path, string prefix)
    {
        if (!VolumeKind.IsFolder(path) || !Directory.Exists(path))
        {
            return;
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(path))
        {
            var name = Path.GetFileName(entry);
            if (VolumeKind.IsZarr(path))
            {
                // A store of ours has one array "0"; anything else may hold somebody's data.
                if (name is not ("0" or ".zgroup" or ".zattrs" or "zarr.json"))
                {
                    throw new DataFormatException(path, $"the folder holds {name}, which is no part of an earlier volume. Give a new name.");
                }

                continue;
            }

            if (!name.StartsWith(prefix, StringComparison.Ordinal) || !Tiff.TiffFile.HasTiffName(name) || Directory.Exists(entry))
            {
                throw new DataFormatException(
                    path, $"the folder holds {name}, which is no image of an earlier volume or stack. Give a new or empty folder.");
            }
        }
    }

    /// <summary>Removes the slices of an earlier volume, checked again at the last moment.</summary>
    internal static void RemoveOld(string path, string prefix)
    {
        if (VolumeKind.IsFolder(path) && Directory.Exists(path))
        {
            CheckReplaceable(path, prefix);
            Directory.Delete(path, recursive: true);
        }
    }
}
