using System.Globalization;
using System.Runtime.InteropServices;
using Beamline.Arrays;
using Beamline.Data.Scans;

namespace Beamline.Data.Xradia;

/// <summary>Zeiss Xradia microscopes: TXRM (tilt series) and XRM (single images), with angles, pixel size and reference image.</summary>
internal static class XrmScan
{
    internal static bool IsXrm(string path) => CompoundFile.IsCompound(path);

    internal static ScanParts Open(string path, ScanOptions options)
    {
        if (!CompoundFile.IsCompound(path))
        {
            throw new DataFormatException(path, "this is no Zeiss XRM or TXRM file (it does not start as an OLE2 compound document).");
        }

        var file = CompoundFile.Open(path);
        try
        {
            var frames = Frames(file, path);
            var angles = Array.ConvertAll(Floats(file, "ImageInfo/Angles"), a => (double)a);
            var pixel = Floats(file, "ImageInfo/PixelSize") is [> 0 and var um, ..] && float.IsFinite(um) ? Length.FromMicrometers(um) : (Length?)null;
            return ImageScan.Assemble(path, frames, options, new FileFacts
            {
                // The list may be longer than the scan when that was stopped early.
                AnglesDegrees = angles.Length >= frames.FrameCount ? angles[..frames.FrameCount] : null,
                PixelSize = pixel,
                Flats = Reference(file, frames),
                Metadata = Metadata(file),
                NoAngles = $"ImageInfo/Angles holds {angles.Length} angles",
            });
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The images of a file, for flats and darks.</summary>
    internal static FrameSource Frames(string path)
    {
        var file = CompoundFile.Open(path);
        try
        {
            return Frames(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static XrmFrameSource Frames(CompoundFile file, string path)
    {
        var (rows, columns) = (Integer(file, "ImageInfo/ImageHeight"), Integer(file, "ImageInfo/ImageWidth"));
        var type = TypeOf(Integer(file, "ImageInfo/DataType"));
        if (rows is not > 0 || columns is not > 0 || type is null || (long)rows * columns > 1 << 28)
        {
            throw new DataFormatException(
                path,
                $"ImageInfo does not describe images that can be read ({rows} rows x {columns} columns, data type {Integer(file, "ImageInfo/DataType")}; " +
                "5 is uint16 and 10 is float32). Is it an XRM or TXRM file?");
        }

        // Of a scan that was stopped early only the first images are there.
        var streams = Enumerable.Range(1, Math.Max(0, Integer(file, "ImageInfo/NoOfImages") ?? 0))
            .Select(i => $"ImageData{((i - 1) / 100) + 1}/Image{i}")
            .TakeWhile(s => file.SizeOf(s) is not null)
            .ToArray();
        var bytes = (long)rows * columns * type.Value.Size;
        var wrong = Array.Find(streams, s => file.SizeOf(s) != bytes);
        return streams.Length == 0
            ? throw new DataFormatException(path, "the file holds no image (ImageData1/Image1).")
            : wrong is not null
            ? throw new DataFormatException(
                path, $"{wrong} has {file.SizeOf(wrong):N0} bytes, but {rows} x {columns} values of {type} have {bytes:N0}. Is the file damaged?")
            : new XrmFrameSource(file, "ImageData", streams, rows.Value, columns.Value, type.Value, owns: true);
    }

    private static XrmFrameSource? Reference(CompoundFile file, XrmFrameSource frames)
    {
        // A reference that was applied already must not be applied again.
        const string Stream = "ReferenceData/Image";
        var type = TypeOf(Integer(file, "ReferenceData/DataType"));
        return Integer(file, "ImageInfo/OriginalDataRefCorrected") is null or 0 && type is { } known &&
            file.SizeOf(Stream) == (long)frames.RowCount * frames.ColumnCount * known.Size
            ? new XrmFrameSource(file, Stream, [Stream], frames.RowCount, frames.ColumnCount, known, owns: false)
            : null;
    }

    private static ElementType? TypeOf(int? code) => code switch { 5 => ElementType.UInt16, 10 => ElementType.Float32, _ => null };

    private static int? Integer(CompoundFile file, string stream)
    {
        if (file.SizeOf(stream) is null or < 4)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[4];
        file.Read(stream, 0, bytes);
        return BitConverter.ToInt32(bytes);
    }

    private static float[] Floats(CompoundFile file, string stream)
    {
        const long Most = 1 << 24;
        var values = new float[Math.Min(file.SizeOf(stream) ?? 0, Most) / sizeof(float)];
        if (values.Length > 0)
        {
            file.Read(stream, 0, MemoryMarshal.AsBytes(values.AsSpan()));
        }

        return values;
    }

    private static SortedDictionary<string, string> Metadata(CompoundFile file)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in (string[])["ExpTimes", "Energy", "Voltage", "Current", "XrayMagnification", "OpticalMagnification", "StoRADistance", "DtoRADistance"])
        {
            if (Floats(file, "ImageInfo/" + name) is [var first, ..])
            {
                found["ImageInfo/" + name] = first.ToString("R", CultureInfo.InvariantCulture);
            }
        }

        return found;
    }
}
