using System.Globalization;
using Beamline.Data.Scans;

namespace Beamline.Data.Mrc;

/// <summary>Tilt series in MRC files; angles from the options or from a .rawtlt or .tlt file beside it, as IMOD and SerialEM write them.</summary>
internal static class MrcScan
{
    private static readonly string[] AngleExtensions = [".rawtlt", ".tlt"];

    internal static ScanParts Open(string path, ScanOptions options)
    {
        var header = MrcHeader.Read(path);
        return ImageScan.Assemble(path, Frames(path, header), options, new FileFacts
        {
            AnglesDegrees = TiltAngles(path),
            PixelSize = header.PixelSize,
            NoAngles = $"there is no {Path.GetFileNameWithoutExtension(path)}.rawtlt or .tlt beside the MRC file",
        });
    }

    internal static FrameSource Frames(string path) => Frames(path, MrcHeader.Read(path));

    private static RawFrameSource Frames(string path, MrcHeader header) =>
        new(path, header.Sections, header.Rows, header.Columns, header.Type, header.DataOffset);

    private static double[]? TiltAngles(string path)
    {
        var file = AngleExtensions.Select(e => Path.ChangeExtension(path, e)).FirstOrDefault(File.Exists);
        if (file is null)
        {
            return null;
        }

        var words = File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Select((word, i) => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var angle)
            ? angle
            : throw new DataFormatException(file, $"angle {i} is '{word}', which is no number. The file holds one angle in degrees a line."))];
    }
}
