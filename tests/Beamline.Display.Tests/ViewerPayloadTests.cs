using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Display.Tests;

/// <summary>What outputs give the viewer: honest values, few bytes, nothing that could be taken for markup.</summary>
[Collection("Live arrays")]
public class ViewerPayloadTests
{
    [Fact]
    public void A_preview_of_a_volume_has_the_means_of_its_blocks()
    {
        using var volume = Samples.Foam(20, 150);
        var payload = Payload.Of(volume.View());
        var part = payload["parts"]![0]!;
        Assert.Equal("volume", payload["kind"]!.GetValue<string>());
        Assert.Equal([20, 150, 150], Payload.Numbers(part["shape"]));
        Assert.Equal([1, 2, 2], Payload.Numbers(part["steps"]));
        Assert.Equal("µm", payload["axes"]![0]!["unit"]!.GetValue<string>());
        Assert.Equal(0.65, payload["axes"]![2]!["step"]!.GetValue<double>(), 9);
        var values = Payload.Values(part);
        Assert.Equal(20 * 75 * 75, values.Length);
        var half = (part["high"]!.GetValue<double>() - part["low"]!.GetValue<double>()) / 254 / 2;
        foreach (var (z, y, x) in new[] { (0, 0, 0), (7, 40, 31), (19, 74, 74) })
        {
            var mean = (volume[z, 2 * y, 2 * x] + volume[z, 2 * y, (2 * x) + 1] + volume[z, (2 * y) + 1, 2 * x] + volume[z, (2 * y) + 1, (2 * x) + 1]) / 4;
            Assert.Equal(mean, values[(((z * 75) + y) * 75) + x], half * 1.001);
        }
    }

