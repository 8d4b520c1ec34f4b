using System.Text.Json;
using Microsoft.Playwright;

namespace Beamline.Browser.Tests;

/// <summary>Displays of running jobs in a page that does with updates what JupyterLab does: it replaces the content of the output.</summary>
[Collection("Browser")]
public sealed class LiveDisplayTests(Chromium browser)
{
    private const int Updates = 100;
    private const double MostGrowth = 20e6;

    /// <summary>Replaces the output and answers when the picture is decoded and drawn: its width, and where the page has moved to.</summary>
    private const string Replace = """
        async html => {
          const out = document.getElementById('out');
          const made = document.createElement('div');
          made.innerHTML = html;
          out.replaceChildren(made);
          const picture = out.querySelector('img');
          await picture.decode();
          await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
          return [picture.naturalWidth, out.offsetHeight, out.querySelector('[role=progressbar]').getAttribute('aria-valuenow'), picture.alt];
        }
        """;

    [Fact]
    public async Task A_hundred_updates_are_all_shown_and_leave_no_memory_behind()
    {
        var updates = LiveUpdates.Make(Updates);
        Assert.Equal(Updates, updates.Length);
        Assert.All(updates, html => Assert.DoesNotContain("<script", html, StringComparison.Ordinal));
        var own = await browser.LaunchAsync();
        await using var open = await browser.OpenAsync("<div id=\"out\"></div>", browser: own);
        var page = await open.Page.Context.NewCDPSessionAsync(open.Page);
        var process = await own.NewBrowserCDPSessionAsync();

        // The first ones make caches and compile code, which is no growth.
        foreach (var html in updates.Take(10))
        {
            await open.Page.EvaluateAsync<JsonElement>(Replace, html);
        }

        var before = await MeasureAsync(page, process);
        var heights = new HashSet<int>();
        var seen = new HashSet<string>();
        foreach (var html in updates)
        {
            var answer = await open.Page.EvaluateAsync<JsonElement>(Replace, html);
            Assert.Equal(512, answer[0].GetInt32());
            heights.Add(answer[1].GetInt32());
            seen.Add(answer[3].GetString()!);
        }

        var after = await MeasureAsync(page, process);
        // The same again: what the browser keeps for a while, such as decoded pictures, does not grow for ever.
        foreach (var html in updates)
        {
            await open.Page.EvaluateAsync<JsonElement>(Replace, html.Replace("iteration ", "again ", StringComparison.Ordinal));
        }

        var later = await MeasureAsync(page, process);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"heap {before.Heap / 1e6:0.0} -> {after.Heap / 1e6:0.0} MB, nodes {before.Nodes} -> {after.Nodes}, " +
            $"renderer {before.Anonymous / 1e6:0.0} -> {after.Anonymous / 1e6:0.0} -> {later.Anonymous / 1e6:0.0} MB");
        Assert.Equal(Updates, seen.Count);
        Assert.Single(heights);
        Assert.True(after.Heap - before.Heap < MostGrowth, $"script heap {before.Heap:N0} to {after.Heap:N0}");
        Assert.True(after.Nodes - before.Nodes < 1000, $"nodes {before.Nodes} to {after.Nodes}");
        // The process keeps caches as it likes (18 to 34 MB were seen); 200 decoded pictures would be 200 MB.
        Assert.True(later.Anonymous - before.Anonymous < 5 * MostGrowth, $"renderer {before.Anonymous:N0} to {later.Anonymous:N0}");
        Assert.Empty(open.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_scripts_it_looks_the_same_on_light_and_dark_pages(bool dark)
    {
        var html = LiveUpdates.Make(3)[^1];
        await using var open = await browser.OpenAsync($"<div style=\"color:{(dark ? "#eee" : "#111")}\">{html}</div>", scripts: false, dark: dark);
        Assert.Equal("67", await open.Page.Locator("[role=progressbar]").GetAttributeAsync("aria-valuenow"));
        Assert.True(await open.Page.Locator("img").IsVisibleAsync());
        Assert.True(await open.Page.Locator("svg path").IsVisibleAsync());
        Assert.DoesNotContain(open.Requests, r => r.StartsWith("http", StringComparison.Ordinal));
    }

    private static async Task<(double Heap, double Nodes, double Anonymous)> MeasureAsync(ICDPSession page, ICDPSession browser)
    {
        await page.SendAsync("Performance.enable");
        for (var i = 0; i < 3; i++)
        {
            await page.SendAsync("HeapProfiler.collectGarbage");
        }

        var counters = (await page.SendAsync("Memory.getDOMCounters"))!.Value;
        var metrics = (await page.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(m => m.GetProperty("name").GetString()!, m => m.GetProperty("value").GetDouble());
        var processes = (await browser.SendAsync("SystemInfo.getProcessInfo"))!.Value.GetProperty("processInfo").EnumerateArray();
        var anonymous = processes.Where(p => p.GetProperty("type").GetString() == "renderer").Sum(p => Anonymous(p.GetProperty("id").GetInt32()));
        return (metrics["JSHeapUsedSize"], counters.GetProperty("nodes").GetDouble(), anonymous);
    }

    /// <summary>Memory of a process that is no file's; 0 where the system does not say.</summary>
    private static double Anonymous(int process)
    {
        var status = $"/proc/{process}/status";
        var line = File.Exists(status) ? File.ReadLines(status).FirstOrDefault(l => l.StartsWith("RssAnon:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : double.Parse(line["RssAnon:".Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024;
    }
}
