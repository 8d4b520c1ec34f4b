using Beamline.Compute;

namespace Beamline.Tomography;

/// <summary>What lies beside the detector when a sinogram row is filtered.</summary>
public enum SinogramPadding
{
    /// <summary>Zeros: right when the whole sample is in the field of view.</summary>
    Zero,

    /// <summary>The value of the edge, repeated: better when the sample is wider than the field of view.</summary>
    Edge,

    /// <summary>Nothing: the row wraps around. Quick and wrong near the edges; for comparisons only.</summary>
    None,
}

/// <summary>Options of filtered backprojection. Immutable and checked when made.</summary>
public sealed record FbpOptions
{
    /// <summary>The window on the ramp.</summary>
    public FbpFilter Filter { get; init; } = FbpFilter.SheppLogan;

    /// <summary>Frequency at which the window ends, as a part of the Nyquist frequency: above 0, at most 1.</summary>
    /// <remarks>For <see cref="FbpFilter.Butterworth"/> the frequency at which the window is 1/2.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double Cutoff
    {
        get;
        init => field = value is > 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The cutoff is a part of the Nyquist frequency: above 0, at most 1.");
    } = 1;

    /// <summary>Steepness of <see cref="FbpFilter.Butterworth"/>: 1 or more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int ButterworthOrder
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2;

    /// <summary>What lies beside the detector.</summary>
    public SinogramPadding Padding { get; init; } = SinogramPadding.Zero;

    /// <summary>Edge of the square slices in pixels; null means as wide as the detector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? ImageSize
    {
        get;
        init
        {
            if (value is { } size)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Sets everything outside the circle that all projections see to zero.</summary>
    public bool MaskOutsideCircle { get; init; }

    /// <summary>What to compute on; null takes the device of the run context.</summary>
    public Device? Device { get; init; }

    /// <summary>Which implementation runs.</summary>
    public ProjectorBackend Backend { get; init; } = ProjectorBackend.Auto;
}
