using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>TomoGAN's discriminator: six convolutions, every second one at half the resolution, and two full layers; one number for each patch.</summary>
internal sealed class DiscriminatorModule : Module<Tensor, Tensor>
{
    private const int Narrow = 4, Hidden = 64;
    private readonly Conv2d[] _layers;
    private readonly Linear _full;
    private readonly Linear _last;

    public DiscriminatorModule(int maps, int edge)
        : base(nameof(DiscriminatorModule))
    {
        int[] widths = [maps, maps, 2 * maps, 2 * maps, 2 * maps, Narrow];
        _layers = [.. widths.Select((width, i) => Conv2d(i == 0 ? 1 : widths[i - 1], width, 3, stride: (i % 2) + 1, padding: 1))];
        for (var i = 0; i < _layers.Length; i++)
        {
            register_module($"layer{i}", _layers[i]);
            edge = i % 2 == 1 ? (edge + 1) / 2 : edge;
        }

        (_full, _last) = (Linear(Narrow * edge * edge, Hidden), Linear(Hidden, 1));
        register_module("full", _full);
        register_module("last", _last);
        Start(this);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var layer in _layers)
        {
            x = layer.call(x).relu_();
        }

        return _last.call(_full.call(x.flatten(1)).relu_()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Starting weights that keep the size of what goes through rectifiers, without offsets (He et al., arXiv 1502.01852). With torch's own the narrow
    /// layer of a discriminator can be closed for all it sees, and then nothing is learned from it.
    /// </summary>
    private static void Start(Module network)
    {
        using var none = no_grad();
        foreach (var layer in network.modules().OfType<Conv2d>())
        {
            var shape = layer.weight.shape;
            layer.weight.normal_(0, Math.Sqrt(2.0 / (shape[1] * shape[2] * shape[3])));
            layer.bias!.zero_();
        }
    }
}
