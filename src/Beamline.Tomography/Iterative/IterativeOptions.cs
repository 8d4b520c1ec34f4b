using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography;

/// <summary>Options of <see cref="IterativeReconstruction"/>. Immutable and checked when made.</summary>
public sealed record IterativeOptions
{
    /// <summary>The method.</summary>
    public IterativeMethod Method { get; init; } = IterativeMethod.Sirt;

    /// <summary>Most iterations, 1 or more; null takes the method's usual number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? Iterations { get; init => field = AtLeastOne(value, "iterations"); }

    /// <summary>Number of subsets of the angles for <see cref="IterativeMethod.OsSart"/>, <see cref="IterativeMethod.Osem"/> and
    /// <see cref="IterativeMethod.AsdPocs"/>; null means 10, or as many as there are angles.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? Subsets { get; init => field = AtLeastOne(value, "subsets"); }

    /// <summary>Factor on the corrections of SIRT, SART, OS-SART and ASD-POCS.</summary>
    public RelaxationSchedule Relaxation { get; init; } = RelaxationSchedule.Constant(1);

    /// <summary>
    /// Strength of the penalty, without unit; null takes the method's usual one. For total variation and for a regularizer of your own the
    /// weight is this times the largest |A' b| of the slice; for Tikhonov and PWLS this times the square of A's norm. So the same number
    /// means the same for other units, sizes and strengths of absorption.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double? Regularization { get; init => field = NotNegative(value, "regularization"); }

    /// <summary>
    /// Whether total variation counts differences between slices as well as within them. Null: yes where rays cross slices (cone beam,
    /// laminography), no elsewhere. True for parallel and fan beam makes one problem of the whole volume, which must then fit in memory
    /// with its work arrays. For <see cref="IterativeMethod.TvFista"/>, <see cref="IterativeMethod.TvPdhg"/> and <see cref="IterativeMethod.AsdPocs"/>.
    /// </summary>
    public bool? TvAcrossSlices { get; init; }

    /// <summary>A penalty of your own instead of that of <see cref="IterativeMethod.TvFista"/> or <see cref="IterativeMethod.Pwls"/>.</summary>
    public IRegularizer? Regularizer { get; init; }

    /// <summary>Keeps values at 0 or above.</summary>
    public bool NonNegative { get; init; }

    /// <summary>Least value, in the unit of the result; null for none.</summary>
    public double? Minimum { get; init; }

    /// <summary>Largest value, in the unit of the result; null for none.</summary>
    public double? Maximum { get; init; }

    /// <summary>Pixels to reconstruct: where this picture [y, x], as large as a slice, is not 0. The others stay 0 and explain nothing.</summary>
    public Image? Mask { get; init; }

    /// <summary>Reconstructs only the circle that all projections see.</summary>
    public bool MaskOutsideCircle { get; init; }

    /// <summary>What to start from, in the unit of the result, for instance of <see cref="Reconstruction.Fbp(ProjectionStack, RotationAxis?, FbpOptions?)"/>; null starts from nothing.</summary>
    public Volume? Start { get; init; }

    /// <summary>Statistical weights of the rays for <see cref="IterativeMethod.Pwls"/>, 0 or more, proportional to counts; null takes exp(-b).</summary>
    public ProjectionStack? Weights { get; init; }

    /// <summary>Stops a slice when |x - x before| / |x| falls below this; null never does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double? StopAtRelativeChange { get; init => field = NotNegative(value, "relative change"); }

    /// <summary>
    /// Standard deviation of the noise of one line integral. A slice stops when its root mean square residual falls to this
    /// (Morozov's discrepancy principle); ASD-POCS takes it as the misfit to keep. Null never stops.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double? NoiseLevel { get; init => field = NotNegative(value, "noise level"); }

    /// <summary>Hears of a slice as it forms; null when nobody listens.</summary>
    public IProgress<IterationPreview>? Preview { get; init; }

    /// <summary>Iterations from one preview to the next.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int PreviewEvery { get; init => field = AtLeastOne(value, "iterations between previews")!.Value; } = 5;

    /// <summary>The slice to preview; null means the middle one. While its slab waits, the nearest slice of the running slab is shown.</summary>
    public int? PreviewSlice { get; init; }

    /// <summary>
    /// Folder for checkpoints; null writes none. A run that finds its own checkpoints there goes on from them, and ends with the same bits
    /// as one that was never interrupted. The files stay when the run ends: delete the folder when the volume is saved.
    /// </summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>
    /// For a folder that the run context gave: checkpoints that were written later are of this process, and are not gone on from. Null for a folder of
    /// the user's choice.
    /// </summary>
    internal DateTime? CheckpointsBefore { get; init; }

    /// <summary>Iterations from one checkpoint to the next.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int CheckpointEvery { get; init => field = AtLeastOne(value, "iterations between checkpoints")!.Value; } = 10;

    /// <summary>Edge of the square slices in pixels; null means as wide as the detector.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int? ImageSize { get; init => field = AtLeastOne(value, "pixels"); }

    /// <summary>What to compute on; null takes the device of the run context.</summary>
    public Device? Device { get; init; }

    /// <summary>Which implementation of the projector runs.</summary>
    public ProjectorBackend Backend { get; init; } = ProjectorBackend.Auto;

    /// <summary>Makes an operator of your own for a geometry; null takes <see cref="ParallelProjector"/>. The run disposes it.</summary>
    public Func<ParallelGeometry, ILinearOperator>? Operator { get; init; }

    /// <summary>The iterations that a run will do at most.</summary>
    public int IterationLimit => Iterations ?? Method switch
    {
        IterativeMethod.Sirt or IterativeMethod.Mlem => 100,
        IterativeMethod.Cgls or IterativeMethod.Lsqr or IterativeMethod.Tikhonov => 20,
        IterativeMethod.Sart => 5,
        IterativeMethod.OsSart or IterativeMethod.Osem => 10,
        IterativeMethod.AsdPocs => 50,
        IterativeMethod.Pwls => 60,
        _ => 200,
    };

    private static int? AtLeastOne(int? value, string what) => value is null or >= 1
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"The number of {what} is 1 or more.");

    private static double? NotNegative(double? value, string what) => value is null || (value >= 0 && double.IsFinite(value.Value))
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"The {what} is 0 or more.");
}
