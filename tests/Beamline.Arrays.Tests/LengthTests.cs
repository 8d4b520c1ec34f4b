namespace Beamline.Arrays.Tests;

public sealed class LengthTests
{
    [Theory]
    [InlineData(0, "0 m")]
    [InlineData(5e-10, "0.5 nm")]
    [InlineData(0.65e-6, "650 nm")]
    [InlineData(999e-9, "999 nm")]
    [InlineData(1e-6, "1 µm")]
    [InlineData(-2.5e-6, "-2.5 µm")]
    [InlineData(999e-6, "999 µm")]
    [InlineData(1e-3, "1 mm")]
    [InlineData(0.999, "999 mm")]
    [InlineData(1, "1 m")]
    [InlineData(27.5, "27.5 m")]
    public void The_text_is_in_the_unit_that_reads_best(double meters, string text) =>
        Assert.Equal(text, new Length(meters).ToString());

    [Theory]
    [InlineData("m", 2), InlineData("Meter", 2), InlineData("metres", 2)]
    [InlineData("cm", 2e-2)]
    [InlineData("mm", 2e-3), InlineData(" mm ", 2e-3), InlineData("millimetre", 2e-3)]
    [InlineData("um", 2e-6), InlineData("µm", 2e-6), InlineData("μm", 2e-6), InlineData("micron", 2e-6), InlineData("Microns", 2e-6)]
    [InlineData("micrometer", 2e-6), InlineData("nm", 2e-9), InlineData("nanometer", 2e-9)]
    public void Units_of_files_are_read(string unit, double meters) =>
        Assert.Equal(meters, Length.FromUnit(2, unit)!.Value.Meters, 1e-15 * meters);

    [Theory]
    [InlineData(""), InlineData("pixel"), InlineData("inch"), InlineData("keV")]
    public void Unknown_units_give_no_length(string unit) => Assert.Null(Length.FromUnit(2, unit));

    [Fact]
    public void A_missing_unit_is_a_mistake_of_the_caller() => Assert.Throws<ArgumentNullException>(() => Length.FromUnit(1, null!));

    [Fact]
    public void One_length_reads_the_same_in_every_unit()
    {
        var length = Length.FromMillimeters(1.25);
        Assert.Equal(1.25e-3, length.Meters, 1e-18);
        Assert.Equal(0.125, length.Centimeters, 1e-15);
        Assert.Equal(1.25, length.Millimeters, 1e-15);
        Assert.Equal(1250, length.Micrometers, 1e-11);
        Assert.Equal(1.25e6, length.Nanometers, 1e-8);
        Assert.Equal(1.25e-6, Length.FromMicrometers(1.25).Meters, 1e-20);
        Assert.Equal(1.25e-9, Length.FromNanometers(1.25).Meters, 1e-23);
    }

    [Fact]
    public void Lengths_are_ordered_and_scaled()
    {
        var (small, large) = (Length.FromNanometers(1), Length.FromMicrometers(1));
        Assert.True(small < large && small <= large && large > small && large >= small);
        Assert.False(large < small || large <= small || small > large || small >= large);
        Assert.True(small <= small * 1 && small >= small * 1);
        Assert.Equal(-1, Math.Sign(small.CompareTo(large)));
        Assert.Equal(2e-6, (large * 2).Meters, 1e-20);
        Assert.Equal(large * 3, Length.Multiply(large, 3));
    }
}
