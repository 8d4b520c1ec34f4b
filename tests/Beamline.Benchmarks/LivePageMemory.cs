using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Beamline.Arrays;
using Beamline.Display;

namespace Beamline.Benchmarks;

/// <summary>What the page of a front end keeps of a live display: the output replaced again and again, as JupyterLab does.</summary>
internal static class LivePageMemory
{
    private const string Browser = "/usr/bin/chromium";
    private const int Pictures = 40;

    // The page runs by itself: a browser under a debugger keeps what it has loaded, up to 100 MB.
    private const string Page = """
        <!doctype html><div id="out"></div><script type="module">
        const updates = await (await fetch('/updates')).json(), out = document.getElementById('out');
        let done = 0, wrong = 0;
        for (const end of STAGES) {
          for (; done < end; done++) {
            const made = document.createElement('div');
            // A data URL with another fragment is another picture to the browser.
            made.innerHTML = updates[done % updates.length].replace(/(src="data:[^"]*)"/, `$1#${done}"`);
            out.replaceChildren(made);
            const picture = out.querySelector('img');
            await picture.decode();
            await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
            wrong += picture.naturalWidth === 512 ? 0 : 1;
          }
          for (let i = 0; i < 3; i++) { gc(); await new Promise(r => setTimeout(r, 300)); }
          await fetch(`/stage?updates=${done}&wrong=${wrong}&heap=${performance.memory.usedJSHeapSize}&nodes=${document.querySelectorAll('*').length}`);
        }
        await fetch('/end');
        </script>
        """;

    internal static IEnumerable<BenchRow> Rows()
    {
        if (!File.Exists(Browser))
        {
            return [new BenchRow { Name = "Live display, memory of the page", Unit = "MB", Note = $"there is no {Browser}" }];
        }

        // The first ones load and compile what every page has once.
        var stages = Measure([10, 110, 210, 410]);
        var (start, first, second, later) = (stages[0], stages[1], stages[2], stages[3]);
        var all = string.Join(", ", stages.Select(s => $"{s.Updates}: {s.Renderer:0.0}"));
        return
        [
            Row("renderer process, in updates 1 to 100", first.Renderer - start.Renderer, $"after 10 to warm up; anonymous resident memory in MB after so many: {all}"),
            Row("renderer process, in updates 101 to 200", second.Renderer - first.Renderer, $"in updates 201 to 400 {later.Renderer - second.Renderer:0.0} MB"),
            Row("script heap, in updates 1 to 400", later.Heap - start.Heap, $"after garbage collection; nodes {start.Nodes} and {later.Nodes}"),
        ];

        static BenchRow Row(string what, double value, string note) => new()
        {
            Name = $"Live display of 512x512, growth of the page: {what}", Value = value, Unit = "MB", Comparison = "<=", Bar = 20, Note = note,
        };
    }

    internal static IReadOnlyList<Stage> Measure(int[] upTo)
    {
        var folder = Directory.CreateTempSubdirectory("beamline-bench-").FullName;
        using var server = new HttpListener();
        var port = FreePort();
        server.Prefixes.Add($"http://127.0.0.1:{port}/");
        server.Start();
        using var browser = Process.Start(new ProcessStartInfo(
            Browser,
            [
                "--headless=new", "--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu",
                $"--user-data-dir={folder}", "--js-flags=--expose-gc", "--enable-precise-memory-info", $"http://127.0.0.1:{port}/",
            ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        browser.OutputDataReceived += (_, _) => { };
        browser.ErrorDataReceived += (_, _) => { };
        browser.BeginOutputReadLine();
        browser.BeginErrorReadLine();
        try
        {
            return Serve(server, upTo, browser.Id);
        }
        finally
        {
            browser.Kill(entireProcessTree: true);
            browser.WaitForExit();
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // A helper of the browser still writes there; the system clears its temporary folder.
            }
        }
    }

    private static List<Stage> Serve(HttpListener server, int[] upTo, int browser)
    {
        List<Stage> stages = [];
        while (true)
        {
            var asked = server.GetContextAsync();
            if (!asked.Wait(TimeSpan.FromMinutes(2)))
            {
                throw new TimeoutException("The page did not go on.");
            }

            var (request, answer) = (asked.Result.Request, asked.Result.Response);
            var text = "";
            switch (request.Url!.AbsolutePath)
            {
                case "/":
                    (answer.ContentType, text) = ("text/html", Page.Replace("STAGES", JsonSerializer.Serialize(upTo), StringComparison.Ordinal));
                    break;
                case "/updates":
                    text = JsonSerializer.Serialize(Updates());
                    break;
                case "/stage":
                    var said = request.QueryString;
                    if (said["wrong"] != "0")
                    {
                        throw new InvalidOperationException($"{said["wrong"]} updates were not shown.");
                    }

                    stages.Add(new Stage(
                        int.Parse(said["updates"]!, CultureInfo.InvariantCulture), double.Parse(said["heap"]!, CultureInfo.InvariantCulture) / 1e6,
                        int.Parse(said["nodes"]!, CultureInfo.InvariantCulture), Renderers(browser)));
                    break;
                case "/end":
                    return stages;
                default:
                    answer.StatusCode = 404;
                    break;
            }

            answer.Close(Encoding.UTF8.GetBytes(text), willBlock: true);
        }
    }

    /// <summary>Anonymous memory of the processes of a browser that draw pages, in MB.</summary>
    private static double Renderers(int browser)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Line(id, "PPid:") is { } parent)
            {
                parents[id] = (int)parent;
            }
        }

        return parents.Keys.Where(id => IsOf(id) && File.ReadAllText($"/proc/{id}/cmdline").Contains("--type=renderer", StringComparison.Ordinal))
            .Sum(id => Line(id, "RssAnon:") ?? 0) * 1024 / 1e6;

        bool IsOf(int id) => id == browser || (parents.TryGetValue(id, out var parent) && parent > 1 && IsOf(parent));
    }

    private static double? Line(int process, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
                ? double.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)
                : null;
        }
        catch (IOException)
        {
            // It has ended.
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string[] Updates()
    {
        var picture = new LivePicture();
        var random = new Random(1);
        return [.. Enumerable.Range(0, Pictures).Select(i =>
        {
            var slice = new Image(512, 512) { Title = $"slice z = 5, iteration {i}" };
            for (var k = 0; k < slice.Values.Length; k++)
            {
                slice.Values[k] = (((k % 512) + (10 * i)) / 600f) + (0.2f * random.NextSingle());
            }

            var frame = picture.Encode(slice);
            return (string)LiveHtml.Bundle(new LiveState
            {
                Name = "SIRT", Fraction = i / (double)Pictures, Iteration = i, IterationLimit = Pictures, Residuals = [.. Enumerable.Range(1, i + 1).Select(r => 1.0 / r)],
                Elapsed = TimeSpan.FromSeconds(i), Frame = frame, PictureSize = (frame.Width, frame.Height),
            }).Parts[Beamline.Notebook.MimeTypes.Html];
        })];
    }

    /// <summary>A page after a number of updates, after garbage collection: script heap and renderer in MB.</summary>
    internal sealed record Stage(int Updates, double Heap, int Nodes, double Renderer);
}
