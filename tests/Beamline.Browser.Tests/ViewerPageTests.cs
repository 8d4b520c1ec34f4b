using System.Text.RegularExpressions;
using Beamline.Arrays;
using Beamline.Display;

namespace Beamline.Browser.Tests;

/// <summary>Outputs among others on a page, damaged ones, and ones with strange contents.</summary>
public sealed class ViewerPageTests(Chromium browser)
{
    private const string CountContexts = """
        <script>contexts = 0; const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) { if (kind.startsWith('webgl')) contexts++; return get.call(this, kind, ...more); };</script>
        """;

    [Fact]
    public async Task Of_twenty_viewers_none_is_lost()
    {
        using var volume = Outputs.Ball(32);
        var html = string.Concat(Enumerable.Range(0, 20).Select(i => volume.View(new() { Title = $"{i}", SliceZ = i + 6 }).Html));
        await using var open = await browser.OpenAsync(CountContexts + html);
        var volumes = open.Page.Locator("canvas[aria-label^='3D']");
        Assert.Equal(20, await volumes.CountAsync());
        // Twice, so that the first ones are looked at after the last one was drawn.
        for (var i = 0; i < 40; i += i < 20 ? 1 : 6)
        {
            // A panel is drawn when it comes into view, and other pages draw at the same time.
            var color = await open.MiddleAsync(volumes.Nth(i % 20), c => c.Red > 90);
            Assert.True(color.Red > 90, $"viewer {i % 20}: {color}");
        }

        // Browsers take the oldest away from a page with more than 16.
        Assert.Equal(1, await open.Page.EvaluateAsync<int>("contexts"));
        Assert.Empty(open.Errors);
    }

    [Fact]
    public async Task No_output_asks_the_network_for_anything()
    {
        using var volume = Outputs.Ball(32);
        using var stack = new MemoryProjectionStack([0, 60, 120], 8, 16);
        string[] outputs = [volume.View().Html, stack.View().Html, Outputs.Ramp().View().Html, stack.Sinogram(2).View().Html, new ComplexImage(8, 8).View().Html];
        await using var open = await browser.OpenAsync(string.Concat(outputs));
        Assert.All(open.Requests, url => Assert.Matches("^(file|data|blob):", url));
        foreach (var html in outputs)
        {
            Assert.DoesNotMatch(new Regex("(src|href)=[\"']?https?:", RegexOptions.IgnoreCase), html);
            Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
            Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        }

        Assert.Empty(open.Errors);
    }

