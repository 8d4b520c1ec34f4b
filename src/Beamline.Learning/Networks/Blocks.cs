using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>Two 3 x 3 convolutions with their rectifiers.</summary>
internal sealed class DoubleConvolution : Module<Tensor, Tensor>
{
    private readonly Conv2d _first;
    private readonly Conv2d _second;

    public DoubleConvolution(int from, int to)
        : base(nameof(DoubleConvolution))
    {
        (_first, _second) = (Conv2d(from, to, 3, padding: 1), Conv2d(to, to, 3, padding: 1));
        register_module("first", _first);
        register_module("second", _second);
    }

    public override Tensor forward(Tensor input)
    {
        using var middle = Blocks.Rectify(_first.call(input));
        return Blocks.Rectify(_second.call(middle));
    }
}

/// <summary>HDrec's residual unit: convolution, normalization, convolution, and the input added.</summary>
internal sealed class ResidualUnit : Module<Tensor, Tensor>
{
    private readonly Conv2d _first;
    private readonly BatchNorm2d _normal;
    private readonly Conv2d _second;

    public ResidualUnit(int maps)
        : base(nameof(ResidualUnit))
    {
        (_first, _normal, _second) = (Conv2d(maps, maps, 3, padding: 1), BatchNorm2d(maps), Conv2d(maps, maps, 3, padding: 1));
        register_module("first", _first);
        register_module("normal", _normal);
        register_module("second", _second);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var middle = functional.relu(_normal.call(_first.call(input)));
        return functional.relu(_second.call(middle).add_(input)).MoveToOuterDisposeScope();
    }
}

/// <summary>What several networks do alike.</summary>
internal static class Blocks
{
    /// <summary>Twice the size, bilinear.</summary>
    public static Tensor Enlarge(Tensor input) =>
        functional.interpolate(input, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: false);

    /// <summary>Negative values become zero, in place; the one handle stays the only one, so that disposing it gives the memory back.</summary>
    public static Tensor Rectify(Tensor input)
    {
        var same = input.relu_();
        if (!ReferenceEquals(same, input))
        {
            same.Dispose();
        }

        return input;
    }

    /// <summary>Enlarges maps and puts them behind those of the level above; both are given back at once: together they are the most that is held.</summary>
    public static Tensor Join(Tensor above, Tensor below)
    {
        using var large = Enlarge(below);
        below.Dispose();
        var both = cat([above, large], 1);
        above.Dispose();
        return both;
    }

    /// <summary>The same values with the channels innermost in memory: libtorch then keeps that order in all that follows.</summary>
    public static Tensor ChannelsLast(Tensor input) => input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>The same values in the precision of the weights. The noisy image is added to the result as it came, in its own.</summary>
    public static Tensor Enter(Tensor input, Conv2d weights) => input.to(weights.weight.dtype);

    /// <summary>The image that is denoised: the middle one of those that go in.</summary>
    public static Tensor Middle(Tensor input) => input.narrow(1, input.shape[1] / 2, 1);

    /// <summary>Makes the last layer weak, so that training starts from the noisy image itself.</summary>
    public static void Weaken(Conv2d last)
    {
        using var none = no_grad();
        last.weight.mul_(0.1);
        last.bias!.zero_();
    }
}
