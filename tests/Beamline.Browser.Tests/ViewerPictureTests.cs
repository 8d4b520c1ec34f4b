using Beamline.Arrays;
using Beamline.Display;
using SkiaSharp;

namespace Beamline.Browser.Tests;

/// <summary>What the viewer draws, against the geometry of what it was given.</summary>
public sealed class ViewerPictureTests(Chromium browser)
{
    [Fact]
    public async Task The_slices_of_a_ball_are_disks_of_its_size()
    {
        using var volume = Outputs.Ball();
        await using var open = await browser.OpenAsync(volume.View(new() { Window = ValueWindow.Values(0, 1) }).Html);
        Assert.Equal(4, await open.Pictures.CountAsync());
        for (var i = 0; i < 3; i++)
        {
            using var pixels = await open.PixelsAsync(open.Pictures.Nth(i));
            // Inside and outside, away from crosshair, scale bar and edges.
            Assert.Equal(255, Gray(pixels, 0.42, 0.42));
            Assert.Equal(0, Gray(pixels, 0.06, 0.3));
            var area = Lit(pixels, c => c.Red > 128 && c.Green > 128 && c.Blue > 128) / ((double)pixels.Width * pixels.Height);
            var expected = Math.PI * Outputs.Radius * Outputs.Radius / (Outputs.Edge * Outputs.Edge);
            Assert.InRange(area, expected * 0.95, expected * 1.07);
        }

        Assert.Empty(open.Errors);
    }

    [Fact]
    public async Task Left_is_not_right_and_up_is_not_down()
    {
        using var volume = new Volume(32, 32, 32);
        volume.Memory.Clear();
        // One bright octant: high x, low y, low z.
        for (var z = 0; z < 16; z++)
        {
            for (var y = 0; y < 16; y++)
            {
                volume.Row(z, y)[16..].Fill(1);
            }
        }

        await using var open = await browser.OpenAsync(
            volume.View(new() { Window = ValueWindow.Values(0, 1), SliceZ = 8, SliceY = 8, SliceX = 24 }).Html);
        // xy: x across and y down; zy: z across and y down; xz: x across and z down.
        foreach (var (picture, bright) in new[] { (0, (0.9, 0.1)), (1, (0.1, 0.1)), (2, (0.9, 0.1)) })
        {
            using var pixels = await open.PixelsAsync(open.Pictures.Nth(picture));
            foreach (var place in new[] { (0.1, 0.1), (0.9, 0.1), (0.1, 0.8), (0.9, 0.9) })
            {
                Assert.Equal(place == bright ? 255 : 0, Gray(pixels, place.Item1, place.Item2));
            }
        }
    }

    [Fact]
    public async Task The_ball_is_a_disk_from_every_side_in_3d()
    {
        using var volume = Outputs.Ball();
        await using var open = await browser.OpenAsync(volume.View(new() { Window = ValueWindow.Values(0, 1) }).Html, height: 1400);
        var picture = open.Pictures.Nth(3);
        var areas = new List<double>();
        // Surface, volume, maximum.
        foreach (var (mode, key) in new[] { ("1", "0"), ("1", "ArrowLeft"), ("2", "ArrowUp"), ("2", "ArrowUp"), ("0", "ArrowLeft"), ("0", "ArrowDown") })
        {
            await open.Page.GetByLabel("Show as").SelectOptionAsync(mode);
            await picture.PressAsync(key);
            using var pixels = await open.PixelsAsync(picture);
            Assert.True(Brightness(pixels, 0.5, 0.5) > 90, $"nothing in the middle in mode {mode}");
            Assert.True(Brightness(pixels, 0.03, 0.03) < 60, $"something in the corner in mode {mode}");
            areas.Add(Lit(pixels, c => c.Red + c.Green + c.Blue > 225) / ((double)pixels.Width * pixels.Height));
        }

        // The ball, over what the picture spans: 1.24 diagonals, at most 1.8 edges; the small ball adds a little.
        var span = Math.Min(0.9, 0.62 * Math.Sqrt(3)) * 2;
        var expected = Math.PI * Outputs.Radius * Outputs.Radius / (Outputs.Edge * Outputs.Edge) / (span * span);
        Assert.All(areas, area => Assert.InRange(area, expected * 0.8, expected * 1.35));
        Assert.Empty(open.Errors);
    }

