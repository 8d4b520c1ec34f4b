namespace Beamline.Display.Tests;

public class ValueTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(37.3)]
    [InlineData(50)]
    [InlineData(99)]
    [InlineData(100)]
    public void Percentiles_equal_those_of_the_sorted_values(double percent)
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 10_007).Select(_ => (float)random.NextDouble()).ToArray();
        values[17] = float.NaN;
        values[18] = float.PositiveInfinity;
        var sorted = values.Where(float.IsFinite).Select(v => (double)v).Order().ToArray();
        var rank = percent / 100 * (sorted.Length - 1);
        var floor = (int)Math.Floor(rank);
        var expected = floor + 1 < sorted.Length
            ? (sorted[floor] * (1 - (rank - floor))) + (sorted[floor + 1] * (rank - floor))
            : sorted[^1];
        var sample = ValueSample.Of(new Plane(1, values.Length, values));
        Assert.True(sample.IsExact);
        Assert.Equal(expected, sample.Percentile(percent), 1e-12);
    }

    [Fact]
    public void A_sample_of_many_values_is_limited_and_near_the_truth()
    {
        // Columns repeat with a period that divides the sampling step: a plain stride would see one column only.
        var values = new float[4000 * 1000];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i % 1000;
        }

        var sample = ValueSample.Of(new Plane(4000, 1000, values));
        Assert.False(sample.IsExact);
        Assert.InRange(sample.Count, 990_000, ValueSample.Limit);
        Assert.Equal(500, sample.Percentile(50), 3.0);
        Assert.Equal(10, sample.Percentile(1), 1.5);
        Assert.Equal(990, sample.Percentile(99), 1.5);
    }

    [Fact]
    public void Summaries_leave_out_what_is_not_finite_and_count_it()
    {
        var summary = ValueSummary.Of([3, float.NaN, -2, float.NegativeInfinity, 7]);
        Assert.Equal((-2f, 7f, 5L, 2L), (summary.Minimum, summary.Maximum, summary.Count, summary.NotFinite));
        var none = ValueSummary.Of([float.NaN]);
        Assert.False(none.HasFinite);
        Assert.Equal((-2f, 7f, 6L, 3L), (none.And(summary).Minimum, summary.And(none).Maximum, none.And(summary).Count, summary.And(none).NotFinite));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-0.07, 1.28)]
    [InlineData(49.99, 4949)]
    [InlineData(-3.14159, 3.14159)]
    [InlineData(1e-9, 7e-9)]
    [InlineData(-1e12, 3e11)]
    [InlineData(1000, 1000.5)]
    public void Ticks_are_round_rising_inside_and_labeled_with_their_value(double low, double high)
    {
        for (var most = 2; most <= 8; most++)
        {
            var ticks = Ticks.Linear(low, high, most);
            Assert.InRange(ticks.Values.Count, 2, (5 * most) + 1);
            var step = ticks.Values[1] - ticks.Values[0];
            var mantissa = step / Math.Pow(10, Math.Floor(Math.Log10(step * 1.0001)));
            Assert.Contains(Math.Round(mantissa, 3), new[] { 1.0, 2.0, 5.0 });
            for (var i = 0; i < ticks.Values.Count; i++)
            {
                Assert.InRange(ticks.Values[i], low - (1e-6 * step), high + (1e-6 * step));
                var label = double.Parse(ticks.Labels[i].Replace('−', '-'));
                Assert.Equal(ticks.Values[i], label * Math.Pow(10, ticks.Exponent), Math.Abs(step) * 1e-6);
                Assert.Equal(0, Math.IEEERemainder(ticks.Values[i], step) / step, 1e-6);
            }
        }
    }

    [Fact]
    public void Ticks_of_pixels_and_angles_and_decades_follow_their_own_steps()
    {
        Assert.Equal([0.0, 1, 2], Ticks.Linear(-0.5, 2.5, 8, leastStep: 1).Values);
        Assert.Equal([0.0], Ticks.Linear(-0.5, 0.5, 8, leastStep: 1).Values);
        Assert.Equal([0.0, 30, 60, 90, 120, 150, 180], Ticks.Angles(0, 180, 6).Values.Take(7));
        Assert.Equal([-90.0, -45, 0, 45, 90], Ticks.Angles(-90, 90, 4).Values);
        Assert.Equal(["10⁻²", "10⁻¹", "10⁰", "10¹"], Ticks.Logarithmic(0.005, 20, 8).Labels);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(512, "512")]
    [InlineData(0.0123456, "0.01235")]
    [InlineData(-1.5, "−1.5")]
    [InlineData(1.23e-7, "1.23×10⁻⁷")]
    [InlineData(9.9999e8, "1×10⁹")]
    [InlineData(double.NaN, "NaN")]
    public void Numbers_are_short_and_typographic(double value, string expected) => Assert.Equal(expected, NumberText.Short(value));

    [Fact]
    public void Averaging_keeps_the_mean_and_enlarging_repeats_values()
    {
        var random = new Random(2);
        var values = Enumerable.Range(0, 97 * 61).Select(_ => (float)random.NextDouble()).ToArray();
        var small = Resampler.Resample(new Plane(97, 61, values), 13, 20, out var notFinite);
        Assert.Equal(values.Average(), small.Average(), 1e-4f);
        Assert.All(notFinite, part => Assert.Equal(0, part, 1e-6f));

        var halved = Resampler.Resample(new Plane(2, 4, [1, 2, 3, 4, 5, 6, 7, 8]), 1, 2, out _);
        Assert.Equal([3.5f, 5.5f], halved);
        var doubled = Resampler.Resample(new Plane(1, 2, [1, 2]), 2, 4, out _);
        Assert.Equal([1, 1, 2, 2, 1, 1, 2, 2], doubled);
    }

    [Fact]
    public void Averaging_leaves_out_what_is_not_finite_and_says_how_much()
    {
        var mean = Resampler.Resample(new Plane(1, 4, [1, float.NaN, float.NaN, float.PositiveInfinity]), 1, 2, out var notFinite);
        Assert.Equal(1, mean[0]);
        Assert.True(float.IsNaN(mean[1]));
        Assert.Equal([0.5f, 1f], notFinite);
    }
}
