namespace Beamline.Tomography;

/// <summary>Options of <see cref="Reconstruction.LogPolar"/>. Immutable and checked when made.</summary>
/// <remarks>Runs on the CPU. Everything outside the circle that fits in the slice is 0.</remarks>
public sealed record LogPolarOptions : AnalyticOptions
{
    /// <summary>
    /// How many wedges half a turn is divided into: 3 to 24. Each wedge is a convolution of its own; more wedges make the
    /// convolutions smaller and the interpolation at the end larger.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public int Wedges
    {
        get;
        init => field = value is >= 3 and <= 24
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Half a turn is divided into 3 to 24 wedges.");
    } = 6;

    /// <summary>Points of the log-polar grid for each point that the highest frequency needs at least: 1 to 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double Oversampling
    {
        get;
        init => field = value is >= 1 and <= 3
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The oversampling goes from 1 to 3.");
    } = 1.25;
}
