using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>HDrec's residual U-Net, rebuilt from the figure of its repository: see <see cref="NetworkKind.ResidualUNet"/>.</summary>
internal sealed class ResidualUNetModule : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>[] _enter;
    private readonly Module<Tensor, Tensor>[] _down;
    private readonly Module<Tensor, Tensor>[] _enlarge;
    private readonly Module<Tensor, Tensor>[] _join;
    private readonly Module<Tensor, Tensor>[] _up;
    private readonly Conv2d _last;

    public ResidualUNetModule(DenoiserNetwork net)
        : base(nameof(ResidualUNetModule))
    {
        var w = net.Widths;
        var steps = Enumerable.Range(0, w.Count - 1).ToArray();
        _enter = Register("enter", [.. w.Select((width, i) => Conv2d(i == 0 ? net.InputChannels : w[i - 1], width, 3, stride: i == 0 ? 1 : 2, padding: 1))]);
        _down = Register("down", [.. w.Select(Units)]);
        _enlarge = Register("enlarge", [.. steps.Select(i => ConvTranspose2d(w[i + 1], w[i], 3, stride: 2, padding: 1, output_padding: 1))]);
        _join = Register("join", [.. steps.Select(i => Conv2d(2 * w[i], w[i], 3, padding: 1))]);
        _up = Register("up", [.. steps.Select(i => Units(w[i]))]);
        _last = Conv2d(w[0], 1, 1);
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
            x = _down[i].call(_enter[i].call(x));
            if (i < kept.Length)
            {
                kept[i] = x;
            }
        }

        for (var i = _up.Length - 1; i >= 0; i--)
        {
            x = _up[i].call(_join[i].call(cat([kept[i], _enlarge[i].call(x)], 1)));
        }

        return (_last.call(x) + Blocks.Middle(input)).MoveToOuterDisposeScope();
    }

    private static Module<Tensor, Tensor> Units(int maps) => Sequential(("0", new ResidualUnit(maps)), ("1", new ResidualUnit(maps)));

    private Module<Tensor, Tensor>[] Register(string name, Module<Tensor, Tensor>[] modules)
    {
        for (var i = 0; i < modules.Length; i++)
        {
            register_module($"{name}{i}", modules[i]);
        }

        return modules;
    }
}
