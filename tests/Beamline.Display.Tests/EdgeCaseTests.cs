using Beamline.Arrays;

namespace Beamline.Display.Tests;

public class EdgeCaseTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 20_000)]
    [InlineData(20_000, 1)]
    [InlineData(2, 3)]
    [InlineData(1025, 1025)]
    public void Images_of_any_shape_are_drawn_inside_their_picture(int rows, int columns)
    {
        var view = Samples.Ramp(rows, columns, Length.FromMicrometers(1)).View();
        var image = view.Figure.Panels[0].Image;
        Assert.InRange(image.Width, 24, 1024);
        Assert.InRange(image.Height, 24, 1024);
        Assert.True(image.Right <= view.Figure.Width && image.Bottom <= view.Figure.Height);
        using var pixels = new Pixels(view.Png);
        Assert.Equal((view.Width * 2, view.Height * 2), (pixels.Width / 2 * 2, pixels.Height / 2 * 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(-1e-20f)]
    [InlineData(3e38f)]
    public void A_constant_image_is_middle_gray(float value)
    {
        var view = Samples.Constant(30, 40, value).View();
        using var pixels = new Pixels(view.Png);
        var image = view.Figure.Panels[0].Image;
        Assert.InRange(pixels.GrayAt(image.MidX, image.MidY), 126, 129);
    }

    [Fact]
    public void An_image_without_any_finite_value_says_so()
    {
        var view = Samples.Constant(10, 10, float.NaN).View();
        Assert.Contains("no finite value", view.Text);
        using var pixels = new Pixels(view.Png);
        var image = view.Figure.Panels[0].Image;
        Assert.Equal(image.Width * image.Height, pixels.Count(image, c => c == 0xFF00C8));
    }

    [Theory]
    [InlineData(1, 30, 40)]
    [InlineData(40, 1, 1)]
    [InlineData(1, 1, 1)]
    public void Thin_volumes_are_drawn(int slices, int rows, int columns)
    {
        using var volume = new Volume(slices, rows, columns);
        Assert.Equal(4, volume.View().Figure.Panels.Count);
    }

    [Fact]
    public void Short_stacks_show_each_projection_once()
    {
        using var one = Samples.Disks(1, 10, 20);
        Assert.Equal(2, one.View().Figure.Panels.Count);
        using var two = Samples.Disks(2, 10, 20);
        Assert.Equal(3, two.View().Figure.Panels.Count);
        using var many = Samples.Disks(9, 10, 20);
        var panels = many.View().Figure.Panels;
        Assert.Equal(4, panels.Count);
        Assert.StartsWith("projection 3,", panels[1].Panel.Title);
        Assert.Equal("sinogram, detector row 5", panels[3].Panel.Title);
        Assert.Equal(["projection 7, 140°", "sinogram, detector row 2"],
            many.View(new() { Projection = 7, SinogramRow = 2 }).Figure.Panels.Select(p => p.Panel.Title));
    }

    [Fact]
    public void Nothing_to_draw_is_an_error_that_says_so()
    {
        var error = Assert.Throws<ArgumentException>(() => new Sinogram([], 5, []).View());
        Assert.Contains("nothing to draw", error.Message);
        Assert.Throws<ArgumentException>(() => new MemoryProjectionStack([], 2, 2).View());
        Assert.Throws<ArgumentNullException>(() => ((Image)null!).View());
    }

    [Fact]
    public void A_picture_of_pure_noise_stays_below_the_budget()
    {
        var random = new Random(1);
        var image = new Image(1024, 1024);
        foreach (ref var value in image.Values)
        {
            value = random.NextSingle();
        }

        foreach (var map in new[] { ColorMap.Gray, ColorMap.Viridis })
        {
            var bundle = image.View(new() { Map = map }).ToBundle();
            Assert.InRange(OutputBudget.SizeOf(bundle), 100_000, OutputBudget.NormalBytes);
        }
    }

    [Fact]
    public void A_picture_is_written_whole_or_not_at_all()
    {
        var folder = Directory.CreateTempSubdirectory("beamline-display-");
        try
        {
            var view = Samples.Ramp(10, 10).View();
            var path = Path.Combine(folder.FullName, "ramp.png");
            view.Save(path);
            Assert.Equal(view.Png, File.ReadAllBytes(path));
            var blocked = Path.Combine(folder.FullName, "folder.png");
            Directory.CreateDirectory(blocked);
            Assert.ThrowsAny<Exception>(() => view.Save(blocked));
            Assert.Equal(["ramp.png"], folder.GetFiles().Select(f => f.Name));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
