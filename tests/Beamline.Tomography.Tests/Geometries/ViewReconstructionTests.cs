using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;

namespace Beamline.Tomography.Tests;

/// <summary>Filtered backprojection from fan, cone, tilted and vector geometry against ellipsoids whose line integrals are known.</summary>
public sealed class ViewReconstructionTests
{
    private const int N = 96;
    private static readonly Length Pixel = SomeGeometries.Mm(0.2);

    private static readonly Dictionary<string, FanGeometry> FanCases = new(StringComparer.Ordinal)
    {
        ["full turn"] = Fan(Phantoms.Angles(240, 360)),
        ["curved"] = Fan(Phantoms.Angles(240, 360), FanDetector.Curved),
        ["axis off the middle"] = Fan(Phantoms.Angles(240, 360), axis: 71),
        ["curved, axis off the middle"] = Fan(Phantoms.Angles(240, 360), FanDetector.Curved, 71),
        ["short scan"] = Fan([.. Phantoms.Angles(150, 216).Select(a => a + 33)]),
        ["short scan backward, off the middle"] = Fan([.. Phantoms.Angles(160, 232).Select(a => 100 - a)], axis: 71),
        ["curved short scan"] = Fan(Phantoms.Angles(150, 220), FanDetector.Curved),
        ["uneven angles"] = Fan([.. Phantoms.Angles(240, 360).Select((a, i) => a + (i % 3 * 0.4))]),
    };

    public static TheoryData<string> Fans => [.. FanCases.Keys];

    public static TheoryData<string> Cones => [.. ConeCases.Keys];

    [Theory]
    [MemberData(nameof(Fans))]
    public void A_disc_in_a_fan_reads_its_attenuation_in_the_middle(string name)
    {
        var geometry = FanCases[name];
        // 5 per centimeter; the disc is off the middle.
        var mu = 5 * geometry.VoxelSize.Centimeters;
        var phantom = new EllipsoidPhantom([new Ellipsoid(new Vector3D(3, -5, 0), new Vector3D(30, 26, 1e4), 20, mu)]);
        using var projections = phantom.Project(geometry, 2);
        using var volume = Reconstruction.Fan(projections, geometry);
        Assert.Equal((2, N, N), (volume.SliceCount, volume.RowCount, volume.ColumnCount));
        Assert.Equal(Quantity.AttenuationPerCentimeter, volume.Quantity);
        var found = IterativeValueTests.Mean(volume, 1, 47.5 + 3, 47.5 - 5, 8);
        Assert.True(Math.Abs(found - 5) < 0.005 * 5, $"{name}: {found}");
        var flat = Spread(volume, 1, 47.5 + 3, 47.5 - 5, 14);
        Assert.True(flat < 0.012 * 5, $"{name}: the disc varies by {flat}");
        Assert.InRange(Math.Abs(IterativeValueTests.Mean(volume, 0, 18, 18, 3)), 0, 0.06);
    }

    private static readonly Dictionary<string, ConeGeometry> ConeCases = new(StringComparer.Ordinal)
    {
        ["full turn"] = Cone(Phantoms.Angles(180, 360)),
        ["offset detector and row"] = Cone(Phantoms.Angles(180, 360), axis: 59, centralRow: 28),
        ["short scan"] = Cone([.. Phantoms.Angles(140, 225).Select(a => a - 50)]),
        ["rolled detector"] = Cone(Phantoms.Angles(180, 360), roll: 5),
        ["other voxels"] = Cone(Phantoms.Angles(180, 360), voxel: SomeGeometries.Mm(0.115)),
    };

    [Theory]
    [MemberData(nameof(Cones))]
    public void A_ball_in_a_cone_reads_its_attenuation_in_the_middle(string name)
    {
        var geometry = ConeCases[name];
        var mu = 5 * geometry.VoxelSize.Centimeters;
        var phantom = new EllipsoidPhantom([Ellipsoid.Ball(2, -3, 1, 19, mu)]);
        using var projections = phantom.Project(geometry, subRays: 3);
        using var volume = Reconstruction.Fdk(projections, geometry);
        Assert.Equal(VoxelSize.Cube(geometry.VoxelSize), volume.VoxelSize);
        var z = (volume.SliceCount - 1) / 2;
        var middle = geometry.ImageCenter;
        var found = IterativeValueTests.Mean(volume, z + 1, middle + 2, middle - 3, 5);
        Assert.True(Math.Abs(found - 5) < 0.005 * 5, $"{name}: {found}");
        Assert.True(Math.Abs(volume[z + 16, (int)middle - 3, (int)middle + 2] - 5) < 0.03 * 5, $"{name} above: {volume[z + 16, (int)middle - 3, (int)middle + 2]}");
        Assert.InRange(Math.Abs(IterativeValueTests.Mean(volume, z, middle - 18, middle + 18, 3)), 0, 0.08);
    }

