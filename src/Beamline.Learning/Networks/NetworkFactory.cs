using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>Builds networks from their description.</summary>
internal static class NetworkFactory
{
    // torch has one generator for all threads of the process.
    private static readonly Lock Gate = new();

    /// <summary>A network with random weights that depend on the seed and nothing else.</summary>
    public static Module<Tensor, Tensor> Create(DenoiserNetwork network, long seed)
    {
        network.Validate();
        lock (Gate)
        {
            random.manual_seed(seed);
            return network.Kind switch
            {
                NetworkKind.UNet => new UNetModule(network),
                NetworkKind.ResidualUNet => new ResidualUNetModule(network),
                NetworkKind.TomoGan => new TomoGanModule(network),
                NetworkKind.DnCnn => new DnCnnModule(network),
                NetworkKind.MixedScaleDense => new MixedScaleDenseModule(network),
                _ => throw new ArgumentException($"There is no network of kind {network.Kind}."),
            };
        }
    }

    /// <summary>The second network of an adversarial training, with random weights that depend on the seed and nothing else.</summary>
    public static DiscriminatorModule CreateDiscriminator(int maps, int edge, long seed)
    {
        lock (Gate)
        {
            random.manual_seed(seed);
            return new DiscriminatorModule(maps, edge);
        }
    }
}
