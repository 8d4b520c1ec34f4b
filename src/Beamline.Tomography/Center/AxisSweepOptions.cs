namespace Beamline.Tomography;

/// <summary>Which candidate axes a sweep shows. Immutable and checked when made.</summary>
public sealed record AxisSweepOptions
{
    /// <summary>The first candidate, in pixels; null starts 4 pixels left of what Vo's method finds.</summary>
    public double? FromColumn { get; init; }

    /// <summary>The last candidate, in pixels; null ends 4 pixels right of what Vo's method finds.</summary>
    public double? ToColumn { get; init; }

    /// <summary>Number of candidates, 2 to 64, evenly spaced with both ends.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public int Count
    {
        get;
        init => field = value is >= 2 and <= 64
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A sweep shows 2 to 64 candidates.");
    } = 9;

    /// <summary>The detector row; null takes the one with most contrast of five spread over the detector.</summary>
    public int? Row { get; init; }

    /// <summary>What the candidates are scored by.</summary>
    public AxisScore Score { get; init; }

    /// <summary>Edge of the slices in pixels, 16 to 2048, cut about the axis; no wider than the detector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public int ImageSize
    {
        get;
        init => field = value is >= 16 and <= 2048
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Slices are 16 to 2048 pixels wide.");
    } = 512;
}
