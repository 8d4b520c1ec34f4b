using Beamline.Data.Mrc;
using Beamline.Data.Npy;
using Beamline.Data.Tiff;
using Beamline.Data.Xradia;

namespace Beamline.Data.Scans;

/// <summary>Scans whose frames are image files, npy arrays or bare numbers: angles and references come from the options.</summary>
internal static class ImageScan
{
    internal static ScanParts OpenTiff(string path, ScanOptions options) =>
        Assemble(path, TiffFrameSource.Open(FileList.Expand(path)), options);

    internal static ScanParts OpenNpy(string path, ScanOptions options) => Assemble(path, Npy(path), options);

    internal static ScanParts OpenRaw(string path, RawLayout raw, ScanOptions options) => Assemble(
        path,
        new RawFrameSource(path, raw.AngleCount, raw.RowCount, raw.ColumnCount, raw.Type, raw.OffsetBytes),
        options);

    /// <summary>Puts frames together with what the file and the options say about them.</summary>
    internal static ScanParts Assemble(string path, FrameSource frames, ScanOptions options, FileFacts? said = null)
    {
        said ??= FileFacts.None;
        FrameSource? flats = null;
        FrameSource? darks = null;
        try
        {
            flats = References(options.FlatFiles, frames, options) ?? said.Flats;
            darks = References(options.DarkFiles, frames, options) ?? said.Darks;
            var angles = ScanOpener.AnglesFromOptions(options, frames.FrameCount) ?? said.AnglesDegrees ??
                throw ScanOpener.NoAngles(path, said.NoAngles, frames.FrameCount);
            return new ScanParts(Path.GetFullPath(path), frames, flats, darks, angles)
            {
                PixelSize = options.PixelSize ?? said.PixelSize,
                ReadMetadata = () => said.Metadata,
                Provenance = ScanParts.Opened(path, frames.Description),
            }.Verified(options);
        }
        catch
        {
            frames.Dispose();
            flats?.Dispose();
            darks?.Dispose();
            throw;
        }
    }

    private static FrameSource? References(string? path, FrameSource frames, ScanOptions options)
    {
        if (path is null)
        {
            return null;
        }

        if (Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase))
        {
            return Npy(path);
        }

        if (File.Exists(path) && XrmScan.IsXrm(path))
        {
            return XrmScan.Frames(path);
        }

        if (File.Exists(path) && MrcHeader.IsMrc(path))
        {
            return MrcScan.Frames(path);
        }

        if (options.Raw is not { } raw || TiffFile.HasTiffName(path) || FileList.IsPattern(path) || Directory.Exists(path))
        {
            return TiffFrameSource.Open(FileList.Expand(path));
        }

        // Raw references have the layout of the raw frames, as many of them as the file holds.
        if (!File.Exists(path))
        {
            throw MissingFile.Error(path);
        }

        var frameBytes = (long)frames.RowCount * frames.ColumnCount * raw.Type.Size;
        var count = (new FileInfo(path).Length - raw.OffsetBytes) / frameBytes;
        return new RawFrameSource(path, Math.Max(1, count), frames.RowCount, frames.ColumnCount, raw.Type, raw.OffsetBytes);
    }

    private static RawFrameSource Npy(string path)
    {
        var header = NpyHeader.Read(path);
        var shape = header.Shape;
        if (shape.Length is not (2 or 3) || shape.Contains(0))
        {
            throw new DataFormatException(
                path,
                $"the array has the shape ({string.Join(", ", shape)}), but a stack of images needs (angle, row, column) and at least one value.");
        }

        return shape.Length == 2
            ? new RawFrameSource(path, 1, shape[0], shape[1], header.Type, header.DataOffset)
            : new RawFrameSource(path, shape[0], shape[1], shape[2], header.Type, header.DataOffset);
    }
}
