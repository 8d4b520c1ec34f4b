namespace Beamline.Learning;

/// <summary>How a network is built.</summary>
public enum NetworkKind
{
    /// <summary>U-Net: two 3 x 3 convolutions a level, maximum pooling, bilinear enlarging, the input added to the output.</summary>
    UNet,

    /// <summary>Residual U-Net of HDrec (arXiv 2009.13589): residual units with batch normalization, strided convolutions.</summary>
    ResidualUNet,

    /// <summary>Generator of TomoGAN (arXiv 1902.07582): a U-Net of three levels between 1 x 1 convolutions, without the input added.</summary>
    TomoGan,

    /// <summary>DnCNN (arXiv 1608.03981) without batch normalization: a chain of 3 x 3 convolutions that predicts the noise.</summary>
    DnCnn,

    /// <summary>Mixed-scale dense network (Pelt and Sethian, PNAS 115, 2018): one map a layer, growing dilation, every map feeds all later ones.</summary>
    MixedScaleDense,

    /// <summary>A TorchScript module of another program, applied as it is: see <see cref="Denoiser.ImportTorchScript"/>.</summary>
    TorchScript,
}

/// <summary>
/// A network that denoises images. The presets say what they cost; any of them can be changed by <c>with</c>, for instance
/// <c>DenoiserNetwork.UNetMedium with { InputChannels = 3 }</c> for a projection with its two neighbors.
/// </summary>
public sealed record DenoiserNetwork
{
    /// <summary>U-Net 8-16-32: for previews and small machines.</summary>
    public static DenoiserNetwork UNetSmall { get; } = new() { Name = "U-Net small", Kind = NetworkKind.UNet, Widths = [8, 16, 32] };

    /// <summary>U-Net 16-32-64: the default.</summary>
    public static DenoiserNetwork UNetMedium { get; } = new() { Name = "U-Net medium", Kind = NetworkKind.UNet, Widths = [16, 32, 64] };

    /// <summary>U-Net 32-64-128-256: for a GPU.</summary>
    public static DenoiserNetwork UNetLarge { get; } = new() { Name = "U-Net large", Kind = NetworkKind.UNet, Widths = [32, 64, 128, 256] };

    /// <summary>The residual U-Net of HDrec with 64 filters.</summary>
    public static DenoiserNetwork HDrec { get; } = new() { Name = "HDrec residual U-Net", Kind = NetworkKind.ResidualUNet, Widths = [64, 128, 256, 512] };

    /// <summary>TomoGAN's generator.</summary>
    public static DenoiserNetwork TomoGan { get; } = new() { Name = "TomoGAN generator", Kind = NetworkKind.TomoGan, Widths = [32, 64, 128] };

    /// <summary>DnCNN with 17 layers of 64 maps.</summary>
    public static DenoiserNetwork DnCnn { get; } = new() { Name = "DnCNN", Kind = NetworkKind.DnCnn, Widths = [64], Depth = 17 };

    /// <summary>Mixed-scale dense network of 50 layers, dilations 1 to 10.</summary>
    public static DenoiserNetwork MixedScaleDense { get; } = new() { Name = "MS-D net", Kind = NetworkKind.MixedScaleDense, Widths = [1], Depth = 50 };

    /// <summary>All presets.</summary>
    public static IReadOnlyList<DenoiserNetwork> Presets { get; } = [UNetSmall, UNetMedium, UNetLarge, HDrec, TomoGan, DnCnn, MixedScaleDense];

    /// <summary>What it is called.</summary>
    public required string Name { get; init; }

    /// <summary>How it is built.</summary>
    public required NetworkKind Kind { get; init; }

    /// <summary>Maps at each level, from the full resolution down; one entry for networks without levels.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Layers of networks without levels; not used by the others.</summary>
    public int Depth { get; init; }

    /// <summary>Images that go in together: 1, or an odd number of neighboring views of which the middle one is denoised.</summary>
    public int InputChannels { get; init; } = 1;

    /// <summary>What was found out about a TorchScript module; null for the networks of Beamline.</summary>
    public TorchScriptFacts? Script { get; init; }

    /// <summary>Edges of what goes in are a multiple of this; other images are padded by reflection and cropped.</summary>
    public int Multiple => Kind switch
    {
        NetworkKind.UNet or NetworkKind.ResidualUNet => 1 << (Widths.Count - 1),
        NetworkKind.TomoGan => 1 << Widths.Count,
        NetworkKind.TorchScript => Script!.Multiple,
        _ => 1,
    };

    /// <summary>Number of weights that are trained.</summary>
    public long ParameterCount => Script?.ParameterCount ?? NetworkSizes.Parameters(this);

    /// <summary>Pixels in any direction from which a pixel of the result can be changed: the halo that tiles need.</summary>
    public int ReceptiveRadiusPixels => Script?.ReachPixels ?? NetworkSizes.Radius(this);

    /// <summary>Bytes of memory for each pixel while it is applied, nearly: the maps that live at the same time, as 32-bit floats.</summary>
    public long BytesPerPixel => Script?.BytesPerPixel ?? NetworkSizes.BytesPerPixel(this);

    /// <summary>Checks that it can be built.</summary>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public void Validate()
    {
        if (Kind == NetworkKind.TorchScript)
        {
            throw new ArgumentException($"{Name} is a TorchScript module: it is applied as it is, and can be neither built nor trained here.");
        }

        if (Widths.Count is < 1 or > 6 || Widths.Any(w => w is < 1 or > 1024) || (Kind is NetworkKind.UNet or NetworkKind.ResidualUNet && Widths.Count < 2) ||
            (Kind == NetworkKind.TomoGan && Widths.Count != 3))
        {
            throw new ArgumentException($"{Name}: widths [{string.Join(", ", Widths)}]; U-Nets take 2 to 6 levels (TomoGAN's generator 3) of 1 to 1024 maps.");
        }

        if (Kind is NetworkKind.DnCnn or NetworkKind.MixedScaleDense && Depth is < 2 or > 200)
        {
            throw new ArgumentException($"{Name}: {Depth} layers; a chain has 2 to 200.");
        }

        if (InputChannels is < 1 or > 15 || InputChannels % 2 == 0)
        {
            throw new ArgumentException($"{Name}: {InputChannels} input channels; it is an odd number from 1 to 15, the middle one is denoised.");
        }
    }

    /// <summary>Name, weights, reach and memory in one line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Name}: {ParameterCount:N0} weights, reach {ReceptiveRadiusPixels} pixels, {BytesPerPixel * 1.048576:0} MB for each megapixel");
}
