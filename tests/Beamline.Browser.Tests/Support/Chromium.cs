using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Beamline.Browser.Tests.Chromium))]

namespace Beamline.Browser.Tests;

/// <summary>The browser of this machine, started once for all tests; each opens pages of its own, some at a time. Pages have no network. Skips where there is none.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // The processor draws: small pages are quick.
    private const int Width = 640;
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private readonly List<IBrowser> _browsers = [];
    private IPlaywright? _playwright;
    private IBrowser? _usual;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Places.Any(File.Exists), "No Chromium was found: sudo apt-get install chromium");
        _playwright = await Playwright.CreateAsync();
        // Other tests draw on the same two cores, and the first cell of a kernel takes seconds there.
        Assertions.SetDefaultExpectTimeout(30_000);
        // The software renderer draws the same on every machine.
        _usual = await LaunchAsync("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _browsers)
        {
            await browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Another browser with flags of its own.</summary>
    public async Task<IBrowser> LaunchAsync(params string[] flags)
    {
        var browser = await _playwright!.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Places.First(File.Exists),
            Args =
            [
                "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", .. flags,
            ],
        });
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>Opens HTML as a page of a file, and waits until every viewer in it has started or failed.</summary>
    internal async Task<OpenPage> OpenAsync(
        string body, bool scripts = true, bool dark = false, IBrowser? browser = null, int height = 1000, string? bodyTag = null, bool touch = false)
    {
        bodyTag ??= $"<body style=\"margin:12px;background:{(dark ? "#111418" : "#fff")}\">";
        var html = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Outputs</title>" +
            $"{bodyTag}<main><h1 style=\"color:#888;display:none\">Outputs</h1>{body}</main></body></html>";
        var file = Path.Combine(Path.GetTempPath(), $"beamline-page-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(file, html);
        return await OpenFileAsync(file, scripts, browser, height, touch);
    }

    /// <summary>An empty page that may ask servers of this machine.</summary>
    internal async Task<IPage> NewPageAsync() => await _usual!.NewPageAsync(new() { ViewportSize = new() { Width = 1000, Height = 1200 } });

    /// <summary>Opens a page of a file, which is deleted with it.</summary>
    internal async Task<OpenPage> OpenFileAsync(string file, bool scripts = true, IBrowser? browser = null, int height = 1000, bool touch = false)
    {
        var context = await (browser ?? _usual!).NewContextAsync(new() { Offline = true, HasTouch = touch, JavaScriptEnabled = scripts, ViewportSize = new() { Width = Width, Height = height } });
        var page = await context.NewPageAsync();
        var open = new OpenPage(page, file);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        if (scripts)
        {
            await page.WaitForFunctionAsync(
                "[...document.querySelectorAll('[data-beamline-viewer]')].every(e => ['ready', 'failed'].includes(e.dataset.beamlineState))");
            await open.SettleAsync();
        }

        return open;
    }
}

/// <summary>Tests that need servers share them, and run one after another: they draw on the same two cores.</summary>
[CollectionDefinition("Browser")]
public sealed class BrowserGroup : ICollectionFixture<Jupyter>;
