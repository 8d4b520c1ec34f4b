using Beamline.Arrays;

namespace Beamline.Data.Scans;

/// <summary>What an image file says beside its frames; the options of the user come before it.</summary>
internal sealed record FileFacts
{
    internal static FileFacts None { get; } = new();

    /// <summary>Angles in degrees; null when the file has none.</summary>
    internal double[]? AnglesDegrees { get; init; }

    internal Length? PixelSize { get; init; }

    internal FrameSource? Flats { get; init; }

    internal FrameSource? Darks { get; init; }

    internal IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Which angles are missing, for the message.</summary>
    internal string NoAngles { get; init; } = "image files do not hold angles";
}
