namespace Beamline.Display.Tests;

public class ColorMapTests
{
    [Fact]
    public void Gray_goes_from_black_to_white_through_equal_channels()
    {
        Assert.Equal(((byte)0, (byte)0, (byte)0), ColorMap.Gray.At(0));
        Assert.Equal(((byte)255, (byte)255, (byte)255), ColorMap.Gray.At(1));
        Assert.Equal(ColorMap.Gray.At(0), ColorMap.Gray.At(-3));
        Assert.Equal(ColorMap.Gray.At(1), ColorMap.Gray.At(7));
        for (var i = 0; i < 256; i++)
        {
            Assert.Equal(((byte)i, (byte)i, (byte)i), ColorMap.Gray.At(i / 255.0));
        }
    }

    [Fact]
    public void Viridis_and_magma_agree_with_the_published_tables()
    {
        // matplotlib 3, colormaps['viridis'](0.3), (0.77); colormaps['magma'](0.3), (0.77)
        Near((53, 94, 141), ColorMap.Viridis.At(77 / 255.0));
        Near((99, 203, 95), ColorMap.Viridis.At(193 / 255.0));
        Near((68, 1, 84), ColorMap.Viridis.At(0));
        Near((252, 253, 191), ColorMap.Magma.At(1));
    }

    [Fact]
    public void The_phase_map_closes_and_keeps_its_lightness()
    {
        Near(Ints(ColorMap.Phase.At(0)), ColorMap.Phase.At(1), 0);
        var lightness = Enumerable.Range(0, 256).Select(i => Luminance(ColorMap.Phase.At(i / 255.0))).ToArray();
        Assert.InRange(lightness.Max() - lightness.Min(), 0, 0.16);
        Assert.Equal(256, Enumerable.Range(0, 256).Select(i => ColorMap.Phase.At(i / 255.0)).Distinct().Count() + 1);
    }

    [Fact]
    public void The_diverging_map_is_neutral_in_the_middle_blue_below_and_red_above()
    {
        var (r, g, b) = ColorMap.Diverging.At(0.5);
        Assert.True(Math.Max(r, Math.Max(g, b)) - Math.Min(r, Math.Min(g, b)) < 8 && r > 235);
        Assert.True(ColorMap.Diverging.At(0).Blue > ColorMap.Diverging.At(0).Red + 80);
        Assert.True(ColorMap.Diverging.At(1).Red > ColorMap.Diverging.At(1).Blue + 80);
    }

    [Fact]
    public void No_map_comes_near_the_color_of_missing_values()
    {
        foreach (var map in ColorMap.All)
        {
            for (var i = 0; i < 256; i++)
            {
                var (r, g, b) = map.At(i / 255.0);
                Assert.True(Math.Abs(r - 0xFF) + g + Math.Abs(b - 0xC8) > 100, $"{map} at {i}");
            }
        }
    }

    [Fact]
    public void Maps_are_found_by_name_and_a_wrong_name_suggests_the_nearest()
    {
        foreach (var map in ColorMap.All)
        {
            Assert.Same(map, ColorMap.Parse(map.Name.ToUpperInvariant()));
        }

        var error = Assert.Throws<FormatException>(() => ColorMap.Parse("grey"));
        Assert.Contains("Did you mean gray?", error.Message);
        Assert.Contains("viridis", error.Message);
    }

    private static (int, int, int) Ints((byte R, byte G, byte B) color) => (color.R, color.G, color.B);

    private static double Luminance((byte R, byte G, byte B) c) =>
        (0.2126 * Linear(c.R)) + (0.7152 * Linear(c.G)) + (0.0722 * Linear(c.B));

    private static double Linear(byte value) => Math.Pow(value / 255.0, 2.2);

    private static void Near((int R, int G, int B) expected, (byte Red, byte Green, byte Blue) actual, int within = 3)
    {
        Assert.InRange(actual.Red, expected.R - within, expected.R + within);
        Assert.InRange(actual.Green, expected.G - within, expected.G + within);
        Assert.InRange(actual.Blue, expected.B - within, expected.B + within);
    }
}
