using Beamline.Compute;

namespace Beamline.Tomography;

/// <summary>What all analytic reconstructions of parallel-beam data share: filter, padding, size. Immutable and checked when made.</summary>
/// <seealso cref="FbpOptions"/>
/// <seealso cref="FourierOptions"/>
/// <seealso cref="LogPolarOptions"/>
public abstract record AnalyticOptions
{
    private protected AnalyticOptions()
    {
    }

    /// <summary>The window on the ramp.</summary>
    public FbpFilter Filter { get; init; } = FbpFilter.SheppLogan;

    /// <summary>
    /// A window of your own in the place of <see cref="Filter"/>'s: the factor on the ramp at a frequency w, given as a part
    /// of the Nyquist frequency (0 to 1; Nyquist is half a cycle for each pixel). Null takes the window of <see cref="Filter"/>.
    /// </summary>
    /// <remarks>
    /// Values stay quantitative when it is 1 at w = 0. With <see cref="FbpFilter.None"/> there is no ramp, and this is the
    /// whole response; the ramp itself is w / 2 (cycles for each pixel). It is called once for each frequency of the
    /// transform before the work begins, and must be finite. With a <see cref="Cutoff"/> it is called with w / Cutoff and is 0 beyond 1.
    /// </remarks>
    /// <example><code>new FbpOptions { Response = w => Math.Exp(-4 * w * w) }</code></example>
    public Func<double, double>? Response { get; init; }

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

    /// <summary>The filter for a result's provenance.</summary>
    internal string FilterName => Response is null ? Filter.ToString() : Filter == FbpFilter.None ? "own response" : "own window";
}
