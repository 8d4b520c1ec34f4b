using TorchSharp;
using static TorchSharp.torch;

namespace Beamline.Learning.Tests;

/// <summary>What presets say about themselves is what the networks are.</summary>
public sealed class NetworkTests
{
    public static TheoryData<string> Presets => [.. DenoiserNetwork.Presets.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Presets))]
    public void The_number_of_weights_is_right(string name)
    {
        Torch.Require();
        var preset = Preset(name);
        foreach (var channels in new[] { 1, 3 })
        {
            var description = preset with { InputChannels = channels };
            using var network = NetworkFactory.Create(description, 1);
            Assert.Equal(network.parameters().Sum(p => p.numel()), description.ParameterCount);
        }
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void No_pixel_sees_farther_than_the_radius(string name)
    {
        Torch.Require();
        var description = Preset(name) with { Depth = Math.Min(Preset(name).Depth, 12) };
        using var network = NetworkFactory.Create(description, 1);
        network.eval();

        // Weights of one sign let nothing cancel, and no rectifier closes: what can be seen is seen.
        using (no_grad())
        {
            foreach (var (_, weight) in network.named_parameters())
            {
                weight.abs_().add_(0.01);
            }
        }

        var (radius, multiple) = (description.ReceptiveRadiusPixels, description.Multiple);
        var size = Tiles.RoundUp((2 * radius) + (4 * multiple), multiple);
        var reached = 0;
        for (var shift = 0; shift < Math.Min(multiple, 4); shift++)
        {
            using var scope = NewDisposeScope();
            var input = rand(1, 1, 8 * multiple, size).requires_grad_(true);
            var middle = (size / 2) + (shift * multiple / Math.Min(multiple, 4));
            network.call(input)[0, 0, 4 * multiple, middle].backward();
            var columns = input.grad!.abs().sum(dim: [0L, 1L, 2L]).data<float>().ToArray();
            for (var c = 0; c < size; c++)
            {
                if (columns[c] > 0)
                {
                    reached = Math.Max(reached, Math.Abs(c - middle));
                }
            }
        }

        Assert.True(reached <= radius, $"A pixel is changed from {reached} pixels away, said are {radius}.");
        Assert.True(reached >= 0.6 * radius, $"A pixel is changed from {reached} pixels at most, said are {radius}: tiles would be wasteful.");
    }

    [Fact]
    public void The_same_seed_makes_the_same_network()
    {
        Torch.Require();
        using var a = NetworkFactory.Create(DenoiserNetwork.UNetSmall, 5);
        using var b = NetworkFactory.Create(DenoiserNetwork.UNetSmall, 5);
        using var c = NetworkFactory.Create(DenoiserNetwork.UNetSmall, 6);
        Assert.Equal(Weights.Take(a)["down0.first.weight"].Values, Weights.Take(b)["down0.first.weight"].Values);
        Assert.NotEqual(Weights.Take(a)["down0.first.weight"].Values, Weights.Take(c)["down0.first.weight"].Values);
    }

    [Fact]
    public void Networks_that_cannot_be_built_are_refused()
    {
        Assert.Throws<ArgumentException>(() => (DenoiserNetwork.UNetMedium with { InputChannels = 2 }).Validate());
        Assert.Throws<ArgumentException>(() => (DenoiserNetwork.UNetMedium with { Widths = [] }).Validate());
        Assert.Throws<ArgumentException>(() => (DenoiserNetwork.DnCnn with { Depth = 1 }).Validate());
        Assert.Throws<ArgumentException>(() => (DenoiserNetwork.TomoGan with { Widths = [32, 64] }).Validate());
    }

    [Fact]
    public void Presets_say_what_they_cost() =>
        Assert.Matches("^U-Net medium: 117,985 weights, reach [0-9]+ pixels, [0-9]+ MB for each megapixel$", DenoiserNetwork.UNetMedium.ToString());

    private static DenoiserNetwork Preset(string name) => DenoiserNetwork.Presets.Single(p => p.Name == name);
}
