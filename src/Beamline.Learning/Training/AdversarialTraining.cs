namespace Beamline.Learning;

/// <summary>
/// Training against a second network that learns to tell denoised patches from targets (TomoGAN, Liu et al., arXiv 1902.07582): sharper texture,
/// at the price of some of it being invented. Of the published loss the perceptual term is left out: it needs the weights of VGG19, and in the
/// authors' code no gradient flows through it.
/// </summary>
/// <remarks>
/// The published weights are 20 for the adversarial term and 0.5 for the mean square of images that span 0 to 255. Here images span about 1 and the
/// other loss has the weight 1, so that the same balance is 20 / (0.5 · 255²). The kept weights are still those with the best held-out RMSE.
/// </remarks>
public sealed record AdversarialTraining
{
    /// <summary>Weight of the adversarial term (cross entropy) beside <see cref="TrainingOptions.Loss"/>, above 0.</summary>
    public double Weight
    {
        get;
        init => field = value is > 0 and <= 1e6 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The weight of the adversarial term is above 0; published is 0.000615.");
    } = 20 / (0.5 * 255 * 255);

    /// <summary>Steps of the second network for each step of the first, 1 to 10.</summary>
    public int DiscriminatorSteps
    {
        get;
        init => field = value is >= 1 and <= 10 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The second network makes 1 to 10 steps for each of the first.");
    } = 2;

    /// <summary>Step length of the second network's Adam.</summary>
    public double DiscriminatorLearningRate
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A learning rate lies between 0 and 1; 0.0001 is published.");
    } = 1e-4;

    /// <summary>Maps of the second network's first layers, 1 to 512; later ones have twice as many.</summary>
    public int DiscriminatorMaps
    {
        get;
        init => field = value is >= 1 and <= 512 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The second network has 1 to 512 maps; 64 is published.");
    } = 64;
}
