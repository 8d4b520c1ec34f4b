using Beamline.Arrays;

namespace Beamline.Extension;

/// <summary>The unit of an axis of spatial frequencies.</summary>
internal static class FrequencyAxis
{
    /// <summary>What cycles per pixel are multiplied by, and the unit then.</summary>
    public static (double Scale, string Unit) For(Length? pixel) => (Meters(pixel), UnitOf(pixel)) switch
    {
        (null, var unit) => (1, $"1/{unit}"),
        ({ } size, var unit) => (UnitMeters(size) / size, $"1/{unit}"),
    };

    /// <summary>The unit of length that belongs to it.</summary>
    public static string UnitOf(Length? pixel) => Meters(pixel) is not { } size ? "px" : UnitMeters(size) switch
    {
        1e-9 => "nm",
        1e-6 => "µm",
        _ => "mm",
    };

    private static double? Meters(Length? pixel) => pixel is { Meters: > 0 } size && double.IsFinite(size.Meters) ? size.Meters : null;

    private static double UnitMeters(double pixel) => pixel < 0.1e-6 ? 1e-9 : pixel < 100e-6 ? 1e-6 : 1e-3;
}
