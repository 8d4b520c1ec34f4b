using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>The unit that an axis is written in.</summary>
/// <param name="Symbol">For instance µm.</param>
/// <param name="Meters">One of it in meters.</param>
internal readonly record struct LengthUnit(string Symbol, double Meters)
{
    private static readonly LengthUnit Nanometer = new("nm", 1e-9);
    private static readonly LengthUnit Micrometer = new("µm", 1e-6);
    private static readonly LengthUnit Millimeter = new("mm", 1e-3);

    /// <summary>The unit for an axis that is so long: µm from 1 µm up to 5 mm, where the numbers stay below 5000.</summary>
    public static LengthUnit ForExtent(Length extent) => extent.Meters switch
    {
        < 1e-6 => Nanometer,
        < 5e-3 => Micrometer,
        _ => Millimeter,
    };

    /// <summary>A round length as text, 50 µm or 0.5 nm.</summary>
    public static string Write(double meters)
    {
        var unit = meters < 0.999e-6 ? Nanometer : meters < 0.999e-3 ? Micrometer : Millimeter;
        return $"{(meters / unit.Meters).ToString("0.####")} {unit.Symbol}";
    }
}
