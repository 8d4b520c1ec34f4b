namespace Beamline.Tomography;

/// <summary>Options of ring removal on reconstructed slices.</summary>
public sealed record RingOptions
{
    /// <summary>Rings are thinner than half of this many pixels: the radial median is as long, odd, 3 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Even, or below 3.</exception>
    public int Size
    {
        get;
        init => field = value >= 3 && int.IsOddInteger(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Size), value, "The radial median is odd and at least 3 pixels long.");
    } = 11;

    /// <summary>Arc over which a ring is the same, in degrees, above 0 to 360: short for half rings and partial ones, 360 for full rings only.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double ArcDegrees
    {
        get;
        init => field = value is > 0 and <= 360
            ? value
            : throw new ArgumentOutOfRangeException(nameof(ArcDegrees), value, "An arc goes from above 0 to 360 degrees.");
    } = 60;

    /// <summary>Rings are fainter than this, in the unit of the volume; what is stronger is the sample. Null: all counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double? MostAmplitude
    {
        get;
        init => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(MostAmplitude), value, "The amplitude must be above 0.");
    }
}
