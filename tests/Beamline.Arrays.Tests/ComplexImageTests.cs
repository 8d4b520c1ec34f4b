using System.Numerics;

namespace Beamline.Arrays.Tests;

public class ComplexImageTests
{
    [Fact]
    public void Values_are_where_they_were_put()
    {
        var image = new ComplexImage(2, 3) { Title = "wave", PixelSizeX = Length.FromNanometers(20) };
        image[1, 2] = new Complex(3, -4);
        Assert.Equal((3f, -4f), (image.Real[5], image.Imaginary[5]));
        Assert.Equal(new Complex(3, -4), image[1, 2]);
        Assert.Equal(Complex.Zero, image[0, 0]);
        Assert.Equal("ComplexImage 2x3, 20 nm", image.ToString());
    }

    [Fact]
    public void Amplitude_and_phase_are_those_of_the_complex_numbers()
    {
        var image = new ComplexImage(1, 4, [3, 0, -1, 0], [4, -2, 0, 0]) { Quantity = new("exit wave", ""), PixelSizeX = Length.FromNanometers(20) };
        Assert.Equal([5, 2, 1, 0], image.Amplitude().Values.ToArray());
        for (var x = 0; x < 4; x++)
        {
            Assert.Equal(image[0, x].Phase, image.Phase()[0, x], 1e-6);
        }

        Assert.Equal(("rad", "exit wave"), (image.Phase().Quantity.Unit, image.Amplitude().Quantity.Name));
        Assert.Equal(image.PixelSizeX, image.Phase().PixelSizeX);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>("imaginary", () => new ComplexImage(2, 2, new float[4], new float[3]));
        Assert.Throws<ArgumentException>("real", () => new ComplexImage(2, 2, new float[5], new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComplexImage(0, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ComplexImage(2, 2)[2, 0]);
    }
}
