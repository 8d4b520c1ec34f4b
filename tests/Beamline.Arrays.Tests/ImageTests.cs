namespace Beamline.Arrays.Tests;

/// <summary>Pictures and sinograms: views over values that the caller made.</summary>
public sealed class ImageTests
{
    [Fact]
    public void Values_lie_row_by_row_and_are_not_copied()
    {
        float[] values = [0, 1, 2, 10, 11, 12];
        var image = new Image(2, 3, values);
        Assert.Equal(11, image[1, 1]);
        Assert.Equal([10, 11, 12], image.Row(1).ToArray());
        image[1, 2] = 99;
        Assert.Equal(99, values[5]);
        Assert.Equal(0, new Image(2, 3).Values.IndexOf(0f));
    }

    [Theory]
    [InlineData(2, 0), InlineData(-1, 0)]
    public void Rows_outside_are_named(int y, int x)
    {
        var image = new Image(2, 3);
        Assert.Contains("rows are 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => image[y, x]).Message);
    }

    [Fact]
    public void Columns_outside_do_not_reach_the_next_row()
    {
        var image = new Image(2, 3);
        Assert.Throws<IndexOutOfRangeException>(() => image[0, 3]);
        Assert.Throws<IndexOutOfRangeException>(() => image[1, -1] = 1);
    }

    [Fact]
    public void Shapes_are_checked()
    {
        Assert.Contains("2 x 3 needs 6 values, not 5", Assert.Throws<ArgumentException>(() => new Image(2, 3, new float[5])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(3, 0, []));
        Assert.Throws<ArgumentNullException>(() => new Image(1, 1, null!));
        Assert.Throws<OverflowException>(() => new Image(1 << 20, 1 << 20));
    }

    [Fact]
    public void A_sinogram_has_one_row_for_each_angle()
    {
        var sinogram = new Sinogram([0, 90], 3, [1, 2, 3, 4, 5, 6]);
        Assert.Equal([4, 5, 6], sinogram.Row(1).ToArray());
        Assert.Equal("Sinogram float32 2 angles x 3 columns", sinogram.ToString());
        Assert.Contains("angles are 0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => sinogram.Row(2).Length).Message);
        Assert.Contains("needs 6", Assert.Throws<ArgumentException>(() => new Sinogram([0, 90], 3, new float[7])).Message);
        Assert.Throws<ArgumentException>(() => new Sinogram([0, double.NaN], 1, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sinogram([], 0, []));
    }

    [Fact]
    public void The_text_has_shape_and_pixel_size()
    {
        Assert.Equal("Image float32 2x3", new Image(2, 3).ToString());
        Assert.Equal("Image float32 2x3, 1.5 mm", new Image(2, 3) { PixelSizeX = Length.FromMillimeters(1.5) }.ToString());
    }
}
