using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data;

namespace Beamline.Tomography.Tests;

public sealed class RotationAxisTests
{
    [Theory]
    [InlineData(63.5)]
    [InlineData(60.3)]
    [InlineData(70.75)]
    [InlineData(50.0)]
    public void Vo_finds_the_axis_of_a_phantom(double truth)
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(180), 4, 128, truth);
        var axis = RotationAxis.Find(projections);
        Assert.Equal(truth, axis.Column, 0.15);
        Assert.Equal("vo", axis.Method);
        Assert.Empty(axis.Warnings);
    }

    [Theory]
    [InlineData(63.5)]
    [InlineData(60.3)]
    [InlineData(70.75)]
    [InlineData(50.0)]
    public void Phase_correlation_finds_the_axis_of_a_phantom(double truth)
    {
        double[] angles = [.. Enumerable.Range(0, 181).Select(i => (double)i)];
        using var projections = Phantoms.Project(Phantoms.Three, angles, 4, 128, truth);
        var axis = RotationAxis.Find(projections, new FindAxisOptions { Method = AxisMethod.PhaseCorrelation });
        Assert.Equal(truth, axis.Column, 0.1);
        Assert.Empty(axis.Warnings);
    }

    [Fact]
    public void Vo_finds_the_axis_of_a_sample_wider_than_the_detector()
    {
        Phantoms.Disc[] wide = [new(0.1, 0, 1.3, 0.01), .. Phantoms.Three];
        using var projections = Phantoms.Project(wide, Phantoms.Angles(180), 2, 128, 66.0);
        Assert.Equal(66.0, RotationAxis.Find(projections).Column, 0.5);
    }

    [Fact]
    public void Vo_finds_the_axis_of_a_full_turn_and_of_descending_angles()
    {
        foreach (var angles in new[] { Phantoms.Angles(360, 360), [.. Phantoms.Angles(180).Reverse()] })
        {
            using var projections = Phantoms.Project(Phantoms.Three, angles, 2, 128, 61.0);
            Assert.Equal(61.0, RotationAxis.Find(projections).Column, 0.2);
        }
    }

    [Theory]
    [InlineData(AxisMethod.Vo)]
    [InlineData(AxisMethod.PhaseCorrelation)]
    public void An_answer_at_the_edge_of_the_range_warns(AxisMethod method)
    {
        double[] angles = [.. Enumerable.Range(0, 181).Select(i => (double)i)];
        using var projections = Phantoms.Project(Phantoms.Three, angles, 2, 128, 70.0);
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        var axis = RotationAxis.Find(projections, new FindAxisOptions { Method = method, FromColumn = 55, ToColumn = 66 });
        Assert.Contains(axis.Warnings, w => w.Contains("edge of the searched range", StringComparison.Ordinal));
        Assert.Equal(axis.Warnings, warnings);
    }

    [Fact]
    public void Noise_without_a_sample_warns()
    {
        var random = new Random(3);
        using var air = new MemoryProjectionStack(Phantoms.Angles(180), 2, 64) { Quantity = Quantity.LineIntegral };
        for (var i = 0; i < air.Memory.Length; i++)
        {
            air.Memory.Span(i, 1)[0] = (random.NextSingle() - 0.5f) * 0.01f;
        }

        Assert.NotEmpty(RotationAxis.Find(air).Warnings);
    }

    [Fact]
    public void Too_few_angles_are_refused_with_a_way_out()
    {
        using var wedge = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60, 120), 1, 64, 31.5);
        Assert.Contains("half a turn", Assert.Throws<ArgumentException>(() => RotationAxis.Find(wedge)).Message, StringComparison.Ordinal);
        var options = new FindAxisOptions { Method = AxisMethod.PhaseCorrelation };
        Assert.Contains("180 degrees apart", Assert.Throws<ArgumentException>(() => RotationAxis.Find(wedge, options)).Message, StringComparison.Ordinal);
        using var single = Phantoms.Project(Phantoms.Three, [0], 1, 64, 31.5);
        Assert.Throws<ArgumentException>(() => RotationAxis.Find(single));
        Assert.Throws<ArgumentException>(() => RotationAxis.Find(single, options));
    }

    [Fact]
    public void A_range_off_the_detector_is_refused()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(90), 1, 64, 31.5);
        foreach (var (from, to) in new[] { (-1.0, 20.0), (20.0, 64.0), (30.0, 20.0) })
        {
            var options = new FindAxisOptions { FromColumn = from, ToColumn = to };
            Assert.Contains("columns are 0 to 63", Assert.Throws<ArgumentException>(() => RotationAxis.Find(projections, options)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Both_methods_agree_on_the_tooth()
    {
        using var scan = TomographyScan.Open(RealData.PathOf("aps2bm_tooth", "tooth.h5"));
        var projections = scan.Normalize().MinusLog();
        var vo = RotationAxis.Find(projections);
        var pair = RotationAxis.Find(projections, new FindAxisOptions { Method = AxisMethod.PhaseCorrelation });
        TestContext.Current.TestOutputHelper?.WriteLine($"vo {vo}, phase correlation {pair}");
        Assert.Equal(vo.Column, pair.Column, 1.5);
    }

    [Fact]
    public void The_middle_of_N_columns_is_half_of_N_minus_1()
    {
        Assert.Equal(1.5, RotationAxis.Middle(4).Column);
        Assert.Equal(2, RotationAxis.Middle(5).Column);
    }
}
