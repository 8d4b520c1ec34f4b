using Beamline.Arrays;

namespace Beamline.Display.Tests;

public class PictureTests
{
    private const uint Missing = 0xFF00C8;

    [Fact]
    public void A_ramp_goes_from_black_at_the_left_to_white_at_the_right()
    {
        var view = Samples.Ramp(100, 256).View(new() { Window = ValueWindow.Full });
        using var pixels = new Pixels(view.Png);
        var image = view.Figure.Panels[0].Image;
        Assert.Equal((view.Figure.Width, view.Figure.Height), (pixels.Width, pixels.Height));
        Assert.Equal(3 * 256, image.Width);
        Assert.Equal(0, pixels.GrayAt(image.Left, image.MidY));
        Assert.Equal(255, pixels.GrayAt(image.Right - 1, image.MidY));
        for (var x = 0; x < 256; x++)
        {
            Assert.Equal(x, pixels.GrayAt(image.Left + (3 * x) + 1, image.Top + 5));
        }
    }

    [Fact]
    public void Rows_run_from_top_to_bottom()
    {
        var image = new Image(2, 2, [0, 1, 2, 3]);
        var view = image.View(new() { Window = ValueWindow.Full });
        using var pixels = new Pixels(view.Png);
        var box = view.Figure.Panels[0].Image;
        Assert.Equal(
            [0, 85, 170, 255],
            new[]
            {
                pixels.GrayAt(box.Left + 2, box.Top + 2), pixels.GrayAt(box.Right - 3, box.Top + 2),
                pixels.GrayAt(box.Left + 2, box.Bottom - 3), pixels.GrayAt(box.Right - 3, box.Bottom - 3),
            });
    }

    [Fact]
    public void A_window_clips_to_its_ends()
    {
        var view = Samples.Ramp(60, 200).View(new() { Window = ValueWindow.Values(50, 150) });
        using var pixels = new Pixels(view.Png);
        var image = view.Figure.Panels[0].Image;
        var zoom = image.Width / 200;
        int At(int x) => pixels.GrayAt(image.Left + (x * zoom) + 1, image.MidY);
        Assert.Equal([0, 0, 255, 255], new[] { At(10), At(50), At(150), At(190) });
        Assert.InRange(At(100), 126, 129);
        Assert.Contains("window [50, 150]", view.Caption);
    }

    [Fact]
    public void A_percentile_window_ignores_a_hot_pixel()
    {
        var image = Samples.Ramp(100, 100);
        image[3, 3] = 1e9f;
        var range = image.View().Figure.Panels[0].Panel.Range;
        Assert.Equal((1.0, 99.0), (Math.Round(range.Low), Math.Round(range.High)));
    }

    [Fact]
    public void Missing_values_have_their_own_color_and_are_counted()
    {
        var image = Samples.Ramp(20, 20);
        image[5, 6] = float.NaN;
        image[7, 8] = float.NegativeInfinity;
        var view = image.View();
        using var pixels = new Pixels(view.Png);
        var box = view.Figure.Panels[0].Image;
        var zoom = box.Width / 20;
        Assert.Equal(Missing, pixels.At(box.Left + (6 * zoom) + 2, box.Top + (5 * zoom) + 2));
        Assert.Equal(2 * zoom * zoom, pixels.Count(box, color => color == Missing));
        Assert.Contains("2 values are NaN or infinite", view.Text);
    }

    [Fact]
    public void One_missing_value_in_a_large_image_is_still_seen()
    {
        var image = new Image(3000, 3000);
        image[1500, 1500] = float.NaN;
        using var pixels = new Pixels(image.View().Png);
        var box = image.View().Figure.Panels[0].Image;
        Assert.Equal(1024, box.Width);
        Assert.InRange(pixels.Count(box, c => (c >> 16) > ((c >> 8) & 0xFF) + 60), 1, 4);
    }

