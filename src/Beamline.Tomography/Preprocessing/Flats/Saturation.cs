using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Says when a camera was at its ceiling: such pixels normalize to values that look fine and are wrong.</summary>
internal static class Saturation
{
    /// <summary>Part of a frame that may be at the ceiling: hot pixels and zingers always are.</summary>
    private const double MostSaturated = 0.001;

    /// <summary>Looks at the averaged flat, and reads the first, middle and last projection: the scan itself says when one of them is saturated.</summary>
    internal static void Warn(TomographyScan scan, float[] flat)
    {
        if (Ceiling(scan.StoredType) is not { } ceiling)
        {
            return;
        }

        if (flat.Count(v => v >= ceiling) / (double)flat.Length is > MostSaturated and var part)
        {
            RunContext.Current.Warning?.Invoke(
                $"{scan.Source}: {part:0.##%} of the pixels of flats are at {ceiling:0}, the ceiling of {scan.StoredType}: the camera was saturated, and " +
                "transmissions there are wrong. Shorten the exposure.");
        }

        var frame = new float[flat.Length];
        foreach (var angle in new[] { 0, scan.Frames.AngleCount / 2, scan.Frames.AngleCount - 1 }.Distinct())
        {
            scan.Frames.Read(new StackRegion(angle, 1, 0, scan.Frames.RowCount), frame);
        }
    }

    /// <summary>The largest value of the stored type; null when it says nothing about the camera.</summary>
    internal static float? Ceiling(ElementType type) => type switch
    {
        { Kind: ElementKind.Unsigned, Size: 1 } => byte.MaxValue,
        { Kind: ElementKind.Unsigned, Size: 2 } => ushort.MaxValue,
        _ => null,
    };
}
