using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>U-Net of any depth: see <see cref="NetworkKind.UNet"/>.</summary>
internal sealed class UNetModule : Module<Tensor, Tensor>
{
    private readonly DoubleConvolution[] _down;
    private readonly DoubleConvolution[] _up;
    private readonly Conv2d _last;

    public UNetModule(DenoiserNetwork net)
        : base(nameof(UNetModule))
    {
        var w = net.Widths;
        _down = [.. w.Select((width, i) => new DoubleConvolution(i == 0 ? net.InputChannels : w[i - 1], width))];
        _up = [.. Enumerable.Range(0, w.Count - 1).Select(i => new DoubleConvolution(w[i] + w[i + 1], w[i]))];
        _last = Conv2d(w[0], 1, 1);
        for (var i = 0; i < _down.Length; i++)
        {
            register_module($"down{i}", _down[i]);
        }

        for (var i = 0; i < _up.Length; i++)
        {
            register_module($"up{i}", _up[i]);
        }

        register_module("last", _last);
        Blocks.Weaken(_last);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var kept = new Tensor[_up.Length];
        var x = Blocks.Enter(input, _last);
        for (var i = 0; i < _down.Length; i++)
        {
            if (i == 0)
            {
                x = _down[i].call(x);
            }
            else
            {
                using var small = functional.max_pool2d(x, 2);
                x = _down[i].call(small);
            }

            if (i < kept.Length)
            {
                kept[i] = x;
            }
        }

        for (var i = _up.Length - 1; i >= 0; i--)
        {
            using var both = Blocks.Join(kept[i], x);
            x = _up[i].call(both);
        }

        return (_last.call(x) + Blocks.Middle(input)).MoveToOuterDisposeScope();
    }
}
