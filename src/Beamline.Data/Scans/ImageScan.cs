using Beamline.Arrays;
using Beamline.Data.Npy;
using Beamline.Data.Tiff;

namespace Beamline.Data.Scans;

/// <summary>Scans whose frames are image files, npy arrays or bare numbers: angles and references come from the options.</summary>
internal static class ImageScan
{
    internal static ScanParts OpenTiff(string path, ScanOptions options) =>
        Assemble(path, new TiffFrameSource(FileList.Expand(path)), options);

    internal static ScanParts OpenNpy(string path, ScanOptions options) => Assemble(path, Npy(path), options);

    internal static ScanParts OpenRaw(string path, RawLayout raw, ScanOptions options) => Assemble(
        path,
        new RawFrameSource(path, raw.AngleCount, raw.RowCount, raw.ColumnCount, raw.Type, raw.OffsetBytes),
        options);

    private static ScanParts Assemble(string path, FrameSource frames, ScanOptions options)
    {
        FrameSource? flats = null;
        FrameSource? darks = null;
        try
        {
            flats = References(options.FlatFiles, frames, options);
            darks = References(options.DarkFiles, frames, options);
            var angles = ScanOpener.AnglesFromOptions(options, frames.FrameCount) ??
                throw ScanOpener.NoAngles(path, "image files do not hold angles", frames.FrameCount);
            return new ScanParts(Path.GetFullPath(path), frames, flats, darks, angles)
            {
                PixelSize = options.PixelSize,
                Provenance = ScanParts.Opened(path, frames.Description),
            }.Verified();
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

        if (options.Raw is not { } raw || TiffFile.HasTiffName(path) || FileList.IsPattern(path) || Directory.Exists(path))
        {
            return new TiffFrameSource(FileList.Expand(path));
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