    [Theory]
    [InlineData("flat"), InlineData("curved"), InlineData("cone")]
    public void A_wide_fan_reads_the_same_in_the_middle_and_at_the_rim(string kind)
    {
        // Rays up to 23 degrees off the middle: there the cosine of a ray is 0.92, and (angle / sine)² of two such rays 1.25.
        const int Size = 96;
        var (toAxis, toDetector, pixel) = (SomeGeometries.Mm(120), SomeGeometries.Mm(180), SomeGeometries.Mm(1.5));
        var angles = Phantoms.Angles(300, 360);
        Geometry geometry = kind == "cone"
            ? new ConeGeometry(angles, 8, 104, toAxis, toDetector, pixel, imageSize: Size, sliceCount: 3)
            : new FanGeometry(angles, 104, toAxis, toDetector, pixel, null, kind == "flat" ? FanDetector.Flat : FanDetector.Curved, Size);
        using var projections = new EllipsoidPhantom([new Ellipsoid(new Vector3D(0, 0, 0), new Vector3D(42, 42, 1e5), 0, 0.5)]).Project(geometry, kind == "cone" ? null : 1, 3);
        using var volume = geometry is ConeGeometry cone ? Reconstruction.Fdk(projections, cone) : Reconstruction.Fan(projections, (FanGeometry)geometry);
        // 1 millimeter a voxel.
        var z = volume.SliceCount / 2;
        Assert.Equal(5, IterativeValueTests.Mean(volume, z, 47.5, 47.5, 4), 0.025);
        foreach (var (x, y) in new[] { (36, 0), (0, -36), (-25, 25) })
        {
            Assert.Equal(5, IterativeValueTests.Mean(volume, z, 47.5 + x, 47.5 + y, 2), 0.05);
        }
    }

    [Theory]
    [InlineData(0), InlineData(7)]
    public void A_ball_in_a_cone_comes_out_in_its_place(double roll)
    {
        var geometry = Cone(Phantoms.Angles(120, 360), axis: 45, centralRow: 34, roll: roll);
        using var projections = new EllipsoidPhantom([Ellipsoid.Ball(10, -6, 7, 6, 0.1)]).Project(geometry);
        // The projector's rays are those of the phantom; the backprojection has matrices of its own.
        using var volume = Reconstruction.Fdk(projections, geometry);
        double sum = 0, x = 0, y = 0, z = 0;
        for (var k = 0; k < volume.SliceCount; k++)
        {
            for (var j = 0; j < volume.RowCount; j++)
            {
                for (var i = 0; i < volume.ColumnCount; i++)
                {
                    var value = Math.Max(0, volume[k, j, i] * geometry.VoxelSize.Centimeters - 0.04);
                    (sum, x, y, z) = (sum + value, x + (value * i), y + (value * j), z + (value * k));
                }
            }
        }

        Assert.Equal(geometry.ImageCenter + 10, x / sum, 0.1);
        Assert.Equal(geometry.ImageCenter - 6, y / sum, 0.1);
        Assert.Equal(((volume.SliceCount - 1) / 2.0) + 7, z / sum, 0.1);
    }

