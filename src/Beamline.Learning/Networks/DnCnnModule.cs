using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>A chain of convolutions that predicts the noise: see <see cref="NetworkKind.DnCnn"/>.</summary>
internal sealed class DnCnnModule : Module<Tensor, Tensor>
{
    private readonly Conv2d[] _layers;

    public DnCnnModule(DenoiserNetwork net)
        : base(nameof(DnCnnModule))
    {
        var (maps, depth) = (net.Widths[0], net.Depth);
        _layers = [.. Enumerable.Range(0, depth).Select(i => Conv2d(i == 0 ? net.InputChannels : maps, i == depth - 1 ? 1 : maps, 3, padding: 1))];
        for (var i = 0; i < depth; i++)
        {
            register_module($"layer{i}", _layers[i]);
        }

        Blocks.Weaken(_layers[^1]);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = Blocks.Enter(input, _layers[0]);
        for (var i = 0; i < _layers.Length; i++)
        {
            var next = _layers[i].call(x);
            if (i > 0)
            {
                x.Dispose();
            }

            x = i < _layers.Length - 1 ? Blocks.Rectify(next) : next;
        }

        return (x + Blocks.Middle(input)).MoveToOuterDisposeScope();
    }
}
