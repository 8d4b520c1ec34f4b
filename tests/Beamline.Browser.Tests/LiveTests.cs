using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Arrays;
using Beamline.Display;
using Beamline.Notebook;

namespace Beamline.Browser.Tests;

/// <summary>A viewer that talks to the kernel's side of the line, over a transport of the page's own.</summary>
public sealed class LiveTests(Chromium browser)
{
    private const string Transport = """
        BeamlineViewer.connect({ open(target, data, received, closed) {
          const line = String(Math.random()); window.hangUp = closed;
          askKernel(line, 'open', JSON.stringify(data));
          return { close() { askKernel(line, 'close', '{}'); }, send: d => askKernel(line, 'message', JSON.stringify(d)).then(a => {
            const { data, buffer } = JSON.parse(a), bytes = Uint8Array.from(atob(buffer ?? ''), c => c.charCodeAt(0));
            received(data, buffer === null ? [] : [new DataView(bytes.buffer)]); }) };
        } })
        """;

    [Fact]
    public async Task Exact_values_come_over_the_line_and_the_saved_ones_stay_when_it_breaks()
    {
        // Twice as large as a preview, with values that a preview of means cannot have.
        using var volume = new Volume(4, 256, 256);
        volume.Memory.Clear();
        for (var i = 0; i < 256; i++)
        {
            volume.Row(2, i).Fill(i % 2 == 0 ? 100 : 50);
            volume[2, i, 128] = 1000 + i;
        }

        var target = new ViewerComm();
        target.Listening();
        var html = volume.View(new() { SliceZ = 2, Window = ValueWindow.Values(0, 100) }).Html;
        await using var open = await browser.OpenAsync(html);
        Assert.Contains("saved preview", await BadgeAsync(open), StringComparison.Ordinal);
        Assert.NotEqual("1128", await open.Page.Locator(".o b").TextContentAsync());

        await ConnectAsync(open, target);
        await open.Page.WaitForFunctionAsync("document.querySelector('[data-beamline-viewer] > div').shadowRoot.querySelector('.d').textContent.startsWith('live')");
        await open.Page.WaitForFunctionAsync("document.querySelector('[data-beamline-viewer] > div').shadowRoot.querySelector('.o b').textContent === '1128'");

        await open.Page.EvaluateAsync("hangUp()");
        await open.SettleAsync();
        Assert.Contains("the kernel has ended", await BadgeAsync(open), StringComparison.Ordinal);
        await open.Pictures.First.PressAsync("PageDown");
        await open.SettleAsync();
        Assert.Contains("z 3", await open.Page.Locator(".o").TextContentAsync(), StringComparison.Ordinal);
        Assert.Empty(open.Errors);
    }

    [Fact]
    public async Task An_output_of_another_kernel_stays_what_it_was()
    {
        var target = new ViewerComm();
        target.Listening();
        var html = Outputs.Ramp().View().Html;
        var id = JsonNode.Parse(html[html.IndexOf("\"live\":", StringComparison.Ordinal)..][7..].Split('}')[0] + "}")!["id"]!.GetValue<string>();
        await using var open = await browser.OpenAsync(html.Replace(id, new string('0', id.Length), StringComparison.Ordinal));
        await ConnectAsync(open, target);
        await open.Page.WaitForFunctionAsync("document.querySelector('[data-beamline-viewer] > div').shadowRoot.querySelector('.d').textContent.includes('no longer in memory')");
        Assert.StartsWith("saved preview", await BadgeAsync(open), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_outputs_that_come_and_go_leave_no_line_and_one_that_comes_back_has_one()
    {
        var image = Outputs.Ramp();
        var target = new ViewerComm();
        target.Listening();
        await using var open = await browser.OpenAsync(image.View().Html + "<div id=place></div>");
        var comms = await ConnectAsync(open, target);
        var state = "document.querySelector('[data-beamline-viewer] > div')?.shadowRoot.querySelector('.d').textContent";
        await open.Page.WaitForFunctionAsync($"{state}.startsWith('live')");
        Assert.Single(comms);
        var most = await open.Page.EvaluateAsync<int>("""
            async html => {
              const frames = async n => { for (; n; n--) await new Promise(requestAnimationFrame); };
              let most = 0;
              for (let i = 0; i < 50; i++) {
                place.append(document.createRange().createContextualFragment(html));
                while (!place.querySelector('[data-beamline-state=ready]')) await frames(1);
                most = Math.max(most, place.querySelectorAll('[data-beamline-state=ready]').length);
                await frames(1);
                place.replaceChildren();
                await frames(2);
              }
              return most;
            }
            """, image.View().Html);
        Assert.Equal(1, most);
        await WaitAsync(() => comms.Count == 1);

        // Front ends take outputs that are out of sight off the page, and put them back.
        await open.Page.EvaluateAsync("(() => { window.kept = document.querySelector('[data-beamline-viewer]'); window.home = kept.parentNode; kept.remove(); })()");
        await WaitAsync(() => comms.Count == 0);
        await open.Page.EvaluateAsync("home.prepend(kept)");
        // The badge still says "live" of the line before.
        await WaitAsync(() => comms.Count == 1);
        await open.Page.WaitForFunctionAsync($"{state}.startsWith('live')");
        Assert.Single(comms);
        Assert.Empty(open.Errors);

        static async Task WaitAsync(Func<bool> isSo)
        {
            for (var begin = Environment.TickCount64; !isSo() && Environment.TickCount64 - begin < 10_000;)
            {
                await Task.Delay(20);
            }

            Assert.True(isSo());
        }
    }

    private static async Task<string> BadgeAsync(OpenPage open) => await open.Page.Locator(".d").TextContentAsync() ?? "";

    private static async Task<Dictionary<string, FakeComm>> ConnectAsync(OpenPage open, ViewerComm target)
    {
        var comms = new Dictionary<string, FakeComm>(StringComparer.Ordinal);
        await open.Page.ExposeFunctionAsync("askKernel", (string line, string what, string json) =>
        {
            var content = CommMessage.Of((JsonObject)JsonNode.Parse(json)!);
            if (what == "close")
            {
                Assert.True(comms.Remove(line));
                return "{}";
            }

            if (what == "open")
            {
                target.Opened(comms[line] = new FakeComm(), content);
                return "{}";
            }

            comms[line].Received!(content);
            var sent = comms[line].Sent[^1];
            return JsonSerializer.Serialize(new { data = sent.Data, buffer = sent.Buffers.Count > 0 ? Convert.ToBase64String(sent.Buffers[0]) : null });
        });
        await open.Page.EvaluateAsync(Transport);
        return comms;
    }

    private sealed class FakeComm : INotebookComm
    {
        public string Id => "fake";

        public string Target => "fake";

        public bool IsOpen => true;

        public Action<CommMessage>? Received { get; set; }

        public Action<CommMessage>? Closed { get; set; }

        public List<CommMessage> Sent { get; } = [];

        public void Send(JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null) =>
            Sent.Add(CommMessage.Of(data, metadata, buffers));

        public void Close(JsonObject? data = null, JsonObject? metadata = null)
        {
        }
    }
}
