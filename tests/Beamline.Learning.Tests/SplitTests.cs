using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Learning.Tests;

public sealed class SplitTests
{
    private static readonly SplitRecipe Recipe = new(4, SplitStrategy.ManyToOne, FbpFilter.RamLak, 1, SinogramPadding.Zero, true, 96, "1/pixel");

    [Theory]
    [InlineData(180, 97, 4)]
    [InlineData(180, 96, 3)]
    [InlineData(360, 96, 4)]
    [InlineData(360, 100, 2)]
    [InlineData(-360, 96, 5)]
    public void Every_part_sees_the_sample_from_all_sides_alike(double turn, int views, int splits)
    {
        double[] angles = [.. Enumerable.Range(0, views).Select(v => -17 + (turn * v / views))];
        var parts = AngleSplits.Deal(angles, splits);
        Assert.Equal(Enumerable.Range(0, views), parts.SelectMany(p => p).Order());
        Assert.All(parts, part =>
        {
            Assert.InRange(part.Length, views / splits, (views / splits) + 1);
            Assert.InRange(WidestGap([.. part.Select(v => angles[v])]), 0, 1.6 * 180 * splits / views * (Math.Abs(turn) / 180));
        });
    }

    [Fact]
    public void A_full_turn_gives_parts_with_as_many_directions_as_views()
    {
        // Every fourth of these views would give each part 12 directions, each seen twice.
        double[] angles = [.. Enumerable.Range(0, 96).Select(v => 360.0 * v / 96)];
        Assert.All(AngleSplits.Deal(angles, 4), part => Assert.Equal(24, part.Select(v => Math.Round(angles[v] % 180, 6)).Distinct().Count()));
    }

    [Fact]
    public void Views_in_the_order_of_a_golden_angle_are_dealt_by_direction()
    {
        double[] angles = [.. Enumerable.Range(0, 144).Select(v => v * 111.246 % 180)];
        Assert.All(AngleSplits.Deal(angles, 4), part => Assert.InRange(WidestGap([.. part.Select(v => angles[v])]), 0, 12));
    }

    [Theory]
    [InlineData(SplitStrategy.ManyToOne)]
    [InlineData(SplitStrategy.OneToMany)]
    public void No_view_is_in_both_input_and_target(SplitStrategy strategy)
    {
        var scene = new SliceScene(rows: 2);
        using var stack = scene.Clean.Materialize();
        var view = AngleSplits.Deal(stack.AnglesDegrees, 4)[2][5];
        stack.Frame(view)[64 + 20] += 5;
        using var before = SplitSlices.Compute(scene.Clean, scene.Axis, Recipe, [0, 1], _ => { });
        using var after = SplitSlices.Compute(stack, scene.Axis, Recipe, [0, 1], _ => { });
        for (var split = 0; split < 4; split++)
        {
            var (a, b) = (new float[64 * 64], new float[64 * 64]);
            before.Input(strategy, split, 1, a);
            after.Input(strategy, split, 1, b);
            var input = !a.AsSpan().SequenceEqual(b);
            before.Target(strategy, split, 1, a);
            after.Target(strategy, split, 1, b);
            var target = !a.AsSpan().SequenceEqual(b);
            Assert.True(input != target, $"part {split}: input changed {input}, target changed {target}");
            Assert.Equal(split == 2, strategy == SplitStrategy.ManyToOne ? target : input);
        }
    }

    [Fact]
    public void The_mean_of_all_parts_is_the_reconstruction_from_all_views()
    {
        var scene = new SliceScene(rows: 3);
        using var noisy = scene.Noisy(0.1);
        using var whole = scene.Fbp(noisy, FbpFilter.RamLak);
        using var splits = SplitSlices.Compute(noisy, scene.Axis, Recipe, [0, 2], _ => { });
        var (input, target) = (new float[64 * 64], new float[64 * 64]);
        splits.Input(SplitStrategy.ManyToOne, 3, 1, input);
        splits.Target(SplitStrategy.ManyToOne, 3, 1, target);
        for (var i = 0; i < input.Length; i++)
        {
            Assert.Equal(whole.Slice(2)[i], ((3 * input[i]) + target[i]) / 4, 1e-5);
        }
    }

    [Fact]
    public void The_noise_of_a_part_is_known_without_the_truth()
    {
        var scene = new SliceScene();
        using var noisy = scene.Noisy(0.3);
        int[] rows = [.. Enumerable.Range(0, scene.Rows)];
        using var exact = SplitSlices.Compute(scene.Clean, scene.Axis, Recipe, rows, _ => { });
        using var measured = SplitSlices.Compute(noisy, scene.Axis, Recipe, rows, _ => { });
        var sum = 0.0;
        foreach (var row in rows)
        {
            for (var k = 0; k < 4; k++)
            {
                var (a, b) = (exact.Slice(k, row).ToArray(), measured.Slice(k, row).ToArray());
                sum += a.Zip(b).Average(p => Math.Pow(p.First - p.Second, 2));
            }
        }

        Assert.Equal(1, measured.Spread(rows).Noise / (sum / rows.Length / 4), 0.04);
    }

    private static double WidestGap(double[] degrees)
    {
        var sorted = degrees.Select(a => ((a % 180) + 180) % 180).Order().ToArray();
        return sorted.Zip(sorted.Skip(1).Append(sorted[0] + 180)).Max(p => p.Second - p.First);
    }
}
