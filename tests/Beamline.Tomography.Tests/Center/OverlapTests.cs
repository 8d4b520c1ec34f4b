using Beamline.Arrays;
using Beamline.Data;

namespace Beamline.Tomography.Tests.Center;

/// <summary>The overlap of the two halves of a full turn.</summary>
public sealed class OverlapTests
{
    private static readonly FindAxisOptions Overlap = new() { Method = AxisMethod.Overlap };

    // Wider than the detector on one side of the axis: what half acquisition is for.
    private static readonly Phantoms.Disc[] Wide =
    [
        new(0, 0, 1.6, 0.01), new(0.9, -0.4, 0.2, 0.02), new(-0.3, 0.25, 0.12, -0.006), new(0.1, 0.05, 0.05, 0.03),
        new(-1.1, 0.5, 0.15, 0.015), new(0.4, 1.0, 0.1, 0.02), new(-0.05, -0.3, 0.08, 0.02),
    ];

    [Theory]
    [InlineData(63.5)]
    [InlineData(60.3)]
    [InlineData(70.75)]
    [InlineData(110.0)]
    [InlineData(112.4)]
    [InlineData(17.0)]
    [InlineData(12.65)]
    public void The_axis_of_a_half_acquisition_and_its_side(double truth)
    {
        using var projections = Phantoms.Project(Wide, Phantoms.Angles(360, 360), 2, 128, truth);
        var axis = RotationAxis.Find(projections, Overlap);
        TestContext.Current.TestOutputHelper?.WriteLine($"{truth}: {axis.Column:0.000}");
        Assert.Equal(truth, axis.Column, 0.1);
        Assert.Equal("overlap", axis.Method);
        Assert.Empty(axis.Warnings);
    }

    [Theory]
    [InlineData(361)]
    [InlineData(301)]
    public void Both_ends_measured_and_odd_numbers_of_angles(int count)
    {
        double[] angles = [.. Enumerable.Range(0, count).Select(i => 360.0 * i / (count - 1))];
        using var projections = Phantoms.Project(Wide, [.. angles.Reverse()], 1, 128, 104.3);
        Assert.Equal(104.3, RotationAxis.Find(projections, Overlap).Column, 0.2);
    }

    [Fact]
    public void Stripes_do_not_pull_the_answer()
    {
        using var projections = Phantoms.Project(Wide, Phantoms.Angles(360, 360), 1, 128, 104.3);
        var random = new Random(5);
        var stripes = Enumerable.Range(0, 128).Select(_ => (random.NextSingle() - 0.5f) * 0.5f).ToArray();
        for (var i = 0; i < projections.Memory.Length; i++)
        {
            projections.Memory.Span(i, 1)[0] += stripes[i % 128];
        }

        Assert.Equal(104.3, RotationAxis.Find(projections, Overlap).Column, 0.2);
    }

    [Theory]
    [InlineData(180, "cover 180 degrees", "--method vo")]
    [InlineData(270, "cover 270 degrees", "--method vo")]
    [InlineData(90, "cover 90 degrees", "by hand")]
    public void Less_than_a_full_turn_is_refused(double range, string what, string wayOut)
    {
        using var projections = Phantoms.Project(Wide, Phantoms.Angles(180, range), 1, 64, 31.5);
        var message = Assert.Throws<ArgumentException>(() => RotationAxis.Find(projections, Overlap)).Message;
        Assert.Contains(what, message, StringComparison.Ordinal);
        Assert.Contains(wayOut, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_projections_are_refused()
    {
        using var projections = Phantoms.Project(Wide, Phantoms.Angles(20, 360), 1, 64, 31.5);
        Assert.Contains(
            "only 20 projections over 360 degrees",
            Assert.Throws<ArgumentException>(() => RotationAxis.Find(projections, Overlap)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_at_the_edge_of_the_range_warns()
    {
        using var projections = Phantoms.Project(Wide, Phantoms.Angles(360, 360), 1, 128, 110.0);
        var axis = RotationAxis.Find(projections, Overlap with { FromColumn = 80, ToColumn = 108 });
        Assert.Contains(axis.Warnings, w => w.Contains("Search a wider range", StringComparison.Ordinal) || w.Contains("agree poorly", StringComparison.Ordinal));
    }

    [Fact]
    public void A_range_with_too_little_overlap_is_refused()
    {
        using var projections = Phantoms.Project(Wide, Phantoms.Angles(360, 360), 1, 128, 110.0);
        var options = Overlap with { FromColumn = 125, ToColumn = 127 };
        Assert.Contains("columns of overlap", Assert.Throws<ArgumentException>(() => RotationAxis.Find(projections, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_without_a_sample_warns()
    {
        var random = new Random(3);
        using var air = new MemoryProjectionStack(Phantoms.Angles(120, 360), 2, 64) { Quantity = Quantity.LineIntegral };
        for (var i = 0; i < air.Memory.Length; i++)
        {
            air.Memory.Span(i, 1)[0] = random.NextSingle() - 0.5f;
        }

        Assert.Contains(RotationAxis.Find(air, Overlap).Warnings, w => w.Contains("agree poorly", StringComparison.Ordinal));
    }
}