    [Fact]
    public void An_image_keeps_sixteen_bits_of_each_value()
    {
        var image = new Image(60, 80);
        var random = new Random(5);
        foreach (ref var value in image.Values)
        {
            value = (random.NextSingle() * 1e-3f) - 2e-4f;
        }

        image[3, 4] = float.NaN;
        image[5, 6] = float.NegativeInfinity;
        var part = Payload.Of(image.View())["parts"]![0]!;
        var values = Payload.Values(part);
        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(float.IsFinite(image.Values[i]) ? image.Values[i] : double.NaN, values[i], 1e-3 / 65534);
        }
    }

    [Fact]
    public void The_volumes_voxels_beside_the_last_whole_block_are_there()
    {
        using var volume = new Volume(1, 1, 257);
        volume.Memory.Clear();
        volume[0, 0, 256] = 9;
        var part = Payload.Of(volume.View())["parts"]![0]!;
        Assert.Equal([1, 1, 3], Payload.Numbers(part["steps"]));
        Assert.Equal(4.5, Payload.Values(part)[^1], 0.1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3.5f)]
    [InlineData(float.NaN)]
    public void Constant_volumes_and_those_without_value_come_back(float value)
    {
        using var volume = new Volume(3, 4, 5);
        volume.Memory.Span(0, 60).Fill(value);
        Assert.All(Payload.Values(Payload.Of(volume.View())["parts"]![0]!), v => Assert.Equal(value, v, 1e-6));
    }

    [Fact]
    public void One_hot_voxel_does_not_take_all_codes()
    {
        using var volume = Samples.Foam(40, 60);
        volume[3, 3, 3] = 1e6f;
        var part = Payload.Of(volume.View())["parts"]![0]!;
        Assert.True(part["clipped"]!.GetValue<bool>());
        Assert.InRange(part["high"]!.GetValue<double>(), 1, 600);
        using var usual = Samples.Foam(40, 60);
        Assert.Null(Payload.Of(usual.View())["parts"]![0]!["clipped"]);
    }

    [Fact]
    public void Noise_of_any_size_stays_below_two_megabytes()
    {
        var warnings = new List<string>();
        using var _ = RunContext.Use(RunContext.Default with { Warning = warnings.Add });
        var random = new Random(1);
        using var volume = new Volume(128, 128, 128);
        for (var z = 0; z < 128; z++)
        {
            foreach (ref var value in volume.Slice(z))
            {
                value = random.NextSingle();
            }
        }

        var image = new Image(1500, 1500);
        foreach (ref var value in image.Values)
        {
            value = random.NextSingle();
        }

        foreach (var view in new[] { volume.View(), image.View(), image.Compare(image), volume.Compare(volume), new[] { image, image, image }.ViewSeries() })
        {
            Assert.InRange(OutputBudget.SizeOf(view.ToBundle()), 500_000, OutputBudget.NormalBytes);
        }

        Assert.Empty(warnings);
    }

    [Fact]
    public void A_volume_of_gigabytes_in_a_file_is_previewed_by_few_of_its_rows()
    {
        var path = Path.Combine(Path.GetTempPath(), $"beamline-{Guid.NewGuid():N}.raw");
        try
        {
            // 3 GB that take no room on the disk: all zero but for one row.
            using (var file = File.Create(path))
            {
                file.SetLength(800L * 1000 * 1000 * sizeof(float));
            }

            using var volume = new Volume(800, 1000, 1000, ArrayMemory.OpenMapped<float>(path, 800L * 1000 * 1000));
            var part = Payload.Of(volume.View())["parts"]![0]!;
            Assert.Equal([7, 8, 8], Payload.Numbers(part["steps"]));
            Assert.All(Payload.Values(part), v => Assert.Equal(0, v));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_stack_gives_whole_projections_and_its_angles()
    {
        using var stack = Samples.Disks(9, 6, 40);
        var payload = Payload.Of(stack.View(new() { Projection = 4 }));
        Assert.Equal("stack", payload["kind"]!.GetValue<string>());
        Assert.Equal(80, payload["axes"]![0]!["values"]![4]!.GetValue<double>(), 6);
        Assert.Equal(4, payload["at"]![0]!.GetValue<int>());
        var part = payload["parts"]![0]!;
        var values = Payload.Values(part);
        var within = (part["high"]!.GetValue<double>() - part["low"]!.GetValue<double>()) / 254 * 0.51;
        var third = stack.Projection(3);
        for (var i = 0; i < 240; i++)
        {
            Assert.Equal(third.Values[i], values[(3 * 240) + i], within);
        }
    }

    [Fact]
    public void Complex_values_keep_both_parts()
    {
        var image = new ComplexImage(2, 2, [1, 0, -1, 0], [0, 1, 0, float.NaN]);
        var payload = Payload.Of(image.View());
        Assert.Equal("complex", payload["kind"]!.GetValue<string>());
        Assert.Equal([1, 0, -1, 0], Payload.Values(payload["parts"]![0]!).Select(v => Math.Round(v, 4)));
        Assert.Equal([0, 1, 0, double.NaN], Payload.Values(payload["parts"]![1]!).Select(v => Math.Round(v, 4)));
    }

    [Theory]
    [InlineData(null, null, 0, "gray")]
    [InlineData(ComplexPart.Amplitude, "amplitude", 0, "gray")]
    [InlineData(ComplexPart.Phase, "phase", -Math.PI, "phase")]
    [InlineData(ComplexPart.Real, "real", -3, "gray")]
    [InlineData(ComplexPart.Imaginary, "imaginary", -4, "gray")]
    public void A_complex_viewer_begins_with_the_part_window_and_colors_of_the_picture(ComplexPart? part, string? mode, double low, string map)
    {
        var image = new ComplexImage(1, 3, [-3, 0, 3], [-4, 0, 4]);
        var payload = Payload.Of(image.View(new() { Complex = part, Window = ValueWindow.Percent(0, 100) }));
        Assert.Equal(mode, (string?)payload["mode"]);
        Assert.Equal(low, (double)payload["window"]![0]!, 1e-6);
        Assert.Equal(map, (string?)payload["map"]);
    }

    [Fact]
    public void Only_a_volume_has_a_mode()
    {
        using var volume = Samples.Foam(6, 8);
        var options = new ViewOptions { Mode = ViewMode.Mip };
        Assert.Equal(0, (int?)Payload.Of(volume.View(options))["mode"]);
        Assert.Equal(2, (int?)Payload.Of(volume.Compare(volume, options with { Mode = ViewMode.Dvr }))["mode"]);
        Assert.Null(Payload.Of(volume.View())["mode"]);
        Assert.Null(Payload.Of(Samples.Ramp(4, 5).View(options))["mode"]);
    }

    [Fact]
    public void The_same_value_gives_the_same_output_each_time()
    {
        using var volume = Samples.Foam(10, 20);
        Assert.Equal(volume.View().Html, volume.View().Html);
    }

    [Fact]
    public void Names_cannot_end_the_script()
    {
        var image = new Image(2, 2) { Quantity = new("</script>", "<!--") };
        var html = image.Compare(image, null, "</SCRIPT>", "\u2028").Html;
        var script = html[html.IndexOf("<script>", StringComparison.Ordinal)..];
        Assert.Equal(1, script.Split("</script", StringSplitOptions.None).Length - 1);
        Assert.DoesNotContain("</SCRIPT", script);
        Assert.DoesNotContain("<!--", script);
        Assert.DoesNotContain('\u2028', script);
        Assert.Equal("</script>", Payload.Of(image.View())["quantity"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public void A_picture_alone_has_no_script()
    {
        var html = Samples.Ramp(4, 5).View(new() { Interactive = false }).Html;
        Assert.StartsWith("<figure", html);
        Assert.DoesNotContain("<script", html);
    }

    [Fact]
    public void Arrays_of_different_shapes_are_not_compared()
    {
        Assert.Contains("4 x 5 and 5 x 4", Assert.Throws<ArgumentException>(() => Samples.Ramp(4, 5).Compare(Samples.Ramp(5, 4))).Message);
        Assert.Throws<ArgumentException>(() => new[] { Samples.Ramp(4, 5), Samples.Ramp(5, 4) }.ViewSeries());
        Assert.Throws<ArgumentException>(() => Array.Empty<Image>().ViewSeries());
    }
}
