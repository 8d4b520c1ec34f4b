namespace Beamline.Kernel;

/// <summary>Reads units out of names: <c>LengthMillimeters</c> is "Length (mm)".</summary>
internal static class ColumnNames
{
    // Longer endings first: Milliseconds ends with Seconds, too.
    private static readonly (string Ending, string Unit)[] Units = [.. new (string, string)[]
    {
        ("Nanometers", "nm"), ("Micrometers", "µm"), ("Millimeters", "mm"), ("Centimeters", "cm"), ("Meters", "m"),
        ("Degrees", "°"), ("Radians", "rad"), ("Nanoseconds", "ns"), ("Microseconds", "µs"), ("Milliseconds", "ms"), ("Seconds", "s"), ("Minutes", "min"), ("Hours", "h"),
        ("Kilobytes", "kB"), ("Megabytes", "MB"), ("Gigabytes", "GB"), ("Bytes", "B"), ("Pixels", "px"), ("Percent", "%"),
        ("KiloElectronVolts", "keV"), ("ElectronVolts", "eV"), ("Kev", "keV"), ("Hertz", "Hz"), ("Kelvin", "K"), ("PerCentimeter", "1/cm"), ("PerMeter", "1/m"),
        ("Volts", "V"), ("Amperes", "A"), ("Milliamperes", "mA"), ("Gray", "Gy"),
    }.OrderByDescending(unit => unit.Item1.Length)];

    /// <summary>The name with its unit in parentheses, or as it is.</summary>
    public static string WithUnit(string name)
    {
        foreach (var (ending, unit) in Units)
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.Ordinal) && char.IsLower(name[^(ending.Length + 1)]))
            {
                return $"{name[..^ending.Length]} ({unit})";
            }
        }

        return name;
    }
}
