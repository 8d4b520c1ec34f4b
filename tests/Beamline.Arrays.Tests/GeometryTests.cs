namespace Beamline.Arrays.Tests;

/// <summary>The one convention of coordinates: the center of element i lies at i, so the middle of N is (N - 1) / 2.</summary>
public sealed class GeometryTests
{
    [Theory]
    [InlineData(1, 0), InlineData(2, 0.5), InlineData(3, 1), InlineData(640, 319.5), InlineData(641, 320)]
    public void The_middle_of_N_columns_is_half_of_N_minus_1(int columns, double middle)
    {
        Assert.Equal(middle, RotationAxis.Middle(columns).Column);
        var geometry = new ParallelGeometry([0], columns);
        Assert.Equal(middle, geometry.Axis.Column);
        Assert.Equal(columns, geometry.ImageSize);
        Assert.Equal(middle, geometry.ImageCenter);
    }

    [Fact]
    public void The_image_center_belongs_to_the_image_and_not_to_the_detector()
    {
        var geometry = new ParallelGeometry([0, 90], 10, new RotationAxis(3.25), imageSize: 7);
        Assert.Equal(3, geometry.ImageCenter);
        Assert.Equal(3.25, geometry.Axis.Column);
        Assert.Equal((2, 10, 7), (geometry.AngleCount, geometry.ColumnCount, geometry.ImageSize));
    }

    [Theory]
    [InlineData(-0.01), InlineData(9.01), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void An_axis_outside_the_detector_is_refused_with_the_convention(double column)
    {
        var error = Assert.Throws<ArgumentException>(() => new ParallelGeometry([0], 10, new RotationAxis(column)));
        Assert.Contains("columns 0 to 9", error.Message);
        Assert.Contains("counted from 0", error.Message);
    }

    [Theory]
    [InlineData(0), InlineData(9)]
    public void An_axis_at_the_edge_is_allowed(double column) =>
        Assert.Equal(column, new ParallelGeometry([0], 10, new RotationAxis(column)).Axis.Column);

    [Fact]
    public void Angles_and_sizes_are_checked()
    {
        Assert.Contains("no angle", Assert.Throws<ArgumentException>(() => new ParallelGeometry([], 10)).Message);
        Assert.Throws<ArgumentNullException>(() => new ParallelGeometry(null!, 10));
        Assert.Contains("Angle 1", Assert.Throws<ArgumentException>(() => new ParallelGeometry([0, double.NaN], 10)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParallelGeometry([0], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParallelGeometry([0], 10, imageSize: 0));
    }

    [Fact]
    public void The_text_of_an_axis_says_how_sure_it_is()
    {
        Assert.Equal("rotation axis at column 319.50 px", new RotationAxis(319.5).ToString());
        Assert.Equal(
            "rotation axis at column 300.25 ± 0.1 px (vo)",
            new RotationAxis(300.25) { UncertaintyPixels = 0.1, Method = "vo" }.ToString());
    }

    [Fact]
    public void Regions_end_where_the_next_one_starts()
    {
        var region = new StackRegion(2, 3, 10, 5);
        Assert.Equal((5, 15), (region.AngleEnd, region.RowEnd));
    }
}
