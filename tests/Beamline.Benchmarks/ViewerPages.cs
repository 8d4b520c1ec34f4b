using System.IO.Compression;
using System.Text.Json.Nodes;
using Beamline.Arrays;
using Beamline.Display;
using Microsoft.Playwright;

namespace Beamline.Benchmarks;

/// <summary>Pages with viewers in the Chromium of this machine with its software renderer, and the same volume in vtk.js.</summary>
internal static class ViewerPages
{
    private const string Browser = "/usr/bin/chromium";
    private const int Rounds = 5;
    private const string Root = "document.querySelector('[data-beamline-viewer] > div').shadowRoot";

    // Tells when the picture with this label is drawn.
    private const string Watch = """
        <script>(function look() {
          const host = document.querySelector('[data-beamline-state=ready] > div'), face = host?.shadowRoot.querySelector('canvas[aria-label^="LABEL"]');
          if (!(face?.getContext('2d').getImageData(face.width / 2, face.height / 2, 1, 1).data[3] > 0)) return requestAnimationFrame(look);
          globalThis.beamlineDone = performance.now();
        })()</script>
        """;

    internal static IEnumerable<BenchRow> Rows(Volume volume, Image image)
    {
        foreach (var row in Measure(volume, image).GetAwaiter().GetResult())
        {
            yield return row;
        }
    }

