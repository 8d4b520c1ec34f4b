using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>TomoGAN's generator, from its paper's figure 3: see <see cref="NetworkKind.TomoGan"/>.</summary>
internal sealed class TomoGanModule : Module<Tensor, Tensor>
{
    private readonly Conv2d _enter;
    private readonly DoubleConvolution[] _down;
    private readonly Conv2d _bottom;
    private readonly DoubleConvolution[] _up;
    private readonly Conv2d _narrow;
    private readonly Conv2d _last;

    public TomoGanModule(DenoiserNetwork net)
        : base(nameof(TomoGanModule))
    {
        var w = net.Widths;
        _enter = Conv2d(net.InputChannels, 8, 1);
        _down = [new DoubleConvolution(8, w[0]), new DoubleConvolution(w[0], w[1]), new DoubleConvolution(w[1], w[2])];
        _bottom = Conv2d(w[2], w[2], 3, padding: 1);
        _up = [new DoubleConvolution(2 * w[0], w[0]), new DoubleConvolution(2 * w[1], w[0]), new DoubleConvolution(2 * w[2], w[1])];
        (_narrow, _last) = (Conv2d(w[0], w[0] / 2, 1), Conv2d(w[0] / 2, 1, 1));
        register_module("enter", _enter);
        register_module("bottom", _bottom);
        for (var i = 0; i < 3; i++)
        {
            register_module($"down{i}", _down[i]);
            register_module($"up{i}", _up[i]);
        }

        register_module("narrow", _narrow);
        register_module("last", _last);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var kept = new Tensor[3];
        var x = Blocks.Rectify(_enter.call(Blocks.Enter(input, _enter)));
        for (var i = 0; i < 3; i++)
        {
            kept[i] = _down[i].call(x);
            x.Dispose();
            x = functional.max_pool2d(kept[i], 2);
        }

        var bottom = Blocks.Rectify(_bottom.call(x));
        x.Dispose();
        x = bottom;
        for (var i = 2; i >= 0; i--)
        {
            using var both = Blocks.Join(kept[i], x);
            x = _up[i].call(both);
        }

        using var narrow = Blocks.Rectify(_narrow.call(x));
        return _last.call(narrow).MoveToOuterDisposeScope();
    }
}
