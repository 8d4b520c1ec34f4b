using Beamline.Compute;
using Beamline.Tomography.Denoising;

namespace Beamline.Tomography;

/// <summary>
/// Weighted mean over pixels whose surroundings look alike: the weight of two pixels is exp(-max(d - 2 sigma², 0) / h²), d being the mean
/// squared difference of the square patches around them.
/// </summary>
/// <remarks>
/// Buades, Coll and Morel, CVPR 2005; patch by patch for each shift at once: Darbon et al., ISBI 2008. All pixels of a patch count alike, as in
/// scikit-image's fast mode (whose patches are a pixel narrower than they say: its h of 0.8 is 1 here). Beyond the edge the picture is reflected.
/// </remarks>
public sealed record NonLocalMeansFilter : NoiseFilter
{
    /// <summary>Edge of the patches in pixels: odd, 3 to 21.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public int PatchSize
    {
        get;
        init => field = value is >= 3 and <= 21 && value % 2 == 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(PatchSize), value, "Patches are 3, 5, ... 21 pixels wide.");
    } = 5;

    /// <summary>How far away similar pixels are looked for, in pixels along rows and along columns: 1 to 50. Time grows with its square.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public int SearchRadius
    {
        get;
        init => field = value is >= 1 and <= 50
            ? value
            : throw new ArgumentOutOfRangeException(nameof(SearchRadius), value, "The search goes 1 to 50 pixels far.");
    } = 6;

    /// <summary>The length h over the noise: above 0. Larger averages more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0, or not finite.</exception>
    public double Strength
    {
        get;
        init => field = value is > 0 and < 1e6
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Strength), value, "The strength is a multiple of the noise: above 0.");
    } = 1;

    /// <summary>Standard deviation of the noise in units of the image; null: estimated from each image (<see cref="NoiseEstimate"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0, or not finite.</exception>
    public double? NoiseSigma
    {
        get;
        init => field = value is null or (> 0 and <= float.MaxValue)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(NoiseSigma), value, "The noise is a standard deviation: above 0.");
    }

    /// <inheritdoc/>
    public override string Name => "non-local-means";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters =>
        [("strength", Strength.ToString("g4")), ("noiseSigma", NoiseSigma?.ToString("g4") ?? "estimated"), ("patchSize", $"{PatchSize}"), ("searchRadius", $"{SearchRadius}")];

    internal override void Run(float[] frame, int rows, int columns, RunContext context)
    {
        var sigma = NoiseSigma ?? NoiseEstimate.Sigma(frame, rows, columns, NoiseEstimator.LaplacianMedian);
        if (sigma > 0)
        {
            PatchMeans.Apply(frame, rows, columns, PatchSize / 2, SearchRadius, sigma, Strength * sigma, context);
        }
    }
}
