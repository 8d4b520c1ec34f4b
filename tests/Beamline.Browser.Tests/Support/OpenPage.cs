using Microsoft.Playwright;
using SkiaSharp;

namespace Beamline.Browser.Tests;

/// <summary>A page with everything that it asked for and complained of.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly string _file;

    public OpenPage(IPage page, string file)
    {
        (Page, _file) = (page, file);
        page.Request += (_, request) => Requests.Add(request.Url);
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.Contains("GPU stall", StringComparison.Ordinal))
            {
                Errors.Add(message.Text);
            }
        };
        page.Dialog += (_, dialog) =>
        {
            Errors.Add($"dialog: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public List<string> Requests { get; } = [];

    public List<string> Errors { get; } = [];

    /// <summary>The pictures of the first viewer, in order.</summary>
    public ILocator Pictures => Page.Locator("canvas[role=application]");

    /// <summary>Waits until two frames have been drawn.</summary>
    public Task SettleAsync() => Page.EvaluateAsync("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r, 30))))");

    /// <summary>The pixels of a picture as they are on its canvas.</summary>
    public async Task<SKBitmap> PixelsAsync(ILocator canvas)
    {
        await canvas.ScrollIntoViewIfNeededAsync();
        await SettleAsync();
        var url = await canvas.EvaluateAsync<string>("c => c.toDataURL('image/png')");
        return SKBitmap.Decode(Convert.FromBase64String(url[(url.IndexOf(',') + 1)..]));
    }

    /// <summary>The color in the middle of a picture, as soon as it is as expected, or after ten seconds.</summary>
    public async Task<SKColor> MiddleAsync(ILocator canvas, Func<SKColor, bool> isExpected)
    {
        for (var start = Environment.TickCount64; ;)
        {
            using var pixels = await PixelsAsync(canvas);
            var color = pixels.GetPixel(pixels.Width / 2, pixels.Height / 2);
            if (isExpected(color) || Environment.TickCount64 - start > 10_000)
            {
                return color;
            }
        }
    }

    /// <summary>The picture that a button saves.</summary>
    public async Task<SKBitmap> DownloadAsync(string button)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByLabel(button).ClickAsync());
        Assert.EndsWith(".png", download.SuggestedFilename, StringComparison.Ordinal);
        return SKBitmap.Decode(await download.PathAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        File.Delete(_file);
    }
}
