using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>How classical filters get their parameters in a comparison.</summary>
public enum FilterTuning
{
    /// <summary>On the reference when there is one, else from the noise.</summary>
    Auto,

    /// <summary>
    /// The parameter that comes nearest to the reference, for projections and for slices each its own: more than anybody has who does not know
    /// the answer, and so the hardest opponent.
    /// </summary>
    Reference,

    /// <summary>The parameter of least risk by the noise of the data alone (Stein, Ann. Stat. 9 (1981) 1135; Ramani et al., IEEE Trans. Image Process. 17 (2008) 1540).</summary>
    Noise,
}

/// <summary>What is compared, and how. Immutable and checked when made.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The rotation axis; null finds it on the reference, or on the noisy scan without one.</summary>
    public RotationAxis? Axis { get; init; }

    /// <summary>How slices are reconstructed, by all methods alike.</summary>
    public FbpOptions Fbp { get; init; } = new() { Filter = FbpFilter.Hann };

    /// <summary>
    /// Whether the reference has no noise (a simulation). Its slices are then reconstructed with the plain ramp, and with a <see cref="Dose"/> the
    /// scan of the same total dose, all views alike, is simulated from it.
    /// </summary>
    public bool ReferenceIsExact { get; init; }

    /// <summary>What the scan cost; null when not known, or when all views are alike.</summary>
    public HybridDose? Dose { get; init; }

    /// <summary>Filters with these very parameters; null: Gaussian, median, total variation and non-local means, each tuned.</summary>
    public IReadOnlyList<NoiseFilter>? Filters { get; init; }

    /// <summary>How the filters are tuned when <see cref="Filters"/> is null.</summary>
    public FilterTuning Tuning { get; init; }

    /// <summary>Other scans of the same sample, or results of other methods, for more rows.</summary>
    public IReadOnlyList<ComparedScan> Others { get; init; } = [];

    /// <summary>Indices of the scored projections; null: spread over those that the network was not trained on, 24 at most.</summary>
    public IReadOnlyList<int>? Views { get; init; }

    /// <summary>Indices of the scored slices (detector rows); null: at 1/4, 1/2 and 3/4.</summary>
    public IReadOnlyList<int>? Slices { get; init; }

    /// <summary>Radius of the disc in which slices are scored, over half their width: above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double DiscFraction
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(DiscFraction), value, "The disc needs a radius above 0.");
    } = 0.95;

    /// <summary>Data range of PSNR and SSIM of projections, above 0; null: from the 0.1 to the 99.9 percentile of the reference, the mean over the scored ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double? ProjectionDataRange { get; init => field = Range(value); }

    /// <summary>Data range of PSNR and SSIM of slices, above 0; null: from the 0.1 to the 99.9 percentile of the reference in the disc, the mean over the scored ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double? SliceDataRange { get; init => field = Range(value); }

    /// <summary>Where the noise of slices is measured; null: the flattest square of material, which the comparison names.</summary>
    public FlatRegion? FlatRegion { get; init; }

    /// <summary>Seed of the simulated scan.</summary>
    public ulong Seed { get; init; } = 101;

    private static double? Range(double? value) => value is null or (> 0 and < double.PositiveInfinity)
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A data range is above 0.");
}