    [Theory]
    [InlineData("\"coding\":\"", "\"coding\":\"\",\"was\":\"", true)]
    [InlineData("\"bytes\":\"H4sI", "\"bytes\":\"AAAA", false)]
    [InlineData("\"v\":1", "\"v\":99", false)]
    [InlineData("\"shape\":[32,32,32]", "\"shape\":[32,32]", false)]
    [InlineData("\"shape\":[32,32,32]", "\"shape\":[32,32,64]", false)]
    [InlineData("\"parts\":", "\"party\":", false)]
    public async Task A_damaged_output_keeps_its_picture_and_says_so(string from, string to, bool isHarmless)
    {
        using var volume = Outputs.Ball(32);
        var html = volume.View().Html;
        Assert.Contains(from, html, StringComparison.Ordinal);
        await using var open = await browser.OpenAsync(html.Replace(from, to, StringComparison.Ordinal));
        var state = await open.Page.Locator("[data-beamline-viewer]").GetAttributeAsync("data-beamline-state");
        Assert.Equal(isHarmless ? "ready" : "failed", state);
        if (!isHarmless)
        {
            Assert.Contains("damaged", await open.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert).TextContentAsync(), StringComparison.Ordinal);
            Assert.True(await open.Page.Locator("figure img").IsVisibleAsync());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Outputs_of_two_versions_share_a_page(bool newerFirst)
    {
        using var volume = Outputs.Ball(32);
        var (old, newer) = (volume.View(new() { Title = "old" }).Html, volume.View(new() { Title = "newer" }).Html);
        // The places where a script carries its version.
        foreach (var (one, two) in new[] { ("version>=1))", "version>=2))"), ("version>=1||", "version>=2||"), ("version:1,", "version:2,"), (".v<=1", ".v<=2"), ("gl${1}", "gl${2}"), ("\"v\":1", "\"v\":2") })
        {
            Assert.Equal(2, newer.Split(one).Length);
            newer = newer.Replace(one, two, StringComparison.Ordinal);
        }

        await using var open = await browser.OpenAsync(CountContexts + (newerFirst ? newer + old : old + newer));
        Assert.Equal(2, await open.Page.Locator("[data-beamline-state=ready]").CountAsync());
        Assert.Equal(2, await open.Page.EvaluateAsync<int>("BeamlineViewer.version"));
        foreach (var picture in await open.Page.Locator("canvas[aria-label^='3D']").AllAsync())
        {
            using var pixels = await open.PixelsAsync(picture);
            Assert.True(pixels.GetPixel(pixels.Width / 2, pixels.Height / 2).Red > 90);
        }

        // The newer one serves all that come after it; before it the older one had a shader of its own.
        Assert.Equal(newerFirst ? 1 : 2, await open.Page.EvaluateAsync<int>("contexts"));
        Assert.Empty(open.Errors);
    }

    [Fact]
    public async Task Names_with_html_in_them_stay_text()
    {
        const string Evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
        using var volume = new Volume(4, 5, 6) { Quantity = new(Evil, Evil) };
        var (a, b) = (Outputs.Ramp(), Outputs.Ramp());
        await using var open = await browser.OpenAsync(
            volume.View(new() { Title = Evil }).Html + a.Compare(b, null, Evil, "\" onfocus=alert(3) \u2028").Html);
        Assert.Empty(open.Errors);
        Assert.Equal(2, await open.Page.Locator("[data-beamline-state=ready]").CountAsync());
        Assert.Contains(Evil, await open.Page.Locator("select option").AllTextContentsAsync(), StringComparer.Ordinal);
    }

    public static TheoryData<string> Strange => ["nan", "constant", "one slice", "one voxel", "outlier", "infinite", "long and thin"];

    [Theory, MemberData(nameof(Strange))]
    public async Task Strange_volumes_open(string which)
    {
        using var volume = which switch
        {
            "one slice" => new Volume(1, 40, 50),
            "one voxel" => new Volume(1, 1, 1),
            "long and thin" => new Volume(2, 3, 900),
            _ => new Volume(8, 9, 10),
        };
        volume.Memory.Clear();
        switch (which)
        {
            case "nan":
                volume.Memory.Span(0, 720).Fill(float.NaN);
                break;
            case "constant":
                volume.Memory.Span(0, 720).Fill(7);
                break;
            case "outlier":
                volume[1, 1, 1] = 1e30f;
                break;
            case "infinite":
                volume[1, 1, 1] = float.PositiveInfinity;
                break;
        }

        await using var open = await browser.OpenAsync(volume.View().Html, height: 1400);
        Assert.Equal("ready", await open.Page.Locator("[data-beamline-viewer]").GetAttributeAsync("data-beamline-state"));
        await open.Page.GetByLabel("Window", new() { Exact = true }).SelectOptionAsync("0,100");
        await open.SettleAsync();
        Assert.Empty(open.Errors);
        if (which == "nan")
        {
            Assert.Contains("not a number", await open.Page.Locator(".o").TextContentAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_value_under_the_pointer_is_read_in_its_unit()
    {
        var image = Outputs.Ramp();
        await using var open = await browser.OpenAsync(image.View().Html);
        var box = (await open.Pictures.First.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync((float)(box.X + (box.Width * 0.505)), (float)(box.Y + (box.Height * 0.505)));
        await open.SettleAsync();
        var text = await open.Page.Locator(".o").TextContentAsync();
        Assert.Contains("x 30 (45", text, StringComparison.Ordinal);
        Assert.Contains("30.2", text, StringComparison.Ordinal);
    }
}
