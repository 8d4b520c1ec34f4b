namespace Beamline.Arrays.Tests;

public sealed class VectorGeometryTests
{
    private static readonly double[] Angles = [0, 30, 90, 123.5, 270];

    [Fact]
    public void A_point_in_a_cone_falls_where_the_intercept_theorem_says()
    {
        // From first principles: at angle a the point is t across the beam and s along it; its shadow is t SDD / (SOD + s) from the axis.
        const double Sod = 50, Sdd = 125, Pixel = 0.2, Voxel = 0.1;
        var geometry = new ConeGeometry(
            Angles, 40, 60, Mm(Sod), Mm(Sdd), Mm(Pixel), new RotationAxis(25.25), 17.5, voxelSize: Mm(Voxel));
        Assert.Equal(2.5, geometry.Magnification, 1e-12);
        var (x, y, z) = (1.5, -0.8, 0.6);
        foreach (var (angle, view) in Angles.Zip(geometry.ToVectors().Views))
        {
            var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
            var (t, s) = ((x * cos) + (y * sin), (-x * sin) + (y * cos));
            var (column, row) = Shadow(view, new Vector3D(x, y, z) * (1 / Voxel), 60, 40);
            Assert.Equal(25.25 + (t * Sdd / (Sod + s) / Pixel), column, 1e-9);
            Assert.Equal(17.5 + (z * Sdd / (Sod + s) / Pixel), row, 1e-9);
        }
    }

    [Fact]
    public void The_vectors_are_those_of_ASTRA()
    {
        // astra_create_proj_geom('cone', ...) with voxels of edge 1: source (sin, -cos) SO, detector (-sin, cos) OD, u (cos, sin), v (0, 0, 1).
        var geometry = new ConeGeometry([30], 11, 21, Mm(40), Mm(100), Mm(2.5), voxelSize: Mm(1));
        var view = geometry.ToVectors().Views[0];
        var (sin, cos) = (0.5, Math.Sqrt(3) / 2);
        Near(new Vector3D(40 * sin, -40 * cos, 0), view.Source);
        Near(new Vector3D(-60 * sin, 60 * cos, 0), view.Detector);
        Near(new Vector3D(2.5 * cos, 2.5 * sin, 0), view.Column);
        Near(new Vector3D(0, 0, 2.5), view.Row);
    }

    [Fact]
    public void A_roll_turns_columns_toward_z()
    {
        var view = new ConeGeometry([0], 11, 21, Mm(40), Mm(100), Mm(1), detectorRollDegrees: 10, voxelSize: Mm(1)).ToVectors().Views[0];
        Near(new Vector3D(Math.Cos(Math.PI / 18), 0, Math.Sin(Math.PI / 18)), view.Column);
        Near(new Vector3D(-Math.Sin(Math.PI / 18), 0, Math.Cos(Math.PI / 18)), view.Row);
    }

    [Fact]
    public void A_tilt_leans_the_upper_end_of_the_axis_toward_the_source()
    {
        var geometry = new LaminographyGeometry([0, 90], 11, 21, 25, new RotationAxis(8), 4);
        var view = geometry.ToVectors().Views[0];
        // Against the beam lies the source: the upper end, z below 0, has a positive part of it.
        Assert.True((view.Source * -1).Dot(new Vector3D(0, 0, -1)) > 0);
        Assert.Equal(1, view.Source.Norm, 1e-12);
        Assert.Equal(0, view.Source.Dot(view.Row), 1e-12);
        Assert.Equal(0, view.Source.Dot(view.Column), 1e-12);
        Assert.All(geometry.ToVectors().Views, v => Assert.Equal(0, (v.Detector + (v.Column * (8 - 10)) + (v.Row * (4 - 5))).Norm, 1e-12));
    }

    [Fact]
    public void Parallel_and_fan_stay_in_their_slices_and_take_any_number_of_rows()
    {
        var parallel = new ParallelGeometry(Angles, 20, new RotationAxis(7.5)).ToVectors();
        var fan = new FanGeometry(Angles, 20, Mm(40), Mm(100), Mm(1), detector: FanDetector.Curved).ToVectors();
        Assert.True(parallel.IsSliceWise && fan.IsSliceWise && fan.IsCurved);
        Assert.Equal((7, 7), (fan.WithRows(7).RowCount, fan.WithRows(7).SliceCount));
        Assert.Equal(2, parallel.Part([3, 1]).ViewCount);
        Assert.Equal(parallel.Views[3], parallel.Part([3, 1]).Views[0]);
        // Column 7.5 looks through the axis.
        Assert.All(parallel.Views, v => Assert.Equal(0, (v.Detector + (v.Column * (7.5 - 9.5))).Norm, 1e-12));
        var cone = new ConeGeometry(Angles, 8, 20, Mm(40), Mm(100), Mm(1)).ToVectors();
        Assert.False(cone.IsSliceWise);
        Assert.Throws<InvalidOperationException>(() => cone.WithRows(3));
        Assert.Same(cone, cone.ToVectors());
    }

