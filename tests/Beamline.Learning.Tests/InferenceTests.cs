using Beamline.Arrays;

namespace Beamline.Learning.Tests;

public sealed class InferenceTests
{
    public static TheoryData<string> Presets => [.. DenoiserNetwork.Presets.Where(p => p.Kind != NetworkKind.ResidualUNet).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Tiles_give_what_the_whole_gives(string name)
    {
        Torch.Require();
        var preset = DenoiserNetwork.Presets.Single(p => p.Name == name);
        var network = preset with { Depth = Math.Min(preset.Depth, 10), Widths = [.. preset.Widths.Select(w => Math.Min(w, 8 * (w / preset.Widths[0])))] };
        var (denoiser, weights) = Untrained(network);
        var (rows, columns) = (331, 402);
        var random = new Random(1);
        var input = Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle()).ToArray();
        var (whole, tiled) = (new float[input.Length], new float[input.Length]);
        using (var inference = new NetworkInference(denoiser, weights))
        {
            inference.Apply(input, whole, rows, columns);
        }

        using (var inference = new NetworkInference(denoiser, weights) { TileBytes = 40_000 * network.BytesPerPixel })
        {
            inference.Apply(input, tiled, rows, columns);
        }

        Assert.All(whole.Zip(tiled), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Contains(whole.Zip(input), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
    }

    [Fact]
    public void A_value_that_is_no_number_is_named()
    {
        Torch.Require();
        var (denoiser, _) = Untrained(DenoiserNetwork.UNetSmall);
        var image = new Image(40, 50);
        image.Values[(7 * 50) + 3] = float.NaN;
        Assert.Contains("row 7, column 3", Assert.Throws<ArgumentException>(() => denoiser.Apply(image)).Message);
    }

    [Fact]
    public void Any_shape_goes_in_and_comes_out()
    {
        Torch.Require();
        var (denoiser, _) = Untrained(DenoiserNetwork.UNetSmall);
        foreach (var (rows, columns) in new[] { (1, 1), (1, 37), (5, 3), (64, 64), (33, 130) })
        {
            var made = denoiser.Apply(new Image(rows, columns));
            Assert.Equal((rows, columns), (made.RowCount, made.ColumnCount));
        }
    }

    [Fact]
    public void A_network_of_several_views_wants_a_stack()
    {
        Torch.Require();
        var (denoiser, _) = Untrained(DenoiserNetwork.UNetSmall with { InputChannels = 3 });
        Assert.Throws<ArgumentException>(() => denoiser.Apply(new Image(32, 32)));
        using var stack = LowDoseScene.Stack(new float[4 * 32 * 32], 32);
        using var made = denoiser.Apply(stack);
        Assert.Equal(4, made.AngleCount);
    }

    internal static (Denoiser Denoiser, IReadOnlyDictionary<string, NamedTensor> Weights) Untrained(DenoiserNetwork network)
    {
        using var module = NetworkFactory.Create(network, 3);
        var weights = Weights.Take(module);
        return (new Denoiser(network, 2, weights, null, new Dictionary<string, string>()), weights);
    }
}
