namespace Beamline.Arrays;

/// <summary>What the numbers of an array mean, and their unit.</summary>
/// <param name="Name">The physical quantity, for instance "linear attenuation".</param>
/// <param name="Unit">Its unit, for instance "1/cm"; empty for a pure number.</param>
[TypeFormatterSource("Beamline.Display.OneLineFormatterSource, Beamline.Display", PreferredMimeTypes = ["text/html", "text/plain"])]
public readonly record struct Quantity(string Name, string Unit)
{
    /// <summary>Detector counts, as the camera wrote them.</summary>
    public static Quantity Counts => new("intensity", "counts");

    /// <summary>Intensity behind the sample over intensity without it; 1 is air.</summary>
    public static Quantity Transmission => new("transmission", "");

    /// <summary>Minus the natural logarithm of the transmission: the integral of attenuation along the ray.</summary>
    public static Quantity LineIntegral => new("line integral", "");

    /// <summary>Linear attenuation for each pixel length: what comes out when no pixel size is known.</summary>
    public static Quantity AttenuationPerPixel => new("linear attenuation", "1/pixel");

    /// <summary>Linear attenuation for each centimeter.</summary>
    public static Quantity AttenuationPerCentimeter => new("linear attenuation", "1/cm");

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Unit) ? Name ?? "" : $"{Name} ({Unit})";
}
