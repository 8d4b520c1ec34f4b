using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Says when a camera was at its ceiling: such pixels normalize to values that look fine and are wrong.</summary>
internal static class Saturation
{
    /// <summary>Part of a frame that may be at the ceiling: hot pixels and zingers always are.</summary>
    private const double MostSaturated = 0.001;

    /// <summary>Looks at the averaged flat and at the first, middle and last projection.</summary>
    internal static void Warn(TomographyScan scan, float[] flat)
    {
        if (Ceiling(scan.StoredType) is not { } ceiling)
        {
            return;
        }

        Tell(scan, "flats", Part(flat, ceiling), ceiling);
        var frame = new float[flat.Length];
        foreach (var angle in new[] { 0, scan.Frames.AngleCount / 2, scan.Frames.AngleCount - 1 }.Distinct())
        {
            scan.Frames.Read(new StackRegion(angle, 1, 0, scan.Frames.RowCount), frame);
            if (Tell(scan, $"projection {angle}", Part(frame, ceiling), ceiling))
            {
                return;
            }
        }
    }

    /// <summary>The largest value of the stored type; null when it says nothing about the camera.</summary>
    internal static float? Ceiling(ElementType type) => type switch
    {
        { Kind: ElementKind.Unsigned, Size: 1 } => byte.MaxValue,
        { Kind: ElementKind.Unsigned, Size: 2 } => ushort.MaxValue,
        _ => null,
    };

    private static double Part(float[] values, float ceiling) => values.Count(v => v >= ceiling) / (double)values.Length;

    private static bool Tell(TomographyScan scan, string what, double part, float ceiling)
    {
        if (part <= MostSaturated)
        {
            return false;
        }

        RunContext.Current.Warning?.Invoke(
            $"{scan.Source}: {part:0.##%} of the pixels of {what} are at {ceiling:0}, the ceiling of {scan.StoredType}: the camera was saturated, and " +
            "transmissions there are wrong. Shorten the exposure; single saturated projections can be repaired with RepairOptions { SaturationLevel = ... }.");
        return true;
    }
}
