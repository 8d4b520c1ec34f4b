using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>Every map feeds all later ones: see <see cref="NetworkKind.MixedScaleDense"/>.</summary>
internal sealed class MixedScaleDenseModule : Module<Tensor, Tensor>
{
    private const int LargestDilation = 10;
    private readonly Conv2d[] _layers;
    private readonly Conv2d _last;

    public MixedScaleDenseModule(DenoiserNetwork net)
        : base(nameof(MixedScaleDenseModule))
    {
        var (maps, channels) = (net.Widths[0], net.InputChannels);
        _layers = [.. Enumerable.Range(0, net.Depth).Select(i => Conv2d(channels + (i * maps), maps, 3, padding: Dilation(i), dilation: Dilation(i)))];
        _last = Conv2d(channels + (net.Depth * maps), 1, 1);
        for (var i = 0; i < _layers.Length; i++)
        {
            register_module($"layer{i}", _layers[i]);
        }

        register_module("last", _last);
        Blocks.Weaken(_last);
    }

    /// <summary>Spacing of the taps of a layer: 1 to 10, over and over (Pelt and Sethian).</summary>
    public static int Dilation(int layer) => (layer % LargestDilation) + 1;

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var maps = Blocks.Enter(input, _last);
        foreach (var layer in _layers)
        {
            using var next = Blocks.Rectify(layer.call(maps));
            var all = cat([maps, next], 1);
            if (!ReferenceEquals(maps, input))
            {
                maps.Dispose();
            }

            maps = all;
        }

        return (_last.call(maps) + Blocks.Middle(input)).MoveToOuterDisposeScope();
    }
}