    [Fact]
    public void Axis_central_row_and_tilt_lie_where_the_documents_say()
    {
        // By hand, from the figure of docs/geometry.md: where a point falls on the detector.
        var axis = new Vector3D(0, 0, 3);
        var cone = new ConeGeometry([0], 41, 51, SomeGeometries.Mm(30), SomeGeometries.Mm(60), SomeGeometries.Mm(2), new RotationAxis(20), 12, imageSize: 16, sliceCount: 16).ToVectors();
        var m = Geometries.ViewMatrix.Of(cone, cone.Views[0]);
        Assert.Equal(20, (m.U.Dot(axis) + m.U0) / (m.D.Dot(axis) + m.D0), 1e-9);
        Assert.Equal(12 + 3, m.Row(axis), 1e-9);
        Assert.Equal(20 + 5, (m.U.Dot(new Vector3D(5, 0, 0)) + m.U0) / (m.D.Dot(new Vector3D(5, 0, 0)) + m.D0), 1e-9);
        var fan = new FanGeometry([0], 51, SomeGeometries.Mm(30), SomeGeometries.Mm(60), SomeGeometries.Mm(2), new RotationAxis(20), imageSize: 16).ToVectors();
        m = Geometries.ViewMatrix.Of(fan, fan.Views[0]);
        Assert.Equal(20 + 5, (m.U.Dot(new Vector3D(5, 0, 0)) + m.U0) / (m.D.Dot(new Vector3D(5, 0, 0)) + m.D0), 1e-9);
        // The upper end of the axis (z below 0) leans toward the source, so a point behind the axis falls on a row above.
        var tilted = new LaminographyGeometry([0], 41, 51, 30, new RotationAxis(20), 12).ToVectors();
        m = Geometries.ViewMatrix.Of(tilted, tilted.Views[0]);
        Assert.Equal(12 + (3 * Math.Cos(Math.PI / 6)), m.Row(axis), 1e-9);
        Assert.Equal(12 - (4 * Math.Sin(Math.PI / 6)), m.Row(new Vector3D(0, 4, 0)), 1e-9);
    }

