using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Beamline.Arrays;
using Beamline.Compute;
using SkiaSharp;

namespace Beamline.Display.Tests.Live;

public sealed class LiveDrawingTests
{
    [Fact]
    public void Names_with_markup_stay_text()
    {
        const string Bad = "<script>alert(1)</script>\"'&\n";
        var setup = new LiveSetup(Bad).Shown();
        var image = new Image(20, 20, new float[400]) { Title = Bad, Quantity = new Quantity("a", "<b>") };
        setup.Report(0.3, 3, 0.2, image, detail: Bad);
        setup.After(1);
        Assert.DoesNotMatch("<script|<b>", setup.Html);
        Assert.DoesNotContain('\n', setup.Text);
        Parse(setup.Html);
        setup.Job.Complete(new JobResult(null) { Residuals = [1, 0.5], Remark = Bad });
        setup.Output.EndCell();
        Assert.DoesNotMatch("<script|<b>", setup.Html);
    }

    [Fact]
    public void Every_update_has_the_same_elements_of_the_same_size()
    {
        var setup = new LiveSetup();
        setup.Job.Expect(TimeSpan.FromSeconds(20), 300, 400);
        setup.Report(0, 0, 1);
        setup.After(1.1);
        var first = Shape(setup.Html);
        for (var i = 1; i < 50; i += 7)
        {
            setup.Report(i / 50.0, i, Math.Exp(-i), Samples.Ramp(300, 400), detail: new string('x', i * 9));
            setup.After(1);
            Assert.Equal(first, Shape(setup.Html).Where(e => !e.StartsWith("img", StringComparison.Ordinal)));
        }

        Assert.Contains("width=\"320\" height=\"240\"", setup.Html, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script| on[a-z]+=|https?:|url\\(|color:#|background", setup.Html);
    }

    [Theory]
    [InlineData(new double[0], 0)]
    [InlineData(new[] { 0.5 }, 1)]
    [InlineData(new[] { double.NaN, double.PositiveInfinity }, 0)]
    [InlineData(new[] { 1, double.NaN, 0.5, 0.25, double.NegativeInfinity, 0.1 }, 3)]
    [InlineData(new[] { 2.0, 2, 2 }, 1)]
    [InlineData(new[] { -1.0, 0, 1e300, -1e300 }, 1)]
    public void A_sparkline_has_a_run_for_each_run_of_finite_values(double[] values, int runs)
    {
        var svg = Sparkline.Svg(values, 240, 96);
        var path = Parse(svg).Descendants().Single(e => e.Name == "path").Attribute("d")!.Value;
        Assert.Equal(runs, path.Count(c => c == 'M'));
        Assert.DoesNotMatch("NaN|∞|E", path);
        foreach (Match number in Regex.Matches(path, @"([ML])(-?[\d.]+) (-?[\d.]+)"))
        {
            Assert.InRange(double.Parse(number.Groups[2].Value), 0, 240);
            Assert.InRange(double.Parse(number.Groups[3].Value), 0, 96);
        }
    }

    [Fact]
    public void A_long_sparkline_is_thinned_and_ends_with_the_newest_value()
    {
        var values = Enumerable.Range(0, 9999).Select(i => 1.0 / (i + 1)).ToArray();
        var svg = Sparkline.Svg(values, 240, 96);
        Assert.True(svg.Length < 4000);
        Assert.Matches("L236 92\"", svg);
        Assert.Contains("logarithmic", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_line_has_a_scale_of_its_own_and_is_dashed()
    {
        var paths = Parse(Sparkline.Svg([1, 2, 2.5], 240, 96, "loss", [1000, 100], "score")).Descendants().Where(e => e.Name == "path").ToArray();
        Assert.Equal(["M4 4L236 92", "M4 92L120 33.3L236 4"], paths.Select(p => p.Attribute("d")!.Value.Replace("h0", "", StringComparison.Ordinal)));
        Assert.NotNull(paths[0].Attribute("stroke-dasharray"));
        Assert.Null(paths[1].Attribute("stroke-dasharray"));
    }

    [Fact]
    public void Residuals_are_bounded_begin_anew_with_a_slab_and_keep_the_newest()
    {
        var history = new ResidualHistory();
        for (var i = 0; i < 100_000; i++)
        {
            history.Add(i, i);
        }

        Assert.InRange(history.Values.Count, 1000, 2000);
        Assert.Equal(99_999, history.Values[^1]);
        Assert.Equal(history.Values.Order(), history.Values);
        history.Add(0, 7);
        Assert.Equal([7.0], history.Values);
    }

    [Theory]
    [InlineData(512, 512)]
    [InlineData(2048, 2048)]
    [InlineData(3, 4000)]
    [InlineData(1, 1)]
    public void Pictures_of_pure_noise_stay_small_and_are_gray_pictures(int rows, int columns)
    {
        var random = new Random(5);
        var image = new Image(rows, columns) { PixelSizeX = Length.FromMicrometers(1) };
        foreach (ref var v in image.Values)
        {
            v = (float)random.NextDouble();
        }

        var frame = new LivePicture().Encode(image);
        Assert.InRange(frame.Bytes.Length, 1, LivePicture.MostBytes);
        Assert.True((frame.Bytes.Length + 2) / 3 * 4 < 100_000);
        using var decoded = SKBitmap.Decode(frame.Bytes);
        Assert.InRange(Math.Max(decoded.Width, decoded.Height), 1, 512);
        Assert.Equal((double)rows / columns, (double)frame.Height / frame.Width, Math.Max(0.01, 0.51 / frame.Height));
    }

    [Fact]
    public void Gray_is_right_within_what_jpeg_loses()
    {
        // A smooth picture without flat parts: JPEG. The window leaves half a percent at each end.
        var image = new Image(256, 256);
        for (var y = 0; y < 256; y++)
        {
            for (var x = 0; x < 256; x++)
            {
                image[y, x] = x + (0.37f * y) + (3 * MathF.Sin(x * 0.7f));
            }
        }

        var frame = new LivePicture().Encode(image);
        Assert.Equal("image/jpeg", frame.MimeType);
        var range = new LiveWindow().Next(image.Values);
        using var decoded = SKBitmap.Decode(frame.Bytes);
        for (var i = 0; i < 256; i += 17)
        {
            var expected = Math.Clamp((image[i, i] - range.Low) / (range.High - range.Low) * 255, 0, 255);
            Assert.InRange(decoded.GetPixel(i, i).Red, expected - 6, expected + 6);
        }
    }

    [Fact]
    public async Task A_jpeg_is_one_gray_component_for_an_independent_decoder()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "There is no Python.");
        var random = new Random(3);
        var image = new Image(200, 300);
        for (var i = 0; i < image.Values.Length; i++)
        {
            image.Values[i] = (i % 300) + (20 * random.NextSingle());
        }

        var frame = new LivePicture().Encode(image);
        var file = Path.Combine(Path.GetTempPath(), $"beamline-{Guid.NewGuid():N}.jpg");
        await File.WriteAllBytesAsync(file, frame.Bytes, TestContext.Current.CancellationToken);
        try
        {
            const string Script = "import sys; from PIL import Image; i = Image.open(sys.argv[1]); i.load(); print(i.format, i.mode, i.size, i.getpixel((20, 100)) < 60, i.getpixel((280, 100)) > 200)";
            using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", Script, file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = await python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(error.Contains("ModuleNotFoundError", StringComparison.Ordinal), "Python has no Pillow.");
            Assert.Equal("JPEG L (300, 200) True True", said.Trim());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData(float.NaN, "no value is finite")]
    [InlineData(float.PositiveInfinity, "no value is finite")]
    [InlineData(5, "gray 2.5 to 7.5")]
    [InlineData(0, "gray −1 to 1")]
    public void Pictures_of_one_value_are_gray_and_say_so(float value, string caption)
    {
        var frame = new LivePicture().Encode(Samples.Constant(64, 64, value));
        Assert.Equal(caption, frame.Caption);
        Assert.Equal("image/png", frame.MimeType);
        Assert.True(frame.Bytes.Length < 500);
        using var decoded = SKBitmap.Decode(frame.Bytes);
        Assert.InRange(decoded.GetPixel(10, 10).Red, float.IsFinite(value) ? 127 : 0, float.IsFinite(value) ? 128 : 0);
    }

    [Fact]
    public void A_scale_bar_is_drawn_where_the_pixel_size_is_known()
    {
        var plain = new Image(256, 256);
        var random = new Random(2);
        foreach (ref var v in plain.Values)
        {
            v = random.NextSingle();
        }

        var sized = new Image(256, 256, plain.Values.ToArray()) { PixelSizeX = Length.FromMicrometers(1) };
        using var without = SKBitmap.Decode(new LivePicture().Encode(plain).Bytes);
        using var with = SKBitmap.Decode(new LivePicture().Encode(sized).Bytes);
        // 50 um of 256 um: the white line in the lower left corner is 50 pixels long.
        int White(SKBitmap bitmap) => Enumerable.Range(200, 56).Max(y => Longest(Enumerable.Range(0, 128).Select(x => bitmap.GetPixel(x, y).Red > 200)));
        Assert.InRange(White(with), 46, 54);
        Assert.InRange(White(without), 0, 30);
    }

    [Fact]
    public void The_window_stays_until_the_values_have_left_it()
    {
        var window = new LiveWindow();
        var first = window.Next(Values(0, 100));
        Assert.Equal(first, window.Next(Values(3, 95)));
        Assert.Equal(first, window.Next(Values(40, 40)));
        Assert.Equal(first, window.Next([float.NaN, float.NaN]));
        var moved = window.Next(Values(0, 200));
        Assert.NotEqual(first, moved);
        Assert.InRange(moved.High, 195, 200);
        Assert.Equal(moved, window.Next(Values(5, 190)));

        static float[] Values(float low, float high) => [.. Enumerable.Range(0, 1001).Select(i => low + ((high - low) * i / 1000))];
    }

    private static int Longest(IEnumerable<bool> row)
    {
        var (best, run) = (0, 0);
        foreach (var isWhite in row)
        {
            run = isWhite ? run + 1 : 0;
            best = Math.Max(best, run);
        }

        return best;
    }

    /// <summary>Elements with their sizes, in order.</summary>
    private static string[] Shape(string html) =>
    [
        .. Parse(html).DescendantsAndSelf().Select(e => $"{e.Name.LocalName} {e.Attribute("width")?.Value} {e.Attribute("height")?.Value} {e.Attribute("style")?.Value}"),
    ];

    private static XElement Parse(string html) =>
        XElement.Parse(Regex.Replace(html, "(<img[^>]*)>", "$1/>").Replace("&nbsp;", " ", StringComparison.Ordinal));
}