    [Theory]
    [InlineData(300, 3.25)]
    [InlineData(1000, 0.65)]
    [InlineData(2560, 0.0123)]
    [InlineData(700, 40)]
    public void The_scale_bar_is_as_long_as_it_says(int columns, double micrometers)
    {
        var view = Samples.Ramp(columns / 2, columns, Length.FromMicrometers(micrometers)).View();
        var panel = view.Figure.Panels[0];
        var bar = panel.ScaleBar!.Value;
        var pixelsPerMeter = panel.Image.Width / (columns * micrometers * 1e-6);
        Assert.InRange(bar.Width - (panel.ScaleBarMeters * pixelsPerMeter), -1, 1);
        Assert.InRange(bar.Width, panel.Image.Width * 0.09, panel.Image.Width * 0.26);
        using var pixels = new Pixels(view.Png);
        for (var x = (int)bar.Left; x < (int)bar.Right; x++)
        {
            Assert.Equal(0xFFFFFFu, pixels.At(x, (int)bar.MidY));
        }

        Assert.NotEqual(0xFFFFFFu, pixels.At((int)bar.Left - 2, (int)bar.MidY));
        Assert.NotEqual(0xFFFFFFu, pixels.At((int)bar.Right + 1, (int)bar.MidY));
    }

    [Fact]
    public void There_is_no_scale_bar_without_a_size_or_when_it_is_not_wanted()
    {
        Assert.Null(Samples.Ramp(200, 200).View().Figure.Panels[0].ScaleBar);
        Assert.Null(Samples.Ramp(200, 200, Length.FromMicrometers(1)).View(new() { ScaleBar = false }).Figure.Panels[0].ScaleBar);
        Assert.Null(Samples.Ramp(200, 200, new Length(0)).View().Figure.Panels[0].ScaleBar);
    }

    [Fact]
    public void Pixels_that_are_not_square_keep_their_shape()
    {
        var image = new Image(100, 100) { PixelSizeX = Length.FromMicrometers(1), PixelSizeY = Length.FromMicrometers(2.5) };
        var box = image.View().Figure.Panels[0].Image;
        Assert.Equal(2.5, (double)box.Height / box.Width, 0.01);
    }

    [Fact]
    public void The_planes_of_a_volume_share_one_scale()
    {
        using var volume = new Volume(50, 100, 200) { VoxelSize = new(Length.FromMicrometers(4), Length.FromMicrometers(2), Length.FromMicrometers(1)) };
        var boxes = volume.View().Figure.Panels.Select(p => p.Image).ToArray();
        Assert.Equal(4, boxes.Length);
        var scale = boxes[0].Width / 200.0;
        Assert.Equal((scale * 200, scale * 200), (boxes[0].Width, boxes[0].Height), Near);
        Assert.Equal((scale * 200, scale * 200), (boxes[1].Width, boxes[1].Height), Near);
        Assert.Equal((scale * 200, scale * 200), (boxes[2].Width, boxes[2].Height), Near);
    }

    [Fact]
    public void The_panels_of_a_volume_show_the_planes_that_their_titles_name()
    {
        using var volume = new Volume(3, 4, 5);
        for (var z = 0; z < 3; z++)
        {
            for (var y = 0; y < 4; y++)
            {
                for (var x = 0; x < 5; x++)
                {
                    volume[z, y, x] = (100 * z) + (10 * y) + x;
                }
            }
        }

        var panels = volume.View(new() { SliceZ = 1, SliceY = 2, SliceX = 3 }).Figure.Panels.Select(p => p.Panel).ToArray();
        Assert.Equal(["z = 1", "y = 2", "x = 3", "maximum along z"], panels.Select(p => p.Title));
        Assert.Equal(volume.SliceXY(1).Values.ToArray(), panels[0].Plane.Values);
        Assert.Equal(volume.SliceXZ(2).Values.ToArray(), panels[1].Plane.Values);
        Assert.Equal(volume.SliceYZ(3).Values.ToArray(), panels[2].Plane.Values);
        Assert.Equal(volume.SliceXY(2).Values.ToArray(), panels[3].Plane.Values);
    }

