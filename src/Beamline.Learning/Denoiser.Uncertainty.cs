using Beamline.Arrays;

namespace Beamline.Learning;

/// <content>Where a result is to be trusted.</content>
public sealed partial class Denoiser
{
    /// <summary>
    /// Removes the noise of one image laid down in several ways (mirrored, rows and columns exchanged), and gives mean and standard deviation of
    /// the answers turned back: test-time augmentation. Several trained networks say more: <see cref="DenoiserEnsemble"/>.
    /// </summary>
    /// <param name="image">The image, in the units that the network was trained on.</param>
    /// <param name="orientations">
    /// Answers for each image: 2 or 4 (mirrored as in training), or 8 (rows and columns exchanged as well; for images without a preferred direction).
    /// </param>
    /// <exception cref="ArgumentException">The network wants neighbors of the image, or a value is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of orientations is none of these.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public UncertainImage ApplyWithUncertainty(Image image, int orientations = 8) => Laid(orientations).Apply(image);

    /// <inheritdoc cref="ApplyWithUncertainty(Image, int)"/>
    /// <param name="stack">The projections; read one by one. What does not fit in memory goes to scratch files.</param>
    /// <param name="orientations">Answers for each projection: 2, 4 or 8.</param>
    public UncertainProjections ApplyWithUncertainty(ProjectionStack stack, int orientations = 8) => Laid(orientations).Apply(stack);

    private DenoiserEnsemble Laid(int orientations) => new(
        [this],
        orientations is 2 or 4 or 8 ? orientations : throw new ArgumentOutOfRangeException(nameof(orientations), orientations, "A picture is laid down in 2, 4 or 8 ways."));
}
