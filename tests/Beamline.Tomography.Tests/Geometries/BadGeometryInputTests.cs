using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;

namespace Beamline.Tomography.Tests;

/// <summary>What fan, cone and tilted beams do with input as it comes: in any order, doubled, too short, broken, diverging.</summary>
public sealed class BadGeometryInputTests
{
    private const int N = 48;

    public static TheoryData<string> Kinds => ["fan", "cone", "laminography"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Views_in_any_order_and_twice_count_as_much_as_they_should(string kind)
    {
        var angles = Phantoms.Angles(120, 360);
        using var expected = Run(kind, angles, out _);
        var random = new Random(2);
        using var shuffled = Run(kind, [.. angles.OrderBy(_ => random.Next())], out _);
        Assert.InRange(IterativeValueTests.Difference(shuffled, expected), 0, 2e-6);
        // Every third view twice, and the end of the turn is its beginning.
        using var doubled = Run(kind, [.. angles, .. angles.Where((_, i) => i % 3 == 0), 360.0], out _);
        Assert.InRange(IterativeValueTests.Difference(doubled, expected), 0, 2e-6);
    }

    [Theory]
    [InlineData("fan", "too few for a fan")]
    [InlineData("cone", "too few for a fan")]
    [InlineData("laminography", "needs a full turn")]
    public void Half_a_turn_is_told_and_a_full_one_is_not(string kind, string words)
    {
        using var half = Run(kind, Phantoms.Angles(60), out var warnings);
        Assert.Contains(words, Assert.Single(warnings), StringComparison.Ordinal);
        using var full = Run(kind, Phantoms.Angles(60, 360), out warnings);
        Assert.Empty(warnings);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_that_are_not_finite_are_taken_as_nothing_and_told(string kind)
    {
        using var volume = Run(kind, Phantoms.Angles(40, 360), out var warnings, stack =>
        {
            stack.Frame(3).Fill(float.NaN);
            stack.Frame(7)[N + 5] = float.PositiveInfinity;
        });
        for (var z = 0; z < volume.SliceCount; z++)
        {
            Assert.True(volume.Slice(z).ToArray().All(float.IsFinite), $"slice {z}");
        }

        // Slabs may see the same rows, but a stack this small is one slab.
        Assert.Contains(warnings, w => w.StartsWith($"{(16 * N) + 1} values", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Frames_of_another_size_than_the_geometry_are_refused(string kind)
    {
        var geometry = Of(kind, Phantoms.Angles(10, 360));
        using var narrow = new MemoryProjectionStack(Phantoms.Angles(10, 360), 16, N - 1) { Quantity = Quantity.LineIntegral };
        using var fewer = new MemoryProjectionStack(Phantoms.Angles(9, 360), 16, N) { Quantity = Quantity.LineIntegral };
        Assert.Contains($"{N} columns", Assert.Throws<ArgumentException>(() => Make(geometry, narrow)).Message, StringComparison.Ordinal);
        Assert.Contains("10 views, but there are 9", Assert.Throws<ArgumentException>(() => Make(geometry, fewer)).Message, StringComparison.Ordinal);
        Assert.Contains($"{N} columns", Assert.Throws<ArgumentException>(() => IterativeReconstruction.Run(narrow, geometry)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_that_diverges_stops_says_why_and_keeps_its_last_good_iterate(string kind)
    {
        var geometry = Of(kind, Phantoms.Angles(12, 360));
        using var projections = Ball(geometry);
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var result = IterativeReconstruction.Run(projections, geometry, new IterativeOptions
        {
            Iterations = 200, Relaxation = RelaxationSchedule.Constant(2.8),
        });
        // The ball does not reach into the first and last slices of a fan, which end at once.
        var stops = result.Stops.Count == 1 ? result.Stops : [.. result.Stops.Skip(4).Take(8)];
        Assert.All(stops, s => Assert.Equal(StopReason.Diverged, s.Reason));
        Assert.All(result.Stops, s => Assert.InRange(s.RelativeResidual, 0, 1));
        Assert.True(result.History.Count < 150, $"{result.History.Count} iterations");
        Assert.True(result.Volume.Slice(8).ToArray().All(v => float.IsFinite(v) && Math.Abs(v) < 10));
        Assert.Contains("diverged", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static Volume Run(string kind, double[] angles, out List<string> warnings, Action<MemoryProjectionStack>? spoil = null)
    {
        var geometry = Of(kind, angles);
        using var projections = Ball(geometry);
        spoil?.Invoke(projections);
        List<string> heard = [];
        using var scope = RunContext.Use(new RunContext { Warning = heard.Add });
        warnings = heard;
        return Make(geometry, projections);
    }

    private static MemoryProjectionStack Ball(Geometry geometry) =>
        new EllipsoidPhantom([Ellipsoid.Ball(1, -2, 0, 7, 0.05)]).Project(geometry, geometry is FanGeometry ? 16 : null);

    private static Volume Make(Geometry geometry, ProjectionStack projections) => geometry switch
    {
        FanGeometry fan => Reconstruction.Fan(projections, fan),
        ConeGeometry cone => Reconstruction.Fdk(projections, cone),
        _ => Reconstruction.Laminography(projections, (LaminographyGeometry)geometry),
    };

    private static Geometry Of(string kind, double[] angles) => kind switch
    {
        "fan" => new FanGeometry(angles, N, SomeGeometries.Mm(60), SomeGeometries.Mm(90), SomeGeometries.Mm(0.6), imageSize: 32),
        "cone" => new ConeGeometry(angles, 16, N, SomeGeometries.Mm(60), SomeGeometries.Mm(90), SomeGeometries.Mm(0.6), imageSize: 32),
        _ => new LaminographyGeometry(angles, 16, N, 25, imageSize: 32, sliceCount: 16),
    };
}