    [Fact]
    public async Task A_window_makes_values_black_and_white_where_it_says()
    {
        var image = Outputs.Ramp();
        await using var open = await browser.OpenAsync(image.View().Html);
        await open.Page.GetByLabel("Value of the first color").FillAsync("15");
        await open.Page.GetByLabel("Value of the last color").FillAsync("45");
        await open.Page.Keyboard.PressAsync("Tab");
        using var pixels = await open.PixelsAsync(open.Pictures.First);
        Assert.Equal(0, Gray(pixels, 0.2, 0.5));
        Assert.Equal(255, Gray(pixels, 0.8, 0.5));
        // x = 29.5 is in the middle of the window.
        Assert.InRange(Gray(pixels, 0.5, 0.5), 118, 137);
    }

    [Fact]
    public async Task Compared_images_are_on_their_side_of_the_curtain_and_equal_ones_differ_nowhere()
    {
        Image black = new(40, 60), white = new(40, 60);
        white.Values.Fill(1);
        white[0, 0] = 0;
        await using var open = await browser.OpenAsync(black.Compare(white, new() { Window = ValueWindow.Values(0, 1) }).Html);
        await open.Page.GetByLabel("Compare").SelectOptionAsync("curtain");
        using (var pixels = await open.PixelsAsync(open.Pictures.First))
        {
            Assert.Equal((0, 255), (Gray(pixels, 0.3, 0.6), Gray(pixels, 0.7, 0.6)));
        }

        await open.Page.GetByLabel("Compare").SelectOptionAsync("difference");
        using (var pixels = await open.PixelsAsync(open.Pictures.First))
        {
            // White minus black is positive: red.
            var color = pixels.GetPixel(pixels.Width / 2, pixels.Height / 2);
            Assert.True(color.Red > color.Blue + 60, color.ToString());
        }
    }

    [Fact]
    public async Task The_phase_of_a_vortex_runs_through_all_hues_once()
    {
        var image = new ComplexImage(64, 64);
        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++)
            {
                (image.Real[(y * 64) + x], image.Imaginary[(y * 64) + x]) = (x - 31.5f, y - 31.5f);
            }
        }

        await using var open = await browser.OpenAsync(image.View().Html);
        await open.Page.GetByLabel("Show", new() { Exact = true }).SelectOptionAsync("phase");
        using var pixels = await open.PixelsAsync(open.Pictures.First);
        for (var degrees = -170; degrees <= 170; degrees += 20)
        {
            var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
            var color = pixels.GetPixel((int)((0.5 + (0.3 * cos)) * pixels.Width), (int)((0.5 + (0.3 * sin)) * pixels.Height));
            var (red, green, blue) = ColorMap.Phase.At((degrees + 180) / 360.0);
            Assert.True(Math.Abs(color.Red - red) + Math.Abs(color.Green - green) + Math.Abs(color.Blue - blue) < 40, $"{degrees}: {color}");
        }
    }

    [Fact]
    public async Task Without_webgl_the_slices_are_there_and_the_3d_panel_says_why_it_is_not()
    {
        using var volume = Outputs.Ball();
        var plain = await browser.LaunchAsync("--disable-3d-apis");
        await using var open = await browser.OpenAsync(volume.View(new() { Window = ValueWindow.Values(0, 1) }).Html, browser: plain, height: 1400);
        using var pixels = await open.PixelsAsync(open.Pictures.First);
        Assert.Equal(255, Gray(pixels, 0.42, 0.42));
        await open.PixelsAsync(open.Pictures.Nth(3));
        Assert.Contains("WebGL2", await open.Pictures.Nth(3).GetAttributeAsync("aria-label"), StringComparison.Ordinal);
    }

    private static int Gray(SKBitmap pixels, double x, double y)
    {
        var color = pixels.GetPixel((int)(x * pixels.Width), (int)(y * pixels.Height));
        Assert.True(color.Red == color.Green && color.Green == color.Blue, $"{color} is not gray");
        return color.Red;
    }

    private static int Brightness(SKBitmap pixels, double x, double y)
    {
        var color = pixels.GetPixel((int)(x * pixels.Width), (int)(y * pixels.Height));
        return (color.Red + color.Green + color.Blue) / 3;
    }

    private static int Lit(SKBitmap pixels, Func<SKColor, bool> isLit) => pixels.Pixels.Count(isLit);
}
