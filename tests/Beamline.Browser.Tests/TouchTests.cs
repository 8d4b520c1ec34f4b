using System.Text.Json;
using Beamline.Display;
using Microsoft.Playwright;

namespace Beamline.Browser.Tests;

/// <summary>Fingers on pictures: one drags, two zoom.</summary>
public sealed class TouchTests(Chromium browser)
{
    [Fact]
    public async Task One_finger_moves_the_crosshair_and_two_zoom()
    {
        await using var open = await browser.OpenAsync(Outputs.Ramp().View(new() { Window = ValueWindow.Values(0, 60) }).Html, touch: true);
        var box = (await open.Pictures.First.BoundingBoxAsync())!;
        await using var fingers = await Fingers.OnAsync(open.Page);
        await fingers.DragAsync((box.X + 200, box.Y + 200), (box.X + (box.Width * 0.755f), box.Y + (box.Height * 0.505f)));
        await open.SettleAsync();
        Assert.Contains("x 45 ", await open.Page.Locator(".o").TextContentAsync(), StringComparison.Ordinal);

        // From 100 to 300 pixels apart, around the middle: three times as large.
        var (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await fingers.PinchAsync((x, y), 50, 150);
        using var pixels = await open.PixelsAsync(open.Pictures.First);
        // A third of 60 columns is left: 20 to 40.
        Assert.InRange(pixels.GetPixel(20, pixels.Height * 3 / 4).Red, 76, 94);
        Assert.InRange(pixels.GetPixel(pixels.Width - 20, pixels.Height / 4).Red, 161, 179);
        Assert.Empty(open.Errors);
    }

    [Fact]
    public async Task A_finger_turns_the_volume_at_half_resolution_and_full_resolution_comes_when_it_is_lifted()
    {
        const string Watch = "<script>drawn = []; const f = WebGL2RenderingContext.prototype.viewport; WebGL2RenderingContext.prototype.viewport = function (...a) { drawn.push(a[2]); return f.apply(this, a); };</script>";
        using var volume = Outputs.Ball();
        await using var open = await browser.OpenAsync(Watch + volume.View().Html, touch: true, height: 1400);
        var picture = open.Pictures.Nth(3);
        using var before = await open.PixelsAsync(picture);
        await open.Page.EvaluateAsync("drawn = []");
        var box = (await picture.BoundingBoxAsync())!;
        await using var fingers = await Fingers.OnAsync(open.Page);
        await fingers.DragAsync((box.X + 100, box.Y + 100), (box.X + 220, box.Y + 130), open.SettleAsync);
        await open.SettleAsync();
        var widths = await open.Page.EvaluateAsync<int[]>("drawn");
        Assert.Contains((before.Width + 1) / 2, widths);
        Assert.Equal(before.Width, widths[^1]);
        using var after = await open.PixelsAsync(picture);
        Assert.NotEqual(before.Bytes, after.Bytes);
        Assert.Empty(open.Errors);
    }

    private const string Room = "<div style='height:2000px'></div>";

    [Fact]
    public async Task A_finger_that_moves_up_scrolls_the_page_and_leaves_the_crosshair()
    {
        using var volume = Outputs.Ball(32);
        await using var open = await browser.OpenAsync(volume.View().Html + Room, touch: true, height: 700);
        await using var fingers = await Fingers.OnAsync(open.Page);
        var before = await open.Page.Locator(".o").TextContentAsync();
        foreach (var picture in new[] { 0, 3 })
        {
            var start = await ScrolledAsync(open);
            var box = (await open.Pictures.Nth(picture).BoundingBoxAsync())!;
            var y = Math.Min(box.Y + (box.Height * 0.8f), 650);
            await fingers.DragAsync((box.X + (box.Width * 0.3f), y), (box.X + (box.Width * 0.3f) + 4, y - 120), open.SettleAsync);
            await open.SettleAsync();
            Assert.InRange(await ScrolledAsync(open), start + 60, start + 130);
        }

        Assert.Equal(before, await open.Page.Locator(".o").TextContentAsync());
        Assert.Empty(open.Errors);
    }

    [Fact]
    public async Task A_tap_places_the_crosshair()
    {
        await using var open = await browser.OpenAsync(Outputs.Ramp().View().Html + Room, touch: true);
        await using var fingers = await Fingers.OnAsync(open.Page);
        var box = (await open.Pictures.First.BoundingBoxAsync())!;
        await fingers.TapAsync((box.X + (box.Width * 0.255f), box.Y + (box.Height * 0.505f)));
        await Microsoft.Playwright.Assertions.Expect(open.Page.Locator(".o")).ToContainTextAsync("x 15 ");
    }

    [Theory]
    [InlineData("zoom")]
    [InlineData("Move the picture")]
    [InlineData("ROI: region of interest")]
    public async Task A_picture_with_something_to_drag_keeps_the_finger(string what)
    {
        await using var open = await browser.OpenAsync(Outputs.Ramp().View().Html + Room, touch: true);
        await using var fingers = await Fingers.OnAsync(open.Page);
        var box = (await open.Pictures.First.BoundingBoxAsync())!;
        var (x, y) = (box.X + (box.Width / 2), box.Y + (box.Height / 2));
        if (what == "zoom")
        {
            await fingers.PinchAsync((x, y), 40, 160);
        }
        else
        {
            await open.Page.GetByLabel(what).TapAsync();
        }

        await open.SettleAsync();
        using var before = await open.PixelsAsync(open.Pictures.First);
        await fingers.DragAsync((x, y + 100), (x + 10, y - 60), open.SettleAsync);
        await open.SettleAsync();
        Assert.Equal(0, await ScrolledAsync(open));
        using var after = await open.PixelsAsync(open.Pictures.First);
        Assert.NotEqual(before.Bytes, after.Bytes);

        // Reset: the page scrolls again.
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Crosshair" }).TapAsync();
        await open.Page.GetByLabel("Reset the view").TapAsync();
        await open.SettleAsync();
        await fingers.DragAsync((x, y + 100), (x + 4, y - 60), open.SettleAsync);
        await open.SettleAsync();
        Assert.InRange(await ScrolledAsync(open), 60, 200);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_fingers_zoom_and_neither_scroll_nor_move_the_crosshair(bool upright)
    {
        await using var open = await browser.OpenAsync(Outputs.Ramp().View().Html + Room, touch: true);
        await using var fingers = await Fingers.OnAsync(open.Page);
        var before = await open.Page.Locator(".o").TextContentAsync();
        using var unzoomed = await open.PixelsAsync(open.Pictures.First);
        var box = (await open.Pictures.First.BoundingBoxAsync())!;
        await fingers.PinchAsync((box.X + (box.Width / 2), box.Y + (box.Height / 2)), 40, 140, upright);
        await open.SettleAsync();
        Assert.Equal(0, await ScrolledAsync(open));
        Assert.Equal(1, await open.Page.EvaluateAsync<double>("visualViewport.scale"));
        using var zoomed = await open.PixelsAsync(open.Pictures.First);
        Assert.NotEqual(unzoomed.Bytes, zoomed.Bytes);
        Assert.Equal(before, await open.Page.Locator(".o").TextContentAsync());
        Assert.Empty(open.Errors);
    }

    private static async Task<double> ScrolledAsync(OpenPage open) => await open.Page.EvaluateAsync<double>("scrollY");

    /// <summary>Touches as the browser gets them from a screen.</summary>
    private sealed class Fingers(ICDPSession session) : IAsyncDisposable
    {
        public static async Task<Fingers> OnAsync(IPage page) => new(await page.Context.NewCDPSessionAsync(page));

        public async Task DragAsync((float X, float Y) from, (float X, float Y) to, Func<Task>? between = null)
        {
            await SendAsync("touchStart", from);
            for (var i = 1; i <= 4; i++)
            {
                await SendAsync("touchMove", (from.X + ((to.X - from.X) * i / 4), from.Y + ((to.Y - from.Y) * i / 4)));
                await (between?.Invoke() ?? Task.CompletedTask);
            }

            await SendAsync("touchEnd");
        }

        public async Task TapAsync((float X, float Y) place)
        {
            await SendAsync("touchStart", place);
            await SendAsync("touchEnd");
        }

        public async Task PinchAsync((float X, float Y) around, float from, float to, bool upright = false)
        {
            (float X, float Y) At(float far) => upright ? (around.X, around.Y + far) : (around.X + far, around.Y);
            await SendAsync("touchStart", At(-from), At(from));
            for (var i = 1; i <= 4; i++)
            {
                var half = from + ((to - from) * i / 4);
                await SendAsync("touchMove", At(-half), At(half));
            }

            // One is lifted first, and the other moves on.
            await SendAsync("touchMove", At(-to));
            await SendAsync("touchMove", At(-to * 0.8f));

            await SendAsync("touchEnd");
        }

        public ValueTask DisposeAsync() => new(session.DetachAsync());

        private Task<JsonElement?> SendAsync(string type, params (float X, float Y)[] places) => session.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object>
        {
            ["type"] = type, ["touchPoints"] = places.Select((p, i) => new Dictionary<string, object> { ["x"] = p.X, ["y"] = p.Y, ["id"] = i }).ToArray(),
        });
    }
}
