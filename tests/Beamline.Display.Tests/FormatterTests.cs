using System.Reflection;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Display.Tests;

public class FormatterTests
{
    [Fact]
    public void Each_array_has_html_with_its_picture_inside_a_png_and_one_line_of_text()
    {
        using var volume = new Volume(2, 3, 4) { VoxelSize = VoxelSize.Cube(Length.FromMicrometers(0.65)), Quantity = Quantity.AttenuationPerCentimeter };
        volume[1, 2, 3] = 2.5f;
        using var stack = Samples.Disks(5, 6, 7);
        var formatter = new ArrayFormatter();
        var values = new (object Value, string Text)[]
        {
            (volume, "Volume float32 2x3x4, 0.65 µm, range [0, 2.5] 1/cm"),
            (Samples.Ramp(3, 4, Length.FromMicrometers(2)), "Image float32 3x4, 2 µm, range [0, 3]"),
            (new Sinogram([0, 90], 2, [1, 2, 3, 4]) { DetectorRow = 7 }, "Sinogram float32 2 angles x 2 columns, detector row 7, range [1, 4]"),
            (stack, "ProjectionStack float32 5 angles x 6 rows x 7 columns, 1.1 µm, 0° to 144°, range of the shown planes ["),
            (Samples.Ramp(3, 4).View(), "Image float32 3x4, range [0, 3]"),
        };
        foreach (var (value, text) in values)
        {
            Assert.True(formatter.CanFormat(value.GetType()));
            var bundle = formatter.Format(value);
            var line = Assert.IsType<string>(bundle.Parts[MimeTypes.Text]);
            Assert.StartsWith(text, line);
            Assert.DoesNotContain('\n', line);
            var png = Assert.IsType<byte[]>(bundle.Parts[MimeTypes.Png]);
            using var pixels = new Pixels(png);
            Assert.Equal(pixels.Width / 2, bundle.Metadata[MimeTypes.Png]["width"]!.GetValue<int>());
            var html = Assert.IsType<string>(bundle.Parts[MimeTypes.Html]);
            Assert.Contains($"<img src=\"data:image/png;base64,{Convert.ToBase64String(png)}\" width=\"{pixels.Width / 2}\"", html);
            Assert.Equal(1, html.Split("<script>").Length - 1);
            Assert.True(OutputBudget.SizeOf(bundle) < OutputBudget.NormalBytes);
            Assert.DoesNotContain("http://", html);
            Assert.DoesNotContain("https://", html);
        }

        Assert.False(formatter.CanFormat(typeof(string)));
        Assert.Throws<ArgumentException>(() => formatter.Format("text"));
    }

    [Fact]
    public void Text_of_the_user_is_escaped_in_html()
    {
        var image = new Image(2, 2) { Quantity = new("<script>alert(1)</script>", "\"><img onerror=x>") };
        var view = image.View(new() { Title = "<script>alert(2)</script>" });
        Assert.DoesNotContain("<script>alert", view.Html);
        Assert.DoesNotContain("<img onerror", view.Html);
        Assert.Contains("&quot;&gt;&lt;img onerror", view.Html);
    }

    [Theory]
    [InlineData(typeof(Image))]
    [InlineData(typeof(Sinogram))]
    [InlineData(typeof(Volume))]
    [InlineData(typeof(MemoryProjectionStack))]
    public void A_host_without_our_assemblies_finds_the_formatters_by_name(Type type)
    {
        // Exactly what Microsoft.DotNet.Interactive.Formatting does: names only.
        var attribute = type.GetCustomAttributes(inherit: true).Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        var sourceType = (Type?)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute);
        var preferred = (string[])attribute.GetType().GetProperty("PreferredMimeTypes")!.GetValue(attribute)!;
        Assert.NotNull(sourceType);
        var source = Activator.CreateInstance(sourceType)!;
        var made = (System.Collections.IEnumerable)sourceType.GetMethod("CreateTypeFormatters")!.Invoke(source, null)!;
        object value = type == typeof(Image) ? Samples.Ramp(4, 5)
            : type == typeof(Sinogram) ? new Sinogram([0], 2, [1, 2])
            : type == typeof(Volume) ? new Volume(2, 2, 2) : Samples.Disks(2, 3, 4);
        var parts = new Dictionary<string, string>();
        foreach (var formatter in made)
        {
            var mimeType = (string)formatter.GetType().GetProperty("MimeType")!.GetValue(formatter)!;
            var format = formatter.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance)
                .Single(m => m.Name == "Format" && m.GetParameters().Select(p => p.ParameterType).SequenceEqual([typeof(object), typeof(TextWriter)]));
            var writer = new StringWriter();
            Assert.Equal(true, format.Invoke(formatter, [value, writer]));
            Assert.Equal(false, format.Invoke(formatter, ["other", new StringWriter()]));
            parts[mimeType] = writer.ToString();
        }

        Assert.Equal(preferred.Order(), parts.Keys.Order());
        using var pixels = new Pixels(Convert.FromBase64String(parts["image/png"]));
        Assert.True(pixels.Width > 50);
        Assert.StartsWith("<div data-beamline-viewer=", parts["text/html"]);
        Assert.Contains("<figure", parts["text/html"]);
        Assert.Contains("float32", parts["text/plain"]);
        (value as IDisposable)?.Dispose();
    }

    [Fact]
    public void Large_outputs_warn_and_far_too_large_ones_become_a_message()
    {
        var warnings = new List<string>();
        using var _ = RunContext.Use(RunContext.Default with { Warning = warnings.Add });
        var small = MimeBundle.FromText("x").With(MimeTypes.Png, new byte[1_000_000]);
        Assert.Same(small, OutputBudget.Check(small, "a"));
        Assert.Empty(warnings);
        var large = MimeBundle.FromText("x").With(MimeTypes.Png, new byte[3_000_000]);
        Assert.Same(large, OutputBudget.Check(large, "a"));
        Assert.Contains("4 MB", Assert.Single(warnings));
        var stopped = OutputBudget.Check(MimeBundle.FromText("x").With(MimeTypes.Png, new byte[8_000_000]), "Image float32");
        Assert.Equal([MimeTypes.Text], stopped.Parts.Keys);
        Assert.StartsWith("Image float32\nNot shown: this output would add 10.7 MB", (string)stopped.Parts[MimeTypes.Text]);
    }
}
