namespace Beamline.Arrays;

/// <summary>
/// A length in the sample or on the detector, such as a pixel size. It is not a count of elements.
/// Kept in meters; read and made in the unit that the name says.
/// </summary>
/// <param name="Meters">The length in meters.</param>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public readonly record struct Length(double Meters) : IComparable<Length>
{
    /// <summary>The length in millimeters.</summary>
    public double Millimeters => Meters * 1e3;

    /// <summary>The length in micrometers.</summary>
    public double Micrometers => Meters * 1e6;

    /// <summary>The length in nanometers.</summary>
    public double Nanometers => Meters * 1e9;

    /// <summary>The length in centimeters.</summary>
    public double Centimeters => Meters * 1e2;

    /// <summary>Makes a length from millimeters.</summary>
    /// <param name="value">Millimeters.</param>
    public static Length FromMillimeters(double value) => new(value * 1e-3);

    /// <summary>Makes a length from micrometers.</summary>
    /// <param name="value">Micrometers.</param>
    public static Length FromMicrometers(double value) => new(value * 1e-6);

    /// <summary>Makes a length from nanometers.</summary>
    /// <param name="value">Nanometers.</param>
    public static Length FromNanometers(double value) => new(value * 1e-9);

    /// <summary>Reads a length written with a unit that files use: m, cm, mm, um, µm, micron, nm.</summary>
    /// <param name="value">The number.</param>
    /// <param name="unit">The unit's name, any case except m (meter) and mm.</param>
    /// <returns>The length, or null for a unit that is not one of these.</returns>
    public static Length? FromUnit(double value, string unit)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return unit.Trim().ToLowerInvariant() switch
        {
            "m" or "meter" or "metre" or "meters" or "metres" => new Length(value),
            "cm" => new Length(value * 1e-2),
            "mm" or "millimeter" or "millimetre" => FromMillimeters(value),
            "um" or "µm" or "μm" or "micron" or "microns" or "micrometer" or "micrometre" => FromMicrometers(value),
            "nm" or "nanometer" or "nanometre" => FromNanometers(value),
            _ => null,
        };
    }

    /// <summary>A length times a number.</summary>
    public static Length operator *(Length length, double factor) => new(length.Meters * factor);

    /// <summary>A length times a number.</summary>
    /// <param name="length">The length.</param>
    /// <param name="factor">The number.</param>
    public static Length Multiply(Length length, double factor) => length * factor;

    /// <summary>Whether one length is shorter than another.</summary>
    public static bool operator <(Length left, Length right) => left.Meters < right.Meters;

    /// <summary>Whether one length is longer than another.</summary>
    public static bool operator >(Length left, Length right) => left.Meters > right.Meters;

    /// <summary>Whether one length is at most another.</summary>
    public static bool operator <=(Length left, Length right) => left.Meters <= right.Meters;

    /// <summary>Whether one length is at least another.</summary>
    public static bool operator >=(Length left, Length right) => left.Meters >= right.Meters;

    /// <inheritdoc/>
    public int CompareTo(Length other) => Meters.CompareTo(other.Meters);

    /// <summary>The length with the unit that gives a number from 1 to 1000, for instance "0.65 µm" as "650 nm".</summary>
    public override string ToString() => Math.Abs(Meters) switch
    {
        0 => "0 m",
        < 1e-6 => $"{Nanometers:0.####} nm",
        < 1e-3 => $"{Micrometers:0.####} µm",
        < 1 => $"{Millimeters:0.####} mm",
        _ => $"{Meters:0.####} m",
    };
}
