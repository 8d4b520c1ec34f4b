namespace Beamline.Learning;

/// <content>What is known about it, to read.</content>
public sealed partial class Denoiser
{
    /// <summary>Its card: network, cost, what it may be applied to, recipe, data, scores. A notebook shows it for the denoiser itself.</summary>
    public ModelCard Card => ModelCard.Of(this);
}
