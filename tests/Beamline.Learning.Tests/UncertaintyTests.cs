using Beamline.Arrays;

namespace Beamline.Learning.Tests;

public sealed class UncertaintyTests
{
    private const int Size = 64;
    private static readonly float[] Clean = LowDoseScene.Clean(Size, 12);

    [Fact]
    public void Every_orientation_turns_back()
    {
        var (rows, columns) = (3, 5);
        float[] image = [.. Enumerable.Range(0, 2 * rows * columns).Select(i => (float)i)];
        var seen = new HashSet<string>();
        foreach (var orientation in Orientation.All)
        {
            var laid = new float[image.Length];
            orientation.Lay(image, rows, columns, laid);
            Assert.Equal(image.Order(), laid.Order());
            Assert.True(seen.Add(string.Join(",", laid)), $"{orientation} is like another");
            Assert.Equal(orientation.Transpose ? (5, 3) : (3, 5), orientation.Shape(rows, columns));
            for (var c = 0; c < 2; c++)
            {
                for (var i = 0; i < rows * columns; i++)
                {
                    Assert.Equal(image[(c * rows * columns) + i], laid[(c * rows * columns) + orientation.Place(i / columns, i % columns, rows, columns)]);
                }
            }
        }

        // Neighbors stay neighbors, as in a picture that is turned.
        Assert.All(Orientation.All, o => Assert.Equal(o.Transpose ? rows : 1, Math.Abs(o.Place(1, 2, rows, columns) - o.Place(1, 3, rows, columns))));
    }

    [Fact]
    public void Mean_and_deviation_are_those_of_the_answers()
    {
        Torch.Require();
        var (denoiser, _) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall);
        var random = new Random(4);
        var image = new Image(40, 52, [.. Enumerable.Range(0, 40 * 52).Select(_ => random.NextSingle())]);
        var made = denoiser.ApplyWithUncertainty(image, 4);
        var answers = new List<double[]>();
        foreach (var (flipRows, flipColumns) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            Image Turn(Image from)
            {
                var to = new Image(40, 52);
                for (var r = 0; r < 40; r++)
                {
                    for (var c = 0; c < 52; c++)
                    {
                        to[r, c] = from[flipRows ? 39 - r : r, flipColumns ? 51 - c : c];
                    }
                }

                return to;
            }

            answers.Add([.. Turn(denoiser.Apply(Turn(image))).Values.ToArray().Select(v => (double)v)]);
        }

        var spread = 0.0;
        for (var i = 0; i < image.Values.Length; i++)
        {
            var mean = answers.Average(a => a[i]);
            var deviation = Math.Sqrt(answers.Sum(a => (a[i] - mean) * (a[i] - mean)) / 3);
            Assert.Equal(mean, made.Mean.Values[i], 1e-5);
            Assert.Equal(deviation, made.Deviation.Values[i], 1e-5);
            spread = Math.Max(spread, deviation);
        }

        Assert.True(spread > 1e-3, $"the answers differ by {spread}");
    }

    [Fact]
    public void A_constant_looks_the_same_from_everywhere()
    {
        Torch.Require();
        var (denoiser, _) = InferenceTests.Untrained(DenoiserNetwork.UNetSmall);
        var reach = denoiser.Network.ReceptiveRadiusPixels;
        var edge = (2 * reach) + 20;
        var image = new Image(edge, edge);
        image.Values.Fill(0.7f);
        var made = denoiser.ApplyWithUncertainty(image);
        for (var r = reach; r < reach + 20; r++)
        {
            for (var c = reach; c < reach + 20; c++)
            {
                Assert.Equal(0, made.Deviation[r, c], 1e-6);
            }
        }

        // Beyond the edge there are zeros, which differ for the pools of a mirrored image.
        Assert.Contains(made.Deviation.Values.ToArray(), v => v > 1e-5);
    }

    [Fact]
    public void The_spread_is_large_where_the_error_is()
    {
        Torch.Require();
        using var low = LowDoseScene.Stack(LowDoseScene.Noisy(Clean, 200, 1), Size);
        using var clean = LowDoseScene.Stack(Clean, Size);
        using var normal = LowDoseScene.Views(LowDoseScene.Stack(LowDoseScene.Noisy(Clean, 2000, 2), Size), [2, 7]);
        Denoiser Train(long seed) => Denoiser.TrainHybridDose(low, normal, [2, 7], new TrainingOptions
        {
            Network = DenoiserNetwork.UNetSmall, Steps = 120, PatchSize = 20, BatchSize = 8, ScoreEvery = 120, Threads = 1, InThisProcess = true, LearningRate = 5e-3, Seed = seed,
        });
        var (first, second) = (Train(1), Train(2));
        using var plain = first.Apply(low);
        using var turned = first.ApplyWithUncertainty(low);
        using var together = new DenoiserEnsemble([first, second]).Apply(low);
        Assert.True(Error(turned.Mean) < 1.02 * Error(plain), $"plain {Error(plain):0.00000}, mean of 8 {Error(turned.Mean):0.00000}");
        Assert.True(Error(together.Mean) < Error(plain), $"plain {Error(plain):0.00000}, mean of 2 networks {Error(together.Mean):0.00000}");
        var (wide, narrow) = Errors(turned);
        Assert.True(wide > 1.05 * narrow, $"mean error where the spread is in its upper half over that in its lower: {wide / narrow:0.00}");

        // Of two answers the deviation is their distance over the root of two.
        using var other = second.Apply(low);
        Assert.All(All(plain).Zip(All(other), All(together.Deviation)), t => Assert.Equal(Math.Abs(t.First - t.Second) / Math.Sqrt(2), t.Third, 1e-5));
        Assert.Equal(Quantity.LineIntegral, turned.Mean.Quantity);
        Assert.Equal("denoise, deviation of answers", together.Deviation.Provenance.Steps[^1].Operation);

        double Error(ProjectionStack stack) => LowDoseScene.Rmse(All(stack), Clean);

        (double Wide, double Narrow) Errors(UncertainProjections made)
        {
            var (mean, deviation) = (All(made.Mean), All(made.Deviation));
            var order = Enumerable.Range(0, Clean.Length).OrderBy(i => deviation[i]).Select(i => (double)Math.Abs(mean[i] - Clean[i])).ToArray();
            return (order[(order.Length / 2)..].Average(), order[..(order.Length / 2)].Average());
        }
    }

    [Fact]
    public void What_cannot_be_asked_is_refused()
    {
        var denoiser = new Denoiser(DenoiserNetwork.UNetSmall, 1, new Dictionary<string, NamedTensor>(), null, new Dictionary<string, string>());
        var wide = new Denoiser(DenoiserNetwork.UNetSmall with { InputChannels = 3 }, 1, new Dictionary<string, NamedTensor>(), null, new Dictionary<string, string>());
        Assert.Throws<ArgumentOutOfRangeException>(() => denoiser.ApplyWithUncertainty(new Image(8, 8), 3));
        Assert.Contains("different seeds", Assert.Throws<ArgumentException>(() => new DenoiserEnsemble([denoiser])).Message);
        Assert.Contains("1 and 3 channels", Assert.Throws<ArgumentException>(() => new DenoiserEnsemble([denoiser, wide])).Message);
        Assert.Contains("apply them to the stack", Assert.Throws<ArgumentException>(() => wide.ApplyWithUncertainty(new Image(8, 8))).Message);
    }

    private static float[] All(ProjectionStack stack)
    {
        var values = new float[Clean.Length];
        stack.Read(new StackRegion(0, stack.AngleCount, 0, stack.RowCount), values);
        return values;
    }
}