    [Fact]
    public void A_maximum_passes_over_missing_values()
    {
        using var volume = new Volume(3, 1, 2);
        (volume[0, 0, 0], volume[1, 0, 0], volume[2, 0, 0]) = (-5, float.NaN, float.PositiveInfinity);
        (volume[0, 0, 1], volume[1, 0, 1], volume[2, 0, 1]) = (float.NaN, float.NaN, float.NaN);
        var maximum = VolumePlanes.Maximum(volume, out var used);
        Assert.Equal(3, used);
        Assert.Equal([-5, float.NaN], maximum.Values);
    }

    [Fact]
    public void Angles_of_a_sinogram_are_ticks_where_they_were_taken()
    {
        var degrees = new[] { -90.0, -80, -60, -30, 0, 30, 90 };
        var ticks = AxisScale.Angles(degrees).Ticks(6).ToDictionary(t => t.Label, t => t.Place);
        Assert.Equal(4.5 / 7, ticks["0"], 1e-9);
        Assert.Equal(6.0 / 7, ticks["60"], 1e-9);
        Assert.Equal(0.5 / 7, ticks["−90"], 1e-9);
        var falling = AxisScale.Angles([180, 90, 0]).Ticks(4).ToDictionary(t => t.Label, t => t.Place);
        Assert.Equal(0.5 / 3, falling["180"], 1e-9);
        Assert.Equal("index of the angle", AxisScale.Angles([0, 120, 60]).Label);
    }

    [Fact]
    public void Diverging_windows_are_symmetric_and_phases_take_one_turn()
    {
        var image = Samples.Ramp(10, 101);
        foreach (ref var value in image.Values)
        {
            value -= 25;
        }

        var diverging = image.View(new() { Map = ColorMap.Diverging, Window = ValueWindow.Full }).Figure.Panels[0].Panel.Range;
        Assert.Equal((-75, 75), (diverging.Low, diverging.High));
        var phase = image.View(new() { Map = ColorMap.Phase }).Figure.Panels[0].Panel.Range;
        Assert.Equal((-Math.PI, Math.PI), (phase.Low, phase.High));
    }

    [Fact]
    public void The_color_bar_runs_from_low_at_the_bottom_to_high_at_the_top()
    {
        var view = Samples.Ramp(100, 100).View(new() { Window = ValueWindow.Full });
        using var pixels = new Pixels(view.Png);
        var bar = view.Figure.Panels[0].ColorBar;
        Assert.InRange(pixels.GrayAt((int)bar.MidX, (int)bar.Top + 3), 250, 255);
        Assert.InRange(pixels.GrayAt((int)bar.MidX, (int)bar.Bottom - 4), 0, 5);
        Assert.InRange(pixels.GrayAt((int)bar.MidX, (int)bar.MidY), 125, 131);
    }

    [Fact]
    public void Text_is_drawn_with_the_embedded_font()
    {
        Assert.Equal("DejaVu Sans", Fonts.Sans.FamilyName);
        foreach (var sign in "µ°×·±⁻⁰¹²³⁴⁵⁶⁷⁸⁹−–…ΔθλσΩ→∞π□")
        {
            Assert.True(Fonts.Sans.GetGlyph(sign) != 0, $"The font has no {sign}.");
        }

        using var with = new Pixels(Samples.Constant(50, 50, 1).View(new() { Title = "MMMM" }).Png);
        using var without = new Pixels(Samples.Constant(50, 50, 1).View().Png);
        static int Dark(Pixels p) => p.Count(new(0, 0, p.Width, 48), c => (c & 0xFF) < 100);
        Assert.True(Dark(with) > Dark(without) + 300);
    }

    private static readonly IEqualityComparer<(double, double)> Near = EqualityComparer<(double A, double B)>.Create(
        (p, q) => Math.Abs(p.A - q.A) <= 1 && Math.Abs(p.B - q.B) <= 1, _ => 0);
}
