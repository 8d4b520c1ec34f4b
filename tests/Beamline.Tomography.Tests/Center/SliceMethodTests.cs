using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;

namespace Beamline.Tomography.Tests.Center;

/// <summary>Methods that look at reconstructed slices.</summary>
public sealed class SliceMethodTests
{
    [Theory]
    [InlineData(AxisMethod.Entropy, 63.5)]
    [InlineData(AxisMethod.Entropy, 60.3)]
    [InlineData(AxisMethod.Entropy, 70.75)]
    [InlineData(AxisMethod.Entropy, 50.12)]
    [InlineData(AxisMethod.Sharpness, 63.5)]
    [InlineData(AxisMethod.Sharpness, 60.3)]
    [InlineData(AxisMethod.Sharpness, 70.75)]
    [InlineData(AxisMethod.Sharpness, 50.12)]
    public void The_axis_of_a_phantom(AxisMethod method, double truth)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(180), 2, 128, truth);
        var axis = RotationAxis.Find(projections, new FindAxisOptions { Method = method });
        TestContext.Current.TestOutputHelper?.WriteLine($"{method} {truth}: {axis.Column:0.000}");
        Assert.Equal(truth, axis.Column, 0.05);
        Assert.Equal(method.ToString().ToLowerInvariant(), axis.Method);
        Assert.Empty(axis.Warnings);
    }

    [Theory]
    [InlineData(AxisMethod.Entropy)]
    [InlineData(AxisMethod.Sharpness)]
    public void The_axis_of_a_wide_detector_is_found_in_two_passes(AxisMethod method)
    {
        Phantoms.Disc[] small = [.. Phantoms.Three.Select(d => d with { X = d.X / 3, Y = d.Y / 3, Radius = d.Radius / 3 })];
        using var projections = Phantoms.Project(small, Phantoms.Angles(120), 1, 600, 333.4, subRays: 2);
        var axis = RotationAxis.Find(projections, new FindAxisOptions { Method = method });
        TestContext.Current.TestOutputHelper?.WriteLine($"{method}: {axis.Column:0.000}");
        Assert.Equal(333.4, axis.Column, 0.05);
    }

    [Theory]
    [InlineData(AxisMethod.Entropy)]
    [InlineData(AxisMethod.Sharpness)]
    public void Noise_moves_the_answer_little(AxisMethod method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(180), 1, 128, 61.3);
        var random = new Random(7);
        for (var i = 0; i < projections.Memory.Length; i++)
        {
            projections.Memory.Span(i, 1)[0] += (random.NextSingle() - 0.5f) * 0.1f;
        }

        var axis = RotationAxis.Find(projections, new FindAxisOptions { Method = method });
        TestContext.Current.TestOutputHelper?.WriteLine($"{method}: {axis.Column:0.000}");
        Assert.Equal(61.3, axis.Column, 0.1);
    }

    [Theory]
    [InlineData(AxisMethod.Entropy)]
    [InlineData(AxisMethod.Sharpness)]
    public void An_answer_at_the_edge_of_the_range_warns(AxisMethod method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(180), 1, 128, 70.0);
        var axis = RotationAxis.Find(projections, new FindAxisOptions { Method = method, FromColumn = 60, ToColumn = 67 });
        Assert.Contains(axis.Warnings, w => w.Contains("Search a wider range", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AxisMethod.Vo)]
    [InlineData(AxisMethod.Entropy)]
    [InlineData(AxisMethod.Sharpness)]
    public void Too_few_projections_are_refused(AxisMethod method)
    {
        using var few = Phantoms.Project(Phantoms.Three, Phantoms.Angles(9), 1, 64, 31.5);
        var error = Assert.Throws<ArgumentException>(() => RotationAxis.Find(few, new FindAxisOptions { Method = method }));
        Assert.Contains("only 9 projections over 180 degrees", error.Message, StringComparison.Ordinal);
        Assert.Contains("phase correlation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Angles_in_radians_are_named_as_a_likely_cause()
    {
        double[] radians = [.. Phantoms.Angles(180).Select(a => a * Math.PI / 180)];
        using var stack = Phantoms.Project(Phantoms.Three, radians, 1, 64, 31.5);
        Assert.Contains("radians", Assert.Throws<ArgumentException>(() => RotationAxis.Find(stack)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AxisMethod.Vo)]
    [InlineData(AxisMethod.PhaseCorrelation)]
    [InlineData(AxisMethod.Entropy)]
    [InlineData(AxisMethod.Sharpness)]
    public void A_full_turn_given_to_a_method_of_half_a_turn_is_said(AxisMethod method)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(360, 360), 1, 128, 61.0);
        var axis = RotationAxis.Find(projections, new FindAxisOptions { Method = method });
        Assert.Equal(61.0, axis.Column, 0.25);
        var warning = Assert.Single(axis.Warnings);
        Assert.Contains("cover 360 degrees", warning, StringComparison.Ordinal);
        Assert.Contains("--method overlap", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 1, 64, 30.3);
        foreach (var method in new[] { AxisMethod.Entropy, AxisMethod.Sharpness })
        {
            Assert.Equal(With(1, method), With(2, method));
        }

        double With(int threads, AxisMethod method)
        {
            using var scope = RunContext.Use(new RunContext { MaxThreads = threads });
            return RotationAxis.Find(projections, new FindAxisOptions { Method = method }).Column;
        }
    }

    [Fact]
    public void The_slice_methods_agree_with_Vo_on_the_tooth()
    {
        using var scan = TomographyScan.Open(RealData.PathOf("aps2bm_tooth", "tooth.h5"));
        using var projections = scan.Normalize().MinusLog().Materialize();
        var vo = RotationAxis.Find(projections);
        foreach (var method in new[] { AxisMethod.Sharpness, AxisMethod.Entropy })
        {
            var axis = RotationAxis.Find(projections, new FindAxisOptions { Method = method });
            TestContext.Current.TestOutputHelper?.WriteLine($"{method} {axis}, vo {vo}");
            Assert.Equal(vo.Column, axis.Column, 0.5);
        }
    }
}
