namespace Beamline.Display.Tests;

public class OptionsTests
{
    [Theory]
    [InlineData("1%,99%", 1, true, 99, true)]
    [InlineData(" 0.5% , 99.5% ", 0.5, true, 99.5, true)]
    [InlineData("0,2.5", 0, false, 2.5, false)]
    [InlineData("-1e-3,2E2", -1e-3, false, 200, false)]
    [InlineData("0,99%", 0, false, 99, true)]
    [InlineData("5%,3", 5, true, 3, false)]
    public void Windows_are_read_as_people_write_them(string text, double low, bool lowPercent, double high, bool highPercent)
    {
        var window = ValueWindow.Parse(text);
        Assert.Equal((low, lowPercent, high, highPercent), (window.Low, window.LowIsPercent, window.High, window.HighIsPercent));
        Assert.Equal(window, ValueWindow.Parse(window.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("1,2,3")]
    [InlineData("a,b")]
    [InlineData("99%,1%")]
    [InlineData("3,3")]
    [InlineData("-1%,50%")]
    [InlineData("1%,101%")]
    [InlineData("NaN,1")]
    [InlineData("0,∞")]
    public void Windows_that_make_no_sense_are_refused_with_the_text_in_the_message(string text)
    {
        var error = Assert.Throws<FormatException>(() => ValueWindow.Parse(text));
        Assert.Contains($"'{text}' is not a window", error.Message);
    }

    [Fact]
    public void A_mode_that_does_not_exist_is_refused()
    {
        Assert.Equal(ViewMode.Slices, new ViewOptions().Mode);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ViewOptions { Mode = (ViewMode)9 });
    }

    [Fact]
    public void A_default_window_is_1_to_99_percent()
    {
        Assert.Equal(ValueWindow.Percent(1, 99), new ViewOptions().Window);
        Assert.Equal(ValueWindow.Percent(1, 99), new ViewOptions { Window = default }.Window);
    }

    [Fact]
    public void Options_refuse_what_cannot_be_drawn()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ViewOptions { MaxEdgePixels = 10 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ViewOptions { MaxEdgePixels = 100_000 });
        Assert.Throws<ArgumentNullException>(() => new ViewOptions { Map = null! });
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new ViewOptions { SliceZ = -1 });
        Assert.Equal("SliceZ", error.ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ViewOptions { Projection = -1 });
    }

    [Fact]
    public void An_index_outside_the_array_says_which_there_are()
    {
        using var volume = new Beamline.Arrays.Volume(4, 5, 6);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => volume.View(new() { SliceZ = 4 }));
        Assert.Contains("There is no slice 4: the slices are 0 to 3.", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => volume.View(new() { SliceY = 5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => volume.View(new() { SliceX = 6 }));
        using var stack = Samples.Disks(4, 5, 6);
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.View(new() { Projection = 4 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.View(new() { SinogramRow = 5 }));
    }
}
