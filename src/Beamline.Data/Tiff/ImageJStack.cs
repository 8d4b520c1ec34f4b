using System.Globalization;

namespace Beamline.Data.Tiff;

/// <summary>What ImageJ writes into the description of a stack: above 4 GB a file has one page only, and "images=" says how many frames follow each other.</summary>
internal static class ImageJStack
{
    /// <summary>The number of frames; null when the file is not a stack of ImageJ.</summary>
    internal static int? FrameCount(TiffFile file)
    {
        const string Key = "images=";
        var lines = (file.Description() ?? "").Split('\n');
        return lines[0].StartsWith("ImageJ=", StringComparison.Ordinal) &&
            Array.Find(lines, l => l.StartsWith(Key, StringComparison.Ordinal)) is { } line &&
            int.TryParse(line.AsSpan(Key.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 1
            ? count
            : null;
    }
}
