using System.Text.Json;
using Beamline.Arrays;
using Beamline.Display;

namespace Beamline.Browser.Tests;

/// <summary>The viewer for people who use no mouse or see no picture.</summary>
public sealed class AccessibilityTests(Chromium browser)
{
    private static readonly string[] Grave = ["serious", "critical"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Axe_finds_no_serious_violation(bool dark)
    {
        var folder = await Tool.NpmFolderAsync("axe", Repository.PathOf("tests", "Beamline.Browser.Tests", "axe"), "package.json", "package-lock.json");
        using var volume = Outputs.Ball(32);
        await using var open = await browser.OpenAsync(volume.View().Html + Outputs.Ramp().Compare(Outputs.Ramp()).Html + new ComplexImage(8, 8).View().Html +
            $"<div style=\"color:{(dark ? "#eee" : "#111")}\">{LiveUpdates.Make(1)[0]}</div>", dark: dark);
        await open.Page.GetByLabel("Cut planes").First.ClickAsync();
        await open.Page.GetByLabel("Keys and mouse").First.ClickAsync();
        await DrawRegionAsync(open, "ROI: region of interest");
        await open.Page.AddScriptTagAsync(new() { Path = Path.Combine(folder, "node_modules", "axe-core", "axe.min.js") });
        var found = await open.Page.EvaluateAsync<JsonElement>("axe.run().then(r => [r.passes.length, r.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')])])");
        var grave = found[1].EnumerateArray().Where(v => Grave.Contains(v[0].GetString())).Select(v => v.ToString()).ToArray();
        Assert.Empty(grave);
        // Guards against a check that looked at nothing.
        Assert.True(found[0].GetInt32() > 15, found[0].ToString());
    }

    [Fact]
    public async Task Every_control_is_reached_by_the_tab_key()
    {
        using var volume = Outputs.Ball(32);
        await using var open = await browser.OpenAsync(volume.View().Html);
        var wanted = await open.Page.EvaluateAsync<int>("""
            (() => { const r = document.querySelector('[data-beamline-viewer] > div').shadowRoot;
              return [...r.querySelectorAll('button, select, input, canvas[tabindex]')].filter(e => e.checkVisibility()).length; })()
            """);
        Assert.True(wanted > 20, $"{wanted} controls");
        var reached = new HashSet<string>();
        for (var i = 0; i < wanted + 5; i++)
        {
            await open.Page.Keyboard.PressAsync("Tab");
            reached.Add(await open.Page.EvaluateAsync<string>("""
                (() => { const r = document.querySelector('[data-beamline-viewer] > div').shadowRoot, e = r.activeElement;
                  return e ? String([...r.querySelectorAll('*')].indexOf(e)) : ''; })()
                """));
        }

        reached.Remove("");
        Assert.Equal(wanted, reached.Count);
    }

    [Fact]
    public async Task No_control_lies_over_another_however_narrow_the_page()
    {
        using var volume = Outputs.Ball(32);
        await using var open = await browser.OpenAsync(volume.View().Html);
        foreach (var width in new[] { 1100, 640, 600, 390 })
        {
            await open.Page.SetViewportSizeAsync(width, 400);
            await open.SettleAsync();
            var over = await open.Page.EvaluateAsync<string[]>("""
                (() => { const r = document.querySelector('[data-beamline-viewer] > div').shadowRoot;
                  const all = [...r.querySelectorAll('button, select, input, output, canvas')].filter(e => e.checkVisibility()).map(e => [e.ariaLabel ?? e.textContent, e.getBoundingClientRect()]);
                  return all.flatMap(([a, x], i) => all.slice(i + 1).filter(([, y]) => x.left < y.right - 1 && y.left < x.right - 1 && x.top < y.bottom - 1 && y.top < x.bottom - 1).map(([b]) => a + ' / ' + b)); })()
                """);
            Assert.True(over.Length == 0, $"{width}: {string.Join("; ", over)}");
        }
    }

    [Fact]
    public async Task A_region_is_drawn_and_read_by_keys_alone()
    {
        await using var open = await browser.OpenAsync(Outputs.Ramp().View().Html);
        await DrawRegionAsync(open, "ROI: region of interest");
        var cells = await open.Page.Locator("td").AllTextContentsAsync();
        // From x = 30, y = 20 twelve pixels right and four down.
        Assert.Equal("65", cells[5]);
        Assert.StartsWith("36.2", cells[1], StringComparison.Ordinal);
        Assert.Contains("18 µm", cells[6], StringComparison.Ordinal);
        await DrawRegionAsync(open, "Line profile");
        Assert.Contains("Line profile over 19 µm", await open.Page.Locator("canvas[role=img]").GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        await open.Pictures.First.PressAsync("Escape");
        await open.SettleAsync();
        Assert.Equal(0, await open.Page.Locator("td").CountAsync());
    }

    [Fact]
    public async Task Slices_change_by_keys_and_are_spoken()
    {
        using var volume = Outputs.Ball();
        await using var open = await browser.OpenAsync(volume.View().Html);
        var picture = open.Pictures.First;
        await picture.FocusAsync();
        await picture.PressAsync("PageDown");
        await picture.PressAsync("PageDown");
        await open.SettleAsync();
        Assert.Equal("34 (68 µm)", await open.Page.GetByLabel("z of xy slice").GetAttributeAsync("aria-valuetext"));
        await picture.PressAsync("Home");
        await open.SettleAsync();
        Assert.Equal("0 (0 µm)", await open.Page.GetByLabel("z of xy slice").GetAttributeAsync("aria-valuetext"));
    }

    private static async Task DrawRegionAsync(OpenPage open, string tool)
    {
        await open.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = tool }).First.ClickAsync();
        var picture = open.Pictures.First;
        await picture.FocusAsync();
        await picture.PressAsync("Enter");
        for (var i = 0; i < 12; i++)
        {
            await picture.PressAsync("ArrowRight");
        }

        for (var i = 0; i < 4; i++)
        {
            await picture.PressAsync("ArrowDown");
        }

        await picture.PressAsync("Enter");
        await open.SettleAsync();
        // Back to where the next one begins.
        for (var i = 0; i < 12; i++)
        {
            await picture.PressAsync("ArrowLeft");
        }

        for (var i = 0; i < 4; i++)
        {
            await picture.PressAsync("ArrowUp");
        }
    }
}
