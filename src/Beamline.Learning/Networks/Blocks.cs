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
        using var middle = _first.call(input).relu_();
        return _second.call(middle).relu_();
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
