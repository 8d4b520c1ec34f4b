using Beamline.Data.Hdf5;
using Beamline.Data.Matlab;
using Beamline.Data.Mrc;
using Beamline.Data.Npy;
using Beamline.Data.Tiff;
using Beamline.Data.Xradia;
using Beamline.Data.Zarr;

namespace Beamline.Data.Scans;

/// <summary>Finds out what kind of scan a path is and opens it.</summary>
internal static class ScanOpener
{
    internal static ScanParts Open(string path, ScanOptions options)
    {
        if (ZarrStore.IsZarr(path))
        {
            return ZarrScan.Open(path, options);
        }

        if (FileList.IsPattern(path) || Directory.Exists(path))
        {
            return ImageScan.OpenTiff(path, options);
        }

        if (options.Raw is { } raw)
        {
            return ImageScan.OpenRaw(path, raw, options);
        }

        if (!File.Exists(path))
        {
            throw MissingFile.Error(path);
        }

        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".h5" or ".hdf5" or ".hdf" or ".nxs" or ".nx" or ".he5" => Hdf5Scan.Open(path, options),
            ".tif" or ".tiff" => ImageScan.OpenTiff(path, options),
            ".npy" => ImageScan.OpenNpy(path, options),
            ".mrc" or ".mrcs" or ".st" or ".ali" or ".rec" => MrcScan.Open(path, options),
            ".xrm" or ".txrm" => XrmScan.Open(path, options),
            _ when Hdf5Superblock.IsHdf5(path) => Hdf5Scan.Open(path, options),
            _ when TiffFile.IsTiff(path) => ImageScan.OpenTiff(path, options),
            _ when NpyHeader.IsNpy(path) => ImageScan.OpenNpy(path, options),
            _ when MatFile.IsMat(path) => MatScan.Open(path, options),
            _ when MrcHeader.IsMrc(path) => MrcScan.Open(path, options),
            _ when XrmScan.IsXrm(path) => XrmScan.Open(path, options),
            _ => throw new DataFormatException(
                path,
                "this is no kind of scan that Beamline knows: HDF5 (.h5 .hdf5 .hdf .nxs), TIFF (.tif .tiff, a folder or a pattern), " +
                "npy (.npy), MATLAB (.mat), MRC (.mrc .st .ali .rec), Zeiss (.xrm .txrm), Zarr (a folder). For bare numbers set ScanOptions.Raw to their shape and type."),
        };
    }

    /// <summary>The angles that the options give, or null.</summary>
    internal static double[]? AnglesFromOptions(ScanOptions options, int frameCount) =>
        options.AnglesDegrees is { } list ? [.. list.Select(a => options.AngleUnit == AngleUnit.Radians ? a * (180 / Math.PI) : a)]
        : options.AngleRange?.ToDegrees(frameCount);

    internal static DataFormatException NoAngles(string path, string where, int frameCount) => new(
        path,
        $"{where}, so the angles of the {frameCount} projections are not known. Give them: new ScanOptions {{ AnglesDegrees = ... }}, " +
        $"or new ScanOptions {{ AngleRange = new(0, {180.0 / frameCount:0.######}) }} for half a turn in equal steps.");
}
