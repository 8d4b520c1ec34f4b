using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Npy;
using Beamline.Data.Scans;
using Beamline.Data.Tiff;
using Beamline.Data.Writing;
using Beamline.Data.Zarr;

namespace Beamline.Data;

/// <summary>Saves volumes to files and opens them again: <c>volume.Save("volume.h5")</c>, <c>Volume.Open("volume.h5")</c>.</summary>
public static class VolumeFiles
{
    extension(Volume volume)
    {
        /// <summary>
        /// Writes the volume as 32-bit floats. Kind by extension: .h5 (/exchange/data [z, y, x] with units and history), .tif (one page
        /// a slice), .npy, .raw (with NAME.raw.json beside it), .zarr (OME-NGFF 0.4 on Zarr 2; .v3.zarr: 0.5 on Zarr 3), or a folder name ending in "/" (recon_00000.tiff and on). The file appears
        /// when it is complete; a failure or cancellation leaves what was there before.
        /// </summary>
        /// <param name="path">Where to; the folder must exist.</param>
        /// <exception cref="DataFormatException">The kind is unknown, the folder is missing or cannot be written, or the disk is full.</exception>
        /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
        public void Save(string path)
        {
            ArgumentNullException.ThrowIfNull(volume);
            var run = RunContext.Current;
            using var writer = VolumeWriter.Create(
                path, volume.SliceCount, volume.RowCount, volume.ColumnCount, volume.Quantity, volume.VoxelSize, volume.Provenance);
            for (var z = 0; z < volume.SliceCount; z++)
            {
                run.Report("save", (double)z / volume.SliceCount, $"slice {z} of {volume.SliceCount}");
                writer.WriteSlices(z, volume.Slice(z));
                // A volume in a file passes through memory slice by slice, and need not gather there.
                volume.Memory.Evict((long)z * volume.RowCount * volume.ColumnCount, (long)volume.RowCount * volume.ColumnCount);
            }

            run.Report("save", 1);
            writer.Complete();
        }

        /// <summary>
        /// Reads a volume into memory: .h5 (/exchange/data, or the only three-dimensional dataset), .tif with a page a slice,
        /// .npy [z, y, x], .raw with its NAME.raw.json, a Zarr store, or a folder of TIFF slices. Numbers of any type become 32-bit floats.
        /// </summary>
        /// <param name="path">The file or folder.</param>
        /// <exception cref="DataFormatException">It is missing, damaged or no volume.</exception>
        /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
        public static Volume Open(string path)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(path);
            if (ZarrStore.IsZarr(path))
            {
                return ZarrVolume.Open(path);
            }

            if (Directory.Exists(path) || FileList.IsPattern(path))
            {
                return OpenTiff(path);
            }

            return VolumeKind.Of(path) switch
            {
                ".h5" => Hdf5Volume.Open(path),
                ".tif" => OpenTiff(path),
                ".npy" => OpenNpy(path),
                _ => OpenRaw(path),
            };
        }
    }

    internal static Volume ReadAll(FrameSource source, VolumeHeader header)
    {
        var run = RunContext.Current;
        var volume = header.NewVolume();
        try
        {
            for (var z = 0; z < volume.SliceCount; z++)
            {
                run.Report("open", (double)z / volume.SliceCount, $"slice {z} of {volume.SliceCount}");
                source.Read(z, 1, 0, volume.RowCount, volume.Slice(z));
            }

            return volume;
        }
        catch
        {
            volume.Dispose();
            throw;
        }
    }

    private static Volume OpenTiff(string path)
    {
        var files = FileList.Expand(path);
        using var source = TiffFrameSource.Open(files);
        using var first = TiffFile.Open(files[0]);
        return ReadAll(source, HeaderOf(source).WithJson(first.Description()));
    }

    private static Volume OpenNpy(string path)
    {
        var header = NpyHeader.Read(path);
        if (header.Shape.Length != 3 || header.Shape.Contains(0))
        {
            throw new DataFormatException(path, $"the array has the shape ({string.Join(", ", header.Shape)}), but a volume is (z, y, x).");
        }

        using var source = new RawFrameSource(path, header.Shape[0], header.Shape[1], header.Shape[2], header.Type, header.DataOffset);
        return ReadAll(source, HeaderOf(source));
    }

    private static Volume OpenRaw(string path)
    {
        if (!File.Exists(path))
        {
            throw MissingFile.Error(path);
        }

        var header = RawSidecar.Read(path);
        using var source = new RawFrameSource(path, header.Slices, header.Rows, header.Columns, ElementType.Float32, 0);
        return ReadAll(source, header);
    }

    private static VolumeHeader HeaderOf(FrameSource source) => new(source.FrameCount, source.RowCount, source.ColumnCount);
}
