using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>What is scored.</summary>
public enum ComparisonDomain
{
    /// <summary>Projections as denoised.</summary>
    Projections,

    /// <summary>Slices, after the reconstruction.</summary>
    Slices,
}

/// <summary>How one method did.</summary>
public sealed record ComparisonRow
{
    /// <summary>Name of the method, for instance "total variation".</summary>
    public required string Method { get; init; }

    /// <summary>Its parameter with value and unit; may be empty.</summary>
    public string Parameter { get; init; } = "";

    /// <summary>Where the parameter comes from: "trained", "given", "tuned on the reference", "from the noise"; empty when there is none.</summary>
    public string Choice { get; init; } = "";

    /// <summary>What was scored.</summary>
    public ComparisonDomain Domain { get; init; }

    /// <summary>Peak signal-to-noise ratio in decibels over all scored pictures; null without a reference.</summary>
    public double? PsnrDecibels { get; init; }

    /// <summary>Mean structural similarity (7 x 7); null without a reference, and for pictures smaller than that.</summary>
    public double? Ssim { get; init; }

    /// <summary>Root mean square difference to the reference, in units of the data; null without one.</summary>
    public double? Rmse { get; init; }

    /// <summary>
    /// Period in pixels at which the correlation first falls below half a bit: with the reference, or of even and odd views without one. Null when
    /// the pictures are smaller than 8 x 8.
    /// </summary>
    public double? ResolutionPixels { get; init; }

    /// <summary>The same as a length; null when the pixel size is not known.</summary>
    public Length? Resolution { get; init; }

    /// <summary>Standard deviation in the flat region, in units of the data; of the difference to the reference when that is exact.</summary>
    public double? NoiseSigma { get; init; }

    /// <summary>Seconds that the method took for one projection (for one slice, when volumes are compared); 0 when it does nothing.</summary>
    public double SecondsPerPicture { get; init; }

    /// <summary>Photons for each pixel of each view that it cost, with those of normal-dose views; null when not known.</summary>
    public double? PhotonsPerPixel { get; init; }

    /// <summary>The whole curve behind <see cref="ResolutionPixels"/>, of the middle one of the scored pictures.</summary>
    public FourierCorrelation? Correlation { get; init; }

    /// <summary>How the error (without a reference: half the difference of even and odd views) spreads over frequency, in the middle picture.</summary>
    public NoisePowerSpectrum? NoisePower { get; init; }

    /// <summary>The middle one of the scored pictures.</summary>
    public required Image Picture { get; init; }
}
