using Beamline.Arrays;
using Beamline.Data.Simulation;

namespace Beamline.Tomography.Tests;

/// <summary>
/// The table of docs/geometry.md: a uniform body of attenuation mu reads mu within 0.5 % in its middle, for every filter of fan and cone beam and
/// on every back end of every method. Iterative methods are in IterativeValueTests (parallel beam) and IterativeGeometryTests (fan and cone).
/// </summary>
public sealed class UniformDiscTests
{
    private const double Mu = 5, Tolerance = 0.005 * Mu;

    public static TheoryData<string, FbpFilter> Filters
    {
        get
        {
            var data = new TheoryData<string, FbpFilter>();
            foreach (var geometry in new[] { "flat fan", "curved fan", "cone", "rolled cone" })
            {
                foreach (var filter in Enum.GetValues<FbpFilter>().Where(f => f != FbpFilter.None))
                {
                    data.Add(geometry, filter);
                }
            }

            return data;
        }
    }

    public static TheoryData<string, ProjectorBackend> Backends
    {
        get
        {
            var data = new TheoryData<string, ProjectorBackend>();
            foreach (var method in Methods.Keys)
            {
                // The simulator takes a minute for a cone; VectorProjectorTests hold its projections against the scalar ones.
                ProjectorBackend[] backends = method == "os-sart cone"
                    ? [ProjectorBackend.Scalar, ProjectorBackend.Simd]
                    : [ProjectorBackend.Scalar, ProjectorBackend.Simd, ProjectorBackend.Ilgpu];
                foreach (var backend in backends)
                {
                    data.Add(method, backend);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public void With_every_filter(string geometry, FbpFilter filter)
    {
        var options = new FdkOptions { Filter = filter };
        var angles = Phantoms.Angles(144, 360);
        if (geometry.EndsWith("fan", StringComparison.Ordinal))
        {
            var fan = Fan(angles, 80, 64, geometry == "flat fan" ? FanDetector.Flat : FanDetector.Curved);
            using var rays = Column(fan.VoxelSize, 22).Project(fan, 1, 3);
            using var slice = Reconstruction.Fan(rays, fan, options);
            Assert.Equal(Mu, IterativeValueTests.Mean(slice, 0, 33, 30, 5), Tolerance);
            return;
        }

        var cone = Cone(angles, 24, 64, geometry == "cone" ? 0 : 4);
        using var projections = Column(cone.VoxelSize, 18).Project(cone, subRays: 2);
        using var volume = Reconstruction.Fdk(projections, cone, options);
        Assert.Equal(Mu, IterativeValueTests.Mean(volume, 8, 33, 30, 4), Tolerance);
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void On_every_back_end(string method, ProjectorBackend backend)
    {
        using var volume = Methods[method](backend);
        var middle = (volume.ColumnCount - 1) / 2.0;
        Assert.Equal(Mu, IterativeValueTests.Mean(volume, volume.SliceCount / 2, middle + 1, middle - 1, 2), Tolerance);
    }

    private static readonly Dictionary<string, Func<ProjectorBackend, Volume>> Methods = new(StringComparer.Ordinal)
    {
        ["fbp"] = backend => Reconstruction.Fbp(Parallel(), RotationAxis.Middle(48), new FbpOptions { Backend = backend }),
        ["fan"] = backend =>
        {
            var fan = Fan(Phantoms.Angles(72, 360), 56, 40, FanDetector.Flat);
            return Reconstruction.Fan(Column(fan.VoxelSize, 12).Project(fan, 1, 4), fan, new FdkOptions { Backend = backend });
        },
        ["fdk"] = backend =>
        {
            var cone = Cone(Phantoms.Angles(72, 360), 8, 32, 0);
            return Reconstruction.Fdk(Column(cone.VoxelSize, 10).Project(cone, subRays: 4), cone, new FdkOptions { Backend = backend });
        },
        ["laminography"] = backend =>
        {
            var geometry = new LaminographyGeometry(Phantoms.Angles(72, 360), 24, 40, 25, imageSize: 32, sliceCount: 6, pixelSize: Length.FromMillimeters(0.1));
            return Reconstruction.Laminography(Column(Length.FromMillimeters(0.1), 10).Project(geometry, subRays: 4), geometry, new FbpOptions { Backend = backend });
        },
        ["os-sart"] = backend => IterativeReconstruction.Run(
            Parallel(), RotationAxis.Middle(48), new IterativeOptions { Method = IterativeMethod.OsSart, Backend = backend }).Volume,
        ["os-sart fan"] = backend =>
        {
            var fan = Fan(Phantoms.Angles(60, 360), 40, 28, FanDetector.Flat);
            return IterativeReconstruction.Run(
                Column(fan.VoxelSize, 9).Project(fan, 1, 4), fan, new IterativeOptions { Method = IterativeMethod.OsSart, Iterations = 5, Backend = backend }).Volume;
        },
        ["os-sart cone"] = backend =>
        {
            // What lies above and below the volume has no place in it, so the body must be within.
            var cone = Cone(Phantoms.Angles(40, 360), 18, 22, 0);
            var ball = new EllipsoidPhantom([Ellipsoid.Ball(1, -1, 0.5, 7, Mu * cone.VoxelSize.Centimeters)]);
            return IterativeReconstruction.Run(
                ball.Project(cone, subRays: 4), cone, new IterativeOptions { Method = IterativeMethod.OsSart, Iterations = 6, Backend = backend }).Volume;
        },
    };

    private static MemoryProjectionStack Parallel() =>
        Phantoms.Project([new(0.02, -0.02, 0.6, 0.01)], Phantoms.Angles(72), 1, 48, 23.5, Length.FromMicrometers(20));

    private static EllipsoidPhantom Column(Length voxel, double radius) =>
        new([new Ellipsoid(new Vector3D(1, -1, 0), new Vector3D(radius, radius - 1, 1e5), 0, Mu * voxel.Centimeters)]);

    private static FanGeometry Fan(double[] angles, int columns, int size, FanDetector detector) => new(
        angles, columns, Length.FromMillimeters(3 * size), Length.FromMillimeters(4.5 * size), Length.FromMillimeters(1.5), detector: detector, imageSize: size);

    private static ConeGeometry Cone(double[] angles, int slices, int size, double roll) => new(
        angles, slices + 12, size + 12, Length.FromMillimeters(4 * size), Length.FromMillimeters(6 * size), Length.FromMillimeters(1.5),
        detectorRollDegrees: roll, imageSize: size, sliceCount: slices);
}
