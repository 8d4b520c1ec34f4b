using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;

namespace Beamline.Tomography.Tests;

/// <summary>Iterative methods on geometries other than the parallel beam.</summary>
public sealed class IterativeGeometryTests
{
    private static readonly IterativeMethod[] All = Enum.GetValues<IterativeMethod>();

    public static TheoryData<IterativeMethod> Methods => [.. All];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_disc_in_a_fan_reads_its_attenuation(IterativeMethod method)
    {
        var geometry = new FanGeometry(
            Phantoms.Angles(90, 360), 72, SomeGeometries.Mm(60), SomeGeometries.Mm(90), SomeGeometries.Mm(0.3), new RotationAxis(34), imageSize: 56);
        using var projections = new EllipsoidPhantom(
            [new Ellipsoid(new Vector3D(2, -1, 0), new Vector3D(18, 16, 1e4), 0, geometry.VoxelSize.Centimeters)]).Project(geometry, 2);
        using var result = IterativeReconstruction.Run(projections, geometry, new IterativeOptions { Method = method });
        Assert.Equal(Quantity.AttenuationPerCentimeter, result.Volume.Quantity);
        Assert.Equal(2, result.Stops.Count);
        Assert.InRange(IterativeValueTests.Mean(result.Volume, 1, 27.5 + 2, 27.5 - 1, 6), 0.995, 1.005);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_ball_in_a_cone_reads_its_attenuation(IterativeMethod method)
    {
        var geometry = new ConeGeometry(
            Phantoms.Angles(45, 360), 36, 40, SomeGeometries.Mm(144), SomeGeometries.Mm(216), SomeGeometries.Mm(1.5), imageSize: 36, sliceCount: 28);
        using var projections = new EllipsoidPhantom([Ellipsoid.Ball(1, -1, 0.5, 10.8, 0.5 * geometry.VoxelSize.Centimeters)]).Project(geometry, subRays: 4);
        using var result = IterativeReconstruction.Run(projections, geometry, new IterativeOptions
        {
            Method = method,
            Iterations = method switch
            {
                IterativeMethod.TvFista => 80, IterativeMethod.AsdPocs => 25, IterativeMethod.Sart => 3, _ => null,
            },
        });
        Assert.Equal(28, result.Volume.SliceCount);
        Assert.Equal(StopReason.IterationLimit, Assert.Single(result.Stops).Reason);
        Assert.InRange(result.History[^1].RelativeResidual, 0, 0.03);
        Assert.InRange(IterativeValueTests.Mean(result.Volume, 14, 18.5, 16.5, 3), 0.5 * 0.995, 0.5 * 1.005);
    }

    [Fact]
    public void A_volume_has_one_step_and_one_end_for_all_its_slices()
    {
        // CGLS written out with vectors, against the run in which lanes are parts of the volume.
        var geometry = (ConeGeometry)SomeGeometries.All["cone"];
        using var projections = new EllipsoidPhantom([Ellipsoid.Ball(1, -1, 0, 5, 0.1)]).Project(geometry);
        var voxel = geometry.VoxelSize.Centimeters;
        using var result = IterativeReconstruction.Run(projections, geometry, new IterativeOptions { Method = IterativeMethod.Cgls, Iterations = 3 });
        using var projector = new VectorProjector(geometry, ProjectorBackend.Scalar);
        using var b = projector.Range.Allocate(16);
        using var x = projector.Domain.Allocate(16);
        using var s = projector.Domain.Allocate(16);
        using var p = projector.Domain.Allocate(16);
        using var q = projector.Range.Allocate(16);
        projector.Fill(projections, b);
        projector.Adjoint(b, s);
        Add(p, s, 1, 0);
        var gamma = TestSlabs.Inner(s, s);
        for (var i = 0; i < 3; i++)
        {
            projector.Forward(p, q);
            var alpha = gamma / TestSlabs.Inner(q, q);
            Add(x, p, alpha, 1);
            Add(b, q, -alpha, 1);
            projector.Adjoint(b, s);
            var next = TestSlabs.Inner(s, s);
            Add(p, s, 1, next / gamma);
            gamma = next;
        }

        using var expected = projector.ToVolume(x);
        for (var z = 0; z < 16; z++)
        {
            for (var i = 0; i < 18 * 18; i++)
            {
                Assert.Equal(expected.Slice(z)[i], result.Volume.Slice(z)[i] * voxel, 2e-5);
            }
        }

        Assert.Equal(Math.Sqrt(TestSlabs.Inner(b, b) / Data()), result.History[3].RelativeResidual, 1e-4);

        double Data()
        {
            projector.Fill(projections, q);
            return TestSlabs.Inner(q, q);
        }
    }

    [Fact]
    public void Bounds_masks_starts_and_previews_hold_for_a_volume()
    {
        var geometry = new LaminographyGeometry(Phantoms.Angles(24, 360), 30, 32, 20, imageSize: 24, sliceCount: 20, pixelSize: SomeGeometries.Mm(0.1));
        using var projections = new EllipsoidPhantom([Ellipsoid.Ball(0, 0, 0, 6, 0.05)]).Project(geometry);
        var seen = new List<IterationPreview>();
        var options = new IterativeOptions
        {
            Iterations = 5, Minimum = 1, Maximum = 4, MaskOutsideCircle = true, Preview = new Direct(seen.Add), PreviewEvery = 1, PreviewSlice = 19,
        };
        using var result = IterativeReconstruction.Run(projections, geometry, options);
        Assert.Equal(0, result.Volume[19, 0, 0]);
        Assert.InRange(result.Volume[19, 12, 12], 1 - 1e-5, 4);
        Assert.InRange(result.Volume[10, 12, 12], 3.5, 4 * (1 + 1e-6));
        Assert.Equal(6, seen.Count);
        Assert.Equal(result.Volume[19, 12, 12], seen[^1].Slice[12, 12], 1e-5);
        using var on = IterativeReconstruction.Run(projections, geometry, options with { Start = result.Volume, Iterations = 1 });
        Assert.Equal(result.History[^1].RelativeResidual, on.History[0].RelativeResidual, 1e-4);
        using var tight = RunContext.Use(new RunContext { MemoryLimitBytes = 1 });
        Assert.Throws<InsufficientMemoryException>(() => IterativeReconstruction.Plan(projections, geometry));
    }

    [Fact]
    public void Null_stays_an_axis_to_be_found()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(60), 1, 48, 23.5);
        using var volume = Reconstruction.Fbp(projections, null, new FbpOptions());
        using var result = IterativeReconstruction.Run(projections, null, new IterativeOptions { Iterations = 1 });
        Assert.Contains("axisColumn", result.Volume.Provenance.ToString(), StringComparison.Ordinal);
    }

    private static void Add(InterleavedSlab target, InterleavedSlab other, double factor, double keep)
    {
        for (var i = 0; i < target.OuterCount; i++)
        {
            for (var j = 0; j < target.InnerCount; j++)
            {
                for (var lane = 0; lane < target.Lanes; lane++)
                {
                    target[i, j, lane] = (float)((keep * target[i, j, lane]) + (factor * other[i, j, lane]));
                }
            }
        }
    }

    private sealed class Direct(Action<IterationPreview> heard) : IProgress<IterationPreview>
    {
        public void Report(IterationPreview value) => heard(value);
    }
}