    [Fact]
    public void A_detector_moved_aside_sees_twice_the_width()
    {
        // The detector reaches 14 columns beyond the axis on one side and 81 on the other.
        var geometry = new ConeGeometry(Phantoms.Angles(300, 360), 24, N, SomeGeometries.Mm(60), SomeGeometries.Mm(90), Pixel, new RotationAxis(14), imageSize: 140);
        var mu = 5 * geometry.VoxelSize.Centimeters;
        var phantom = new EllipsoidPhantom([new Ellipsoid(new Vector3D(4, 2, 0), new Vector3D(60, 56, 1e4), 0, mu)]);
        using var projections = phantom.Project(geometry);
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        using var volume = Reconstruction.Fdk(projections, geometry, new FdkOptions { OffsetDetector = true });
        Assert.InRange(IterativeValueTests.Mean(volume, 12, 69.5, 69.5, 6), 5 * 0.99, 5 * 1.01);
        Assert.InRange(IterativeValueTests.Mean(volume, 12, 110, 69.5, 6), 5 * 0.99, 5 * 1.01);
        using var naive = Reconstruction.Fdk(projections, geometry);
        Assert.True(Math.Abs(IterativeValueTests.Mean(naive, 12, 110, 69.5, 6) - 5) > 0.5, "without the weights one side is missing");
        Assert.Contains("OffsetDetector", Assert.Throws<ArgumentException>(() => Reconstruction.Fdk(
            projections, Cone(Phantoms.Angles(300, 210), rows: 24), new FdkOptions { OffsetDetector = true })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    [InlineData(-40)]
    public void A_column_along_a_tilted_axis_reads_its_attenuation(double tilt)
    {
        var geometry = new LaminographyGeometry(
            Phantoms.Angles(200, 360), 64, N, tilt, new RotationAxis(46), 30, imageSize: 80, sliceCount: 24, pixelSize: SomeGeometries.Mm(0.1));
        var phantom = new EllipsoidPhantom([new Ellipsoid(new Vector3D(3, -2, 0), new Vector3D(18, 15, 1e5), 0, 5 * 0.01)]);
        using var projections = phantom.Project(geometry);
        using var volume = Reconstruction.Laminography(projections, geometry);
        Assert.InRange(IterativeValueTests.Mean(volume, 12, 39.5 + 3, 39.5 - 2, 5), 5 * 0.995, 5 * 1.005);
        Assert.InRange(Math.Abs(IterativeValueTests.Mean(volume, 12, 10, 40, 3)), 0, 0.05);
    }

    [Theory]
    [InlineData(15, 20, 20)]
    [InlineData(-30, 20, 20)]
    [InlineData(30, 12, 30)]
    [InlineData(45, 24, 12)]
    [InlineData(60, 20, 20)]
    public void An_ellipsoid_under_a_tilted_axis_lacks_the_missing_cone_and_nothing_else(double tilt, double wide, double high)
    {
        // Frequencies within the tilt of the axis are not measured. An ellipsoid is a ball in stretched coordinates, so that its value in the
        // middle is the part of all directions outside the stretched cone: 1 / sqrt(1 + (wide / high)² tan² tilt).
        var geometry = new LaminographyGeometry(
            Phantoms.Angles(180, 360), 150, 128, tilt, imageSize: 64, sliceCount: 16, pixelSize: SomeGeometries.Mm(0.1));
        using var projections = new EllipsoidPhantom([new Ellipsoid(new Vector3D(0.5, 0.5, 0.5), new Vector3D(wide, wide, high), 0, 5 * 0.01)]).Project(geometry);
        using var volume = Reconstruction.Laminography(projections, geometry);
        var tangent = Math.Tan(tilt * Math.PI / 180) * wide / high;
        var expected = 5 / Math.Sqrt(1 + (tangent * tangent));
        Assert.InRange(IterativeValueTests.Mean(volume, 8, 32, 32, 2), expected * 0.995, expected * 1.005);
    }

    [Fact]
    public void A_ball_under_a_tilted_axis_comes_out_in_its_place()
    {
        var geometry = new LaminographyGeometry(Phantoms.Angles(180, 360), 64, N, 30, imageSize: 80, sliceCount: 48);
        using var projections = new EllipsoidPhantom([Ellipsoid.Ball(12, -7, 9, 5, 0.1)]).Project(geometry);
        using var volume = Reconstruction.Laminography(projections, geometry);
        double sum = 0, x = 0, y = 0, z = 0;
        for (var k = 0; k < 48; k++)
        {
            for (var j = 0; j < 80; j++)
            {
                for (var i = 0; i < 80; i++)
                {
                    var value = Math.Max(0, volume[k, j, i] - 0.04);
                    (sum, x, y, z) = (sum + value, x + (value * i), y + (value * j), z + (value * k));
                }
            }
        }

        Assert.Equal(39.5 + 12, x / sum, 0.1);
        Assert.Equal(39.5 - 7, y / sum, 0.1);
        Assert.Equal(23.5 + 9, z / sum, 0.1);
    }

    [Fact]
    public void Shifts_and_pixel_sizes_of_each_view_are_undone()
    {
        var random = new Random(5);
        var views = Phantoms.Angles(180).Select(a =>
        {
            var (sin, cos) = Math.SinCos(a * Math.PI / 180);
            var (shift, size) = ((random.NextDouble() * 8) - 4, 0.9 + (random.NextDouble() * 0.2));
            return GeometryView.InSlice(-sin, cos, shift * cos, shift * sin, size * cos, size * sin);
        });
        var geometry = VectorGeometry.Slices(BeamShape.Parallel, views, 110, N, SomeGeometries.Mm(0.1));
        var phantom = new EllipsoidPhantom([new Ellipsoid(new Vector3D(3, -5, 0), new Vector3D(30, 26, 1e4), 20, 0.05)]);
        using var projections = phantom.Project(geometry, 3);
        using var volume = Reconstruction.Fbp(projections, geometry);
        Assert.InRange(IterativeValueTests.Mean(volume, 2, 50.5, 42.5, 8), 5 * 0.995, 5 * 1.005);
        using var without = Reconstruction.Fbp(projections, new RotationAxis(54.5), new FbpOptions { ImageSize = N });
        Assert.True(Spread(volume, 1, 50.5, 42.5, 18) < Spread(without, 1, 50.5, 42.5, 18) / 3, "shifts that nobody undoes blur the disc");
    }

    [Fact]
    public void Vectors_of_a_parallel_beam_give_what_FBP_gives()
    {
        using var projections = Phantoms.Project(Phantoms.Three, Phantoms.Angles(90), 3, 64, 30.25);
        var geometry = new ParallelGeometry(projections.AnglesDegrees, 64, new RotationAxis(30.25));
        using var expected = Reconstruction.Fbp(projections, geometry.Axis);
        using var found = Reconstruction.Fbp(projections, geometry.ToVectors());
        Assert.InRange(IterativeValueTests.Difference(found, expected), 0, 1e-5);
    }

    [Theory]
    [InlineData("fan")]
    [InlineData("curved fan")]
    [InlineData("cone")]
    [InlineData("cone with large pixels")]
    [InlineData("rolled cone")]
    [InlineData("laminography")]
    public void All_back_ends_agree(string kind)
    {
        var geometry = SomeGeometries.All[kind];
        using var projections = new EllipsoidPhantom([new Ellipsoid(new Vector3D(1, -1.5, 0.5), new Vector3D(6, 5, 4.5), 30, 0.1)]).Project(geometry, 18);
        using var scalar = Run(ProjectorBackend.Scalar);
        using var simd = Run(ProjectorBackend.Simd);
        using var gpu = Run(ProjectorBackend.Ilgpu);
        Assert.InRange(IterativeValueTests.Difference(simd, scalar), 0, 2e-5);
        Assert.InRange(IterativeValueTests.Difference(gpu, scalar), 0, 1e-4);

        Volume Run(ProjectorBackend backend) => geometry switch
        {
            FanGeometry fan => Reconstruction.Fan(projections, fan, new FdkOptions { Backend = backend }),
            ConeGeometry cone => Reconstruction.Fdk(projections, cone, new FdkOptions { Backend = backend }),
            _ => Reconstruction.Laminography(projections, (LaminographyGeometry)geometry, new FbpOptions { Backend = backend }),
        };
    }

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(2, 0, 0, 1)]
    [InlineData(-37, 10, 5, 1)]
    [InlineData(90, 0, 0, 1)]
    [InlineData(178, -8, 12, 1)]
    [InlineData(5, 3, -4, 3.5)]
    public void A_detector_in_any_pose_gives_what_the_reference_gives(double roll, double pitch, double yaw, double magnification)
    {
        const int Size = 22, Slices = 40, Rows = 70, Columns = 50;
        GeometryView[] views = [.. Phantoms.Angles(5, 360).Select(a => Pose(a, roll, pitch, yaw, magnification))];
        var geometry = VectorGeometry.Cone(views, Rows, Columns, Size, Slices);
        using var table = new Geometries.ViewTable(geometry, Rows, [1, 2, 3, 4, 5]);
        using var runs = new Geometries.ProjectionRuns(5, Columns, Rows - 6);
        runs.Begin(3, Rows - 6);
        Fill(runs);
        using var expected = new InterleavedSlab(Size, Size, 32, SlabShape.Pad);
        using var found = new InterleavedSlab(Size, Size, 32, SlabShape.Pad);
        // The second slab has eight slices only.
        foreach (var (first, count) in new[] { (0, 32), (32, 8) })
        {
            var place = new Geometries.BandPlace(0, first, count, Size, Slices);
            expected.Clear();
            found.Clear();
            new Geometries.ScalarViewBackend().Backproject(runs, table, expected, place, RunContext.Current);
            new Geometries.SimdViewBackend().Backproject(runs, table, found, place, RunContext.Current);
            double difference = 0, norm = 0;
            for (var i = 0; i < Size * Size * count; i++)
            {
                var (y, x, lane) = (i / count / Size, i / count % Size, i % count);
                difference += Math.Pow(found[y, x, lane] - expected[y, x, lane], 2);
                norm += Math.Pow(expected[y, x, lane], 2);
            }

            // Enlarged, the last slices fall beside the detector.
            Assert.True(first > 0 || norm > 100);
            Assert.InRange(Math.Sqrt(difference / Math.Max(norm, 1)), 0, 3e-5);
        }

        static unsafe void Fill(Geometries.ProjectionRuns runs)
        {
            var random = new Random(1);
            for (var view = 0; view < 5; view++)
            {
                for (var c = 0; c < Columns; c++)
                {
                    for (var r = 0; r < runs.RowCount; r++)
                    {
                        runs.Column0(view)[((long)c * runs.Run) + 1 + r] = random.NextSingle();
                    }
                }
            }
        }
    }

    private static GeometryView Pose(double angle, double roll, double pitch, double yaw, double magnification)
    {
        var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
        var (across, forward) = (new Vector3D(cos, sin, 0), new Vector3D(-sin, cos, 0));
        var (sinRoll, cosRoll) = Math.SinCos(roll * Math.PI / 180);
        var column = (across * cosRoll) + (Vector3D.UnitZ * sinRoll) + (forward * Math.Tan(yaw * Math.PI / 180));
        var row = (Vector3D.UnitZ * cosRoll) - (across * sinRoll) + (forward * Math.Tan(pitch * Math.PI / 180));
        return new GeometryView(forward * -70, (forward * 20) + (across * 1.5), column * (1.1 / magnification), row * (1.2 / magnification));
    }

    [Fact]
    public void A_volume_in_slabs_under_a_memory_limit_is_the_same_bit_for_bit_and_the_run_can_be_cancelled()
    {
        var geometry = Cone(Phantoms.Angles(60, 360));
        using var projections = new EllipsoidPhantom([Ellipsoid.Ball(2, -3, 1, 19, 0.05)]).Project(geometry, subRays: 1);
        var reports = new List<double>();
        using var whole = Reconstruction.Fdk(projections, geometry);
        using (RunContext.Use(new RunContext { MaxThreads = 1, Progress = new Direct(r => reports.Add(r.Fraction)) }))
        {
            using var other = Reconstruction.Fdk(projections, geometry);
            Assert.Equal(0, IterativeValueTests.Difference(other, whole));
        }

        Assert.Equal(reports.Order(), reports);
        Assert.Equal(1, reports[^1], 1e-9);
        using var stop = new CancellationTokenSource();
        using var scope = RunContext.Use(new RunContext { CancellationToken = stop.Token, Progress = new Direct(_ => stop.Cancel()) });
        Assert.ThrowsAny<OperationCanceledException>(() => Reconstruction.Fdk(projections, geometry));
        using var tight = RunContext.Use(new RunContext { MemoryLimitBytes = 1 });
        Assert.Throws<InsufficientMemoryException>(() => Reconstruction.Fdk(projections, geometry));
    }

    [Fact]
    public void What_surprises_is_told()
    {
        var warnings = new List<string>();
        using var scope = RunContext.Use(new RunContext { Warning = warnings.Add });
        var wide = Fan(Phantoms.Angles(60, 360));
        using var cut = new EllipsoidPhantom([Ellipsoid.Ball(0, 0, 0, 70, 0.01)]).Project(wide, 1, 1);
        cut.Frame(3)[40] = float.NaN;
        Reconstruction.Fan(cut, wide).Dispose();
        Assert.Contains(warnings, w => w.Contains("beyond the detector", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.StartsWith("1 values", StringComparison.Ordinal));
        var half = Fan(Phantoms.Angles(60));
        using var missing = new EllipsoidPhantom([Ellipsoid.Ball(0, 0, 0, 20, 0.01)]).Project(half, 1, 1);
        warnings.Clear();
        Reconstruction.Fan(missing, half).Dispose();
        Assert.Contains("too few for a fan", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var geometry = Cone(Phantoms.Angles(20, 360));
        using var fewer = new MemoryProjectionStack(Phantoms.Angles(19, 360), geometry.RowCount, N) { Quantity = Quantity.LineIntegral };
        using var narrow = new MemoryProjectionStack(geometry.AnglesDegrees, geometry.RowCount, N - 1) { Quantity = Quantity.LineIntegral };
        Assert.Contains("20 views, but there are 19", Assert.Throws<ArgumentException>(() => Reconstruction.Fdk(fewer, geometry)).Message, StringComparison.Ordinal);
        Assert.Contains("96 columns", Assert.Throws<ArgumentException>(() => Reconstruction.Fdk(narrow, geometry)).Message, StringComparison.Ordinal);
        Assert.Contains("needs a circle", Assert.Throws<ArgumentException>(
            () => Reconstruction.Fbp(narrow, geometry.ToVectors())).Message, StringComparison.Ordinal);
    }

    internal static FanGeometry Fan(double[] angles, FanDetector detector = FanDetector.Flat, double? axis = null) => new(
        angles, 120, SomeGeometries.Mm(60), SomeGeometries.Mm(90), Pixel, axis is { } a ? new RotationAxis(a) : null, detector, N);

    internal static ConeGeometry Cone(
        double[] angles, double? axis = null, double? centralRow = null, double roll = 0, Length? voxel = null, int rows = 64) => new(
        angles, rows, N, SomeGeometries.Mm(60), SomeGeometries.Mm(90), Pixel, axis is { } a ? new RotationAxis(a) : null, centralRow, roll, 64, 48, voxel);

    /// <summary>Standard deviation in a square.</summary>
    private static double Spread(Volume volume, int z, double x, double y, int half)
    {
        var mean = IterativeValueTests.Mean(volume, z, x, y, half);
        double sum = 0;
        for (var dy = -half; dy <= half; dy++)
        {
            for (var dx = -half; dx <= half; dx++)
            {
                sum += Math.Pow(volume[z, (int)Math.Round(y) + dy, (int)Math.Round(x) + dx] - mean, 2);
            }
        }

        return Math.Sqrt(sum) / ((2 * half) + 1);
    }

    private sealed class Direct(Action<ProgressReport> heard) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => heard(value);
    }
}
