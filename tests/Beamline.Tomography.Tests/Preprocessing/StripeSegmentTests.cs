using Beamline.Arrays;
using Beamline.Tomography.Preprocessing;

namespace Beamline.Tomography.Tests.Preprocessing;

/// <summary>The parts that find stripes in the columns and angles they have, and what they must leave alone.</summary>
public sealed class StripeSegmentTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(64)]
    [InlineData(301)]
    public void The_selected_median_is_that_of_sorting(int count)
    {
        var random = new Random(count);
        for (var round = 0; round < 50; round++)
        {
            // Many equal values: selection must not run in circles.
            var values = Enumerable.Range(0, count).Select(_ => (float)random.Next(round + 1)).ToArray();
            var sorted = values.Order().ToArray();
            Assert.Equal((sorted[(count - 1) / 2] + sorted[count / 2]) / 2, SelectedMedian.Of(values));
        }
    }

    [Fact]
    public void Two_states_are_the_cheapest_path_of_all()
    {
        const int N = 10;
        const double Change = 0.8;
        var random = new Random(5);
        for (var round = 0; round < 30; round++)
        {
            float[] left = [.. Enumerable.Range(0, N).Select(_ => (float)(random.NextDouble() * 2) - 0.5f)];
            float[] right = [.. Enumerable.Range(0, N).Select(_ => (float)(random.NextDouble() * 2) - 0.5f)];
            var on = new bool[N];
            TwoStates.Find(left, right, Change, on);
            var least = Enumerable.Range(0, 1 << N).Min(bits => Cost(a => ((bits >> a) & 1) == 1));
            Assert.Equal(least, Cost(a => on[a]), 1e-6);

            double Cost(Func<int, bool> state) => Enumerable.Range(0, N).Sum(a =>
                ((Math.Min(Math.Abs(left[a] - (state(a) ? 1 : 0)), 1) + Math.Min(Math.Abs(right[a] - (state(a) ? 1 : 0)), 1)) / 2)
                + (a > 0 && state(a) != state(a - 1) ? Change : 0));
        }
    }

    /// <summary>Where a stripe begins and ends, how high it is, and how wide, all at once.</summary>
    [Theory]
    [InlineData(200, 1, 90, 200, 0.06f)]
    [InlineData(201, 2, 0, 130, -0.05f)]
    [InlineData(250, 9, 150, 360, 0.1f)]
    [InlineData(120, 1, 0, 360, -0.04f)]
    [InlineData(121, 12, 0, 360, 0.08f)]
    public void A_stripe_goes_where_it_is_and_nothing_else_changes(int column, int width, int from, int to, float height)
    {
        var clean = StripeScenes.Project(StripeScene.Discs);
        var sinogram = Block(clean);
        for (var a = from; a < to; a++)
        {
            for (var c = column; c < column + width; c++)
            {
                sinogram.Row(a)[c] += height;
            }
        }

        new SegmentedStripes(3, 31).Apply(sinogram);
        double left = 0, elsewhere = 0, all = 0;
        for (var a = 0; a < sinogram.Angles; a++)
        {
            for (var c = 0; c < sinogram.Columns; c++)
            {
                var difference = Math.Pow(sinogram.Row(a)[c] - clean.Frame(a)[c], 2);
                all += Math.Pow(clean.Frame(a)[c], 2);
                (left, elsewhere) = c >= column && c < column + width ? (left + difference, elsewhere) : (left, elsewhere + difference);
            }
        }

        Assert.InRange(left / (height * height * width * (to - from)), 0, 0.03);
        Assert.InRange(Math.Sqrt(elsewhere / all), 0, 0.001);
    }

    /// <summary>A wire stands upright in the sinogram where it turns around. Very near the axis it does so nearly everywhere, and a strong one loses some: docs/preprocessing.md says so.</summary>
    [Theory]
    [InlineData(0.08, 0.02, 0.02, 0.02)]
    [InlineData(0.15, 0.0, 0.012, 0.01)]
    [InlineData(0.5, 0.3, 0.015, 0.01)]
    [InlineData(-0.3, 0.6, 0.03, 0.01)]
    public void A_wire_that_turns_around_is_no_stripe(double x, double y, double radius, double most)
    {
        const int N = 360;
        using var stack = Phantoms.Project([new(0.02, 0.01, 0.8, 0.005), new(x, y, radius, 0.05)], Phantoms.Angles(N), 1, N, 179.5);
        var random = new Random(3);
        for (var a = 0; a < N; a++)
        {
            foreach (ref var value in stack.Frame(a))
            {
                value += (float)(0.004 * (random.NextDouble() - 0.5));
            }
        }

        var result = stack.RemoveStripes(StripeMethod.All).Sinogram(0);
        double change = 0, all = 0;
        for (var a = 0; a < N; a++)
        {
            for (var c = 0; c < N; c++)
            {
                change += Math.Pow(result.Row(a)[c] - stack.Frame(a)[c], 2);
                all += Math.Pow(stack.Frame(a)[c], 2);
            }
        }

        Assert.InRange(Math.Sqrt(change / all), 0, most);
    }

    /// <summary>The median of second differences tells a restless column from one with an edge of the sample.</summary>
    [Fact]
    public void Only_columns_that_flicker_are_interpolated_over()
    {
        var clean = StripeScenes.Project(StripeScene.Rods);
        var sinogram = Block(clean);
        var random = new Random(9);
        for (var a = 0; a < sinogram.Angles; a++)
        {
            sinogram.Row(a)[150] += (float)(0.06 * (random.NextDouble() - 0.5));
        }

        new FlickerStripes(3, 31).Apply(sinogram);
        for (var a = 0; a < sinogram.Angles; a++)
        {
            for (var c = 0; c < sinogram.Columns; c++)
            {
                Assert.Equal(c == 150 ? (clean.Frame(a)[149] + clean.Frame(a)[151]) / 2 : clean.Frame(a)[c], sinogram.Row(a)[c], 1e-5);
            }
        }
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(200, 1)]
    [InlineData(7, 7)]
    public void One_column_or_one_angle_is_refused(int angles, int columns)
    {
        using var stack = new MemoryProjectionStack(Phantoms.Angles(angles), 1, columns);
        var message = Assert.Throws<ArgumentException>(() => stack.RemoveStripes(StripeMethod.All)).Message;
        Assert.Contains($"this stack has {angles} and {columns}", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(8, 40)]
    [InlineData(40, 9)]
    [InlineData(31, 64)]
    public void The_smallest_sinograms_and_such_that_are_all_the_same_stay_as_they_are(int angles, int columns)
    {
        using var stack = new MemoryProjectionStack(Phantoms.Angles(angles), 1, columns) { Quantity = Quantity.LineIntegral };
        for (var a = 0; a < angles; a++)
        {
            stack.Frame(a).Fill(0.25f);
        }

        Assert.All(stack.RemoveStripes(StripeMethod.All).Sinogram(0).Values.ToArray(), v => Assert.Equal(0.25f, v, 1e-6));
    }

    private static SinogramBlock Block(MemoryProjectionStack stack)
    {
        var sinogram = new SinogramBlock(stack.AngleCount, stack.ColumnCount, 0);
        for (var a = 0; a < stack.AngleCount; a++)
        {
            stack.Frame(a).CopyTo(sinogram.Row(a));
        }

        return sinogram;
    }
}
