using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>How the step length goes down.</summary>
public enum LearningRateSchedule
{
    /// <summary>Half a cosine, from the full rate to zero.</summary>
    Cosine,

    /// <summary>Always the full rate.</summary>
    Constant,
}

/// <summary>How a denoiser is trained. The defaults are for a small scan on two cores: less than a minute.</summary>
public sealed record TrainingOptions
{
    /// <summary>Batches up to this take longer in sum of both threads, and under load by far longer, than on one.</summary>
    private const int SmallBatchPixels = 65_536;
    private const int StepPixels = 4 * 96 * 96;

    /// <summary>The network.</summary>
    public DenoiserNetwork Network { get; init; } = DenoiserNetwork.UNetMedium;

    /// <summary>What is made small.</summary>
    public TrainingLoss Loss { get; init; } = TrainingLoss.MeanSquare;

    /// <summary>Training against a second network as well (TomoGAN); null for without.</summary>
    public AdversarialTraining? Adversarial { get; init; }

    /// <summary>Number of steps, 1 or more.</summary>
    public int Steps { get; init => field = AtLeast(value, 1, nameof(Steps)); } = 560;

    /// <summary>Patches in a step; 0 takes so many that a step sees 36,864 pixels (four patches of 96 x 96), 64 patches at most.</summary>
    public int BatchSize { get; init => field = AtLeast(value, 0, nameof(BatchSize)); }

    /// <summary>Edge of a patch in pixels, 16 or more; made a multiple of what the network needs, and smaller where the images are.</summary>
    public int PatchSize { get; init => field = AtLeast(value, 16, nameof(PatchSize)); } = 96;

    /// <summary>Largest step length of Adam.</summary>
    public double LearningRate
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A learning rate lies between 0 and 1; 0.002 is usual here.");
    } = 2e-3;

    /// <summary>How it goes down.</summary>
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>Largest length of the gradient; longer ones are shortened. Zero does not.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Everything random follows from it: same seed, same machine, same number of threads, same weights.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Part of every image that is held out and never trained on, for the score: a band of rows, 0.05 to 0.5.</summary>
    public double HeldOutFraction
    {
        get;
        init => field = value is >= 0.05 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Between 0.05 and 0.5 of the rows are held out.");
    } = 0.125;

    /// <summary>Steps between two scores (and checkpoints), 1 or more.</summary>
    public int ScoreEvery { get; init => field = AtLeast(value, 1, nameof(ScoreEvery)); } = 50;

    /// <summary>Training ends after this many scores without a better one; 0 for never.</summary>
    public int Patience { get; init => field = AtLeast(value, 0, nameof(Patience)); }

    /// <summary>
    /// Threads; 0 takes one for small batches (up to 65,536 pixels, as the default has), where a second one mostly waits for the first, and those of the
    /// run context for larger ones. With one thread the weights do not depend on how many cores a machine has.
    /// </summary>
    public int Threads { get; init => field = AtLeast(value, 0, nameof(Threads)); }

    /// <summary>What to train on; null takes the device of the run context (<c>--device</c>). On a GPU the same seed gives nearly the same weights, not the same bits.</summary>
    public Device? Device { get; init; }

    /// <summary>Folder that keeps the checkpoint, so that a stopped training can go on; null for one that is deleted in the end.</summary>
    public string? Folder { get; init; }

    /// <summary>True to go on from the checkpoint in <see cref="Folder"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>
    /// True to train in this process. An error inside libtorch's gradients can end the process; by default a child of its own trains, and only the training is lost.
    /// </summary>
    public bool InThisProcess { get; init; }

    /// <summary>The options with nothing left to choose.</summary>
    /// <param name="patchEdge">Edge of a patch in images of this training.</param>
    /// <param name="available">Threads of the run context.</param>
    internal TrainingOptions Chosen(int patchEdge, int available)
    {
        var area = patchEdge * patchEdge;
        var batch = BatchSize > 0 ? BatchSize : Math.Clamp((StepPixels + (area / 2)) / area, 1, 64);
        return this with { BatchSize = batch, Threads = Threads > 0 ? Threads : (long)batch * area <= SmallBatchPixels ? 1 : available };
    }

    private static int AtLeast(int value, int least, string name) =>
        value >= least ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is {least} or more.");
}
