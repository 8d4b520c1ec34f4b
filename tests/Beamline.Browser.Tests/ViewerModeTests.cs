using Beamline.Arrays;
using Beamline.Display;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Beamline.Browser.Tests;

/// <summary>What viewers begin with when they are told.</summary>
public sealed class ViewerModeTests(Chromium browser)
{
    [Theory]
    [InlineData(ViewMode.Mip, "0")]
    [InlineData(ViewMode.Iso, "1")]
    [InlineData(ViewMode.Dvr, "2")]
    public async Task A_volume_begins_with_3d_alone(ViewMode mode, string value)
    {
        using var volume = Outputs.Ball(32);
        await using var open = await browser.OpenAsync(volume.View(new() { Mode = mode, Window = ValueWindow.Values(0, 2) }).Html);
        var visible = open.Page.Locator("canvas[role=application]:visible");
        await Expect(visible).ToHaveCountAsync(1);
        await Expect(visible).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("^3D"));
        await Expect(open.Page.GetByLabel("Show as")).ToHaveValueAsync(value);
        // A maximum has the value 1 of the ball everywhere in the window of 0 to 2, a surface and fog have shades.
        var middle = await open.MiddleAsync(visible, c => c.Red > 60);
        Assert.True(mode == ViewMode.Mip ? middle.Red is > 118 and < 138 : middle.Red > 60, $"{middle}");

        await open.Page.GetByLabel("Enlarge 3D").ClickAsync();
        await Expect(visible).ToHaveCountAsync(4);
        Assert.Empty(open.Errors);
    }

    [Fact]
    public async Task Two_volumes_begin_with_it_too_and_without_a_mode_there_are_slices()
    {
        using var volume = Outputs.Ball(32);
        await using var open = await browser.OpenAsync(volume.Compare(volume, new() { Mode = ViewMode.Mip }).Html);
        await Expect(open.Page.Locator("canvas[role=application]:visible")).ToHaveCountAsync(1);
        await using var plain = await browser.OpenAsync(volume.View(new() { Mode = ViewMode.Slices }).Html);
        await Expect(plain.Page.Locator("canvas[role=application]:visible")).ToHaveCountAsync(4);
    }

    [Theory]
    [InlineData(null, "amplitude", "gray", "5 ")]
    [InlineData(ComplexPart.Phase, "phase", "phase", "0.9273 rad")]
    [InlineData(ComplexPart.Real, "real", "viridis", "3 ")]
    [InlineData(ComplexPart.Imaginary, "imaginary", "viridis", "4 ")]
    public async Task A_complex_image_begins_with_the_part_that_was_named(ComplexPart? part, string shown, string map, string value)
    {
        var wave = new ComplexImage(20, 30);
        wave.Real.Fill(3);
        wave.Imaginary.Fill(4);
        wave.Imaginary[0] = -4;
        await using var open = await browser.OpenAsync(wave.View(new() { Complex = part, Map = part is null ? ColorMap.Gray : ColorMap.Viridis }).Html);
        await Expect(open.Page.GetByLabel("Show", new() { Exact = true })).ToHaveValueAsync(shown);
        await Expect(open.Page.GetByLabel("Colors")).ToHaveValueAsync(map);
        await Expect(open.Page.Locator(".o b")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^" + value.Trim()));
        if (part == ComplexPart.Phase)
        {
            await Expect(open.Page.GetByLabel("Value of the first color")).ToHaveValueAsync("-3.142");
        }

        // The others are a choice away.
        await open.Page.GetByLabel("Show", new() { Exact = true }).SelectOptionAsync("amplitude");
        await Expect(open.Page.Locator(".o b")).ToHaveTextAsync("5");
        Assert.Empty(open.Errors);
    }
}