    [Fact]
    public void The_columns_of_a_curved_detector_are_as_far_from_the_source_as_its_middle()
    {
        var geometry = new FanGeometry([40], 30, Mm(40), Mm(100), Mm(1), new RotationAxis(10), FanDetector.Curved, 16, Mm(1));
        var view = geometry.ToVectors().Views[0];
        Assert.Equal(100, (view.Detector - view.Source).Norm, 1e-9);
        Assert.Equal(0, view.Column.Dot(view.Detector - view.Source), 1e-9);
        Assert.Equal(1, view.Column.Norm, 1e-12);
    }

    [Theory]
    [InlineData(0, 100, 1, "distance from the source to the axis must be above 0")]
    [InlineData(-3, 100, 1, "distance from the source to the axis must be above 0")]
    [InlineData(double.NaN, 100, 1, "distance from the source to the axis must be above 0")]
    [InlineData(40, double.PositiveInfinity, 1, "distance from the source to the detector must be above 0")]
    [InlineData(40, 100, 0, "detector pixel must be above 0")]
    [InlineData(40, 30, 1, "lies before the axis")]
    [InlineData(5, 10, 1, "lies inside the volume")]
    public void Distances_that_cannot_be_are_refused(double toAxis, double toDetector, double pixel, string message)
    {
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(
            () => new ConeGeometry(Angles, 10, 40, Mm(toAxis), Mm(toDetector), Mm(pixel))).Message, StringComparison.Ordinal);
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(
            () => new FanGeometry(Angles, 40, Mm(toAxis), Mm(toDetector), Mm(pixel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_numbers_that_cannot_be_are_refused()
    {
        Refused("outside the detector", () => new ConeGeometry(Angles, 10, 40, Mm(90), Mm(100), Mm(1), new RotationAxis(40)));
        Refused("central row", () => new ConeGeometry(Angles, 10, 40, Mm(90), Mm(100), Mm(1), centralRow: double.NaN));
        Refused("roll", () => new ConeGeometry(Angles, 10, 40, Mm(90), Mm(100), Mm(1), detectorRollDegrees: 60));
        Refused("voxel size", () => new ConeGeometry(Angles, 10, 40, Mm(90), Mm(100), Mm(1), voxelSize: Mm(0)));
        Refused("sliceCount", () => new ConeGeometry(Angles, 10, 40, Mm(90), Mm(100), Mm(1), sliceCount: 0));
        Refused("no angle", () => new ConeGeometry([], 10, 40, Mm(90), Mm(100), Mm(1)));
        Refused("Angle 1", () => new ConeGeometry([0, double.NaN], 10, 40, Mm(90), Mm(100), Mm(1)));
        Refused("tilt", () => new LaminographyGeometry(Angles, 10, 40, 90));
        Refused("tilt", () => new LaminographyGeometry(Angles, 10, 40, double.NaN));
        Refused("no view", () => VectorGeometry.Cone([], 1, 1, 1, 1));
        Refused("not finite", () => VectorGeometry.Slices(BeamShape.Fan, [GeometryView.InSlice(0, -50, 0, double.NaN, 1, 0)], 8, 8));
        Refused("run along the detector", () => VectorGeometry.Slices(BeamShape.Parallel, [GeometryView.InSlice(1, 0, 0, 0, 1, 0)], 8, 8));
        Refused("inside the volume or beside it", () => VectorGeometry.Slices(BeamShape.Fan, [GeometryView.InSlice(0, -3, 0, 50, 1, 0)], 8, 8));
        Refused("leaves its slice", () => VectorGeometry.Slices(
            BeamShape.Parallel, [new GeometryView(new Vector3D(0, 1, 0.1), default, new Vector3D(1, 0, 0), Vector3D.UnitZ)], 8, 8));
        Refused("leave the slices", () => VectorGeometry.Slices(BeamShape.Cone, [], 8, 8));
        Refused("curved", () => VectorGeometry.Slices(BeamShape.Parallel, [GeometryView.InSlice(0, 1, 0, 0, 1, 0)], 8, 8, null, true));
    }

    private static void Refused(string message, Func<object> make) =>
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);

    private static Length Mm(double value) => Length.FromMillimeters(value);

    private static void Near(Vector3D expected, Vector3D found) => Assert.InRange((expected - found).Norm, 0, 1e-9);

    /// <summary>Where the line from the source through a point meets the detector, by solving for it.</summary>
    private static (double Column, double Row) Shadow(GeometryView view, Vector3D point, int columns, int rows)
    {
        var d = point - view.Source;
        var normal = view.Column.Cross(view.Row);
        var hit = view.Source + (d * (normal.Dot(view.Detector - view.Source) / normal.Dot(d))) - view.Detector;
        return (
            (hit.Dot(view.Column) / view.Column.Dot(view.Column)) + ((columns - 1) / 2.0),
            (hit.Dot(view.Row) / view.Row.Dot(view.Row)) + ((rows - 1) / 2.0));
    }
}
