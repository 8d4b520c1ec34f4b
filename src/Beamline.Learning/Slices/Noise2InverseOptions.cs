using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>What is held against what when a network learns from the parts of one scan.</summary>
public enum SplitStrategy
{
    /// <summary>X:1. The mean of all parts but one goes in, that one is the target: the calmest input, and what the authors' own programs do.</summary>
    ManyToOne,

    /// <summary>1:X. One part goes in, the mean of the others is the target.</summary>
    OneToMany,
}

/// <summary>How a network is trained on a scan alone (Noise2Inverse). Immutable and checked when made.</summary>
public sealed record Noise2InverseOptions
{
    /// <summary>Parts into which the views are dealt, 2 to 16; each must keep 8 views.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public int Splits
    {
        get;
        init => field = value is >= 2 and <= 16 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "Views are dealt into 2 to 16 parts: with one part there would be nothing independent to learn from. 4 is usual.");
    } = 4;

    /// <summary>Which parts go in, and which are the target.</summary>
    public SplitStrategy Strategy { get; init; }

    /// <summary>
    /// Window of the filtered backprojection. One that smooths makes targets much calmer, so that less training teaches more; see <see cref="ThroughWindow"/> for what becomes of the detail. Take
    /// <see cref="FbpFilter.RamLak"/> where noise is low.
    /// </summary>
    public FbpFilter Filter { get; init; } = FbpFilter.Hann;

    /// <summary>Frequency at which the window ends, as a part of the Nyquist frequency: above 0, at most 1. Less than 1 where single voxels are nothing but noise.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in that range.</exception>
    public double Cutoff
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "The cutoff is a part of the Nyquist frequency: above 0, at most 1.");
    } = 1;

    /// <summary>
    /// True to hold what the network makes against the target through the same window: it learns the slice as the bare ramp would give it, sharp, from targets as calm as the window makes them.
    /// </summary>
    public bool ThroughWindow { get; init; } = true;

    /// <summary>What lies beside the detector.</summary>
    public SinogramPadding Padding { get; init; } = SinogramPadding.Zero;

    /// <summary>Sets everything outside the circle that all projections see to zero, in training and in the result.</summary>
    public bool MaskOutsideCircle { get; init; } = true;

    /// <summary>Most slices to train on, 1 or more; they are spread evenly over the detector rows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int Slices
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Training takes at least one slice.");
    } = 64;

    /// <summary>
    /// How to train. Null takes what suits a scan on two cores: a medium U-Net that sees each slice with its two neighbors when there are at least three detector rows.
    /// The loss must be the mean square, whose best answer is the mean over the noise.
    /// </summary>
    public TrainingOptions? Training { get; init; }
}