    private static async Task<IReadOnlyList<BenchRow>> Measure(Volume volume, Image image)
    {
        if (!File.Exists(Browser))
        {
            return [new BenchRow { Name = "Page to interactive volume", Unit = "s", Note = $"there is no {Browser}" }];
        }

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Browser, Args = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        });
        List<BenchRow> rows = [];
        await AddVolumesAsync(rows, browser, volume);
        await AddImageAsync(rows, browser, image);
        await AddManyAsync(rows, browser, volume);
        return rows;
    }

    private static async Task AddVolumesAsync(List<BenchRow> rows, IBrowser browser, Volume volume)
    {
        var html = volume.View().Html;
        var at = html.LastIndexOf("BeamlineViewer.mount(\"", StringComparison.Ordinal);
        var part = JsonNode.Parse(html[html.IndexOf('{', at)..html.LastIndexOf(")</script>", StringComparison.Ordinal)])!["parts"]![0]!;
        var preview = Codes(part, out var sizes);
        var all = new byte[256 * 256 * 256];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = (byte)Math.Clamp(volume.Memory.Span(i, 1)[0] * 200, 1, 255);
        }

        var own = Page(html, "3D");
        var (vtk, why) = await VtkPage.InstallAsync();
        var (ours, same, whole, turned, vtkTurned) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            // In turn, so that the machine is the same for all.
            ours.Add(await OpenAsync(browser, own, async page => turned.Add(await page.EvaluateAsync<double>($$"""
                (async () => { const face = {{Root}}.querySelector('canvas[aria-label^="3D"]'), t = performance.now();
                  face.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
                  await new Promise(r => requestAnimationFrame(r)); face.getContext('2d').getImageData(0, 0, 1, 1); return performance.now() - t; })()
                """))));
            if (vtk is not null)
            {
                same.Add(await OpenAsync(browser, vtk.Html(preview, sizes, 425), async page => vtkTurned.Add(await page.EvaluateAsync<double>(
                    "(() => { const t = performance.now(); turnOnce(); drawn(); return performance.now() - t; })()"))));
                whole.Add(await OpenAsync(browser, vtk.Html(all, [256, 256, 256], 425), null));
            }
        }

        var text = string.Join('x', sizes);
        rows.Add(new BenchRow { Name = "Page to interactive picture of a 256^3 volume", Value = Median(ours), Unit = "s", Note = $"slices, histogram and 3D of the {text} preview" });
        if (vtk is null)
        {
            rows.Add(new BenchRow { Name = "The same over vtk.js", Unit = "x", Note = why });
            return;
        }

        rows.Add(new BenchRow { Name = "vtk.js: page to 3D picture of the same bytes", Value = Median(same), Unit = "s", Note = $"{text}, 3D only" });
        rows.Add(new BenchRow { Name = "vtk.js: page to 3D picture of all bytes", Value = Median(whole), Unit = "s", Note = "256x256x256, 3D only" });
        rows.Add(new BenchRow
        {
            Name = "Page to interactive picture over vtk.js with the same bytes", Value = Median(ours) / Median(same), Unit = "x", Comparison = "<=", Bar = 2,
            Note = $"medians of {Rounds} pages in turn in one browser; over vtk.js with all bytes {Median(ours) / Median(whole):0.00}",
        });
        rows.Add(new BenchRow
        {
            Name = "One turned 3D picture", Value = Median(turned), Unit = "ms", Note = $"surface, full resolution, slices drawn too; vtk.js {Median(vtkTurned):0} ms",
        });
    }

    private static async Task AddImageAsync(List<BenchRow> rows, IBrowser browser, Image image)
    {
        List<double> shown = [], redrawn = [];
        var page = Page(image.View().Html, "Image");
        for (var round = 0; round < 3; round++)
        {
            shown.Add(await OpenAsync(browser, page, async p => redrawn.AddRange(await p.EvaluateAsync<double[]>($$"""
                (async () => { const root = {{Root}}, end = root.querySelector('input[type=number]'), face = root.querySelector('canvas[role=application]'), times = [];
                  for (let i = 0; i < 15; i++) {
                    await new Promise(r => requestAnimationFrame(() => setTimeout(r)));
                    const t = performance.now(); end.value = 1000 + i / 2; end.dispatchEvent(new Event('change'));
                    await new Promise(r => requestAnimationFrame(r)); face.getContext('2d').getImageData(0, 0, 1, 1); times.push(performance.now() - t);
                  } return times; })()
                """))));
        }

        rows.Add(new BenchRow { Name = "Page to picture of a 2048x2048 image", Value = Median(shown), Unit = "s", Comparison = "<=", Bar = 1, Note = "in the browser; the kernel's part is above" });
        rows.Add(new BenchRow
        {
            Name = "Window change of a 2048x2048 image, redrawn", Value = Median(redrawn), Unit = "ms", Comparison = "<=", Bar = 50,
            Note = $"median of {redrawn.Count}, the wait for the frame included",
        });
    }

    private static async Task AddManyAsync(List<BenchRow> rows, IBrowser browser, Volume volume)
    {
        var html = string.Concat(Enumerable.Range(0, 20).Select(i => volume.View(new() { Title = $"{i}" }).Html));
        await OpenAsync(browser, "<script>contexts = 0; const get = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = " +
            "function (kind, ...more) { if (kind === 'webgl2') contexts++; return get.call(this, kind, ...more); }</script>" + Page(html, "3D"), async page =>
        {
            var lost = await page.EvaluateAsync<int>("""
                (async () => { const faces = [...document.querySelectorAll('[data-beamline-viewer] > div')].map(d => d.shadowRoot.querySelector('canvas[aria-label^="3D"]')); let lost = 0;
                  for (const f of [...faces, ...faces]) { f.scrollIntoView({ block: 'center' }); await new Promise(r => setTimeout(r, 300));
                    const d = f.getContext('2d').getImageData(f.width / 2, f.height / 2, 1, 1).data; if (d[0] + d[1] + d[2] < 60) lost++; }
                  return lost; })()
                """);
            rows.Add(new BenchRow
            {
                Name = "Viewers of 20 on a page that lost their 3D picture", Value = lost, Unit = "", Comparison = "<=", Bar = 0,
                Note = $"each looked at twice; WebGL contexts made: {await page.EvaluateAsync<int>("contexts")}",
            });
        });
    }

    private static string Page(string html, string label) =>
        $"<!doctype html><meta charset=\"utf-8\"><body style=\"width:872px\">{html}{Watch.Replace("LABEL", label, StringComparison.Ordinal)}";

    /// <summary>Opens a page without network; seconds until its picture was there, as the page itself saw it.</summary>
    private static async Task<double> OpenAsync(IBrowser browser, string html, Func<IPage, Task>? then)
    {
        var file = Path.Combine(Path.GetTempPath(), $"beamline-page-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(file, html);
        await using var context = await browser.NewContextAsync(new() { Offline = true, ViewportSize = new() { Width = 900, Height = 1100 } });
        try
        {
            var page = await context.NewPageAsync();
            await page.GotoAsync(new Uri(file).AbsoluteUri);
            await page.WaitForFunctionAsync("globalThis.beamlineDone > 0");
            var seconds = await page.EvaluateAsync<double>("beamlineDone") / 1000;
            if (then is not null)
            {
                await then(page);
            }

            return seconds;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] Codes(JsonNode part, out int[] sizes)
    {
        var (shape, steps) = (part["shape"]!.AsArray(), part["steps"]!.AsArray());
        sizes = [.. Enumerable.Range(0, 3).Select(i => ((int)shape[i]! + (int)steps[i]! - 1) / (int)steps[i]!)];
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String((string)part["bytes"]!)), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        var codes = plain.ToArray();
        for (var i = 1; i < codes.Length && (string)part["coding"]! == "delta"; i++)
        {
            codes[i] += codes[i - 1];
        }

        return codes;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
