using static Microsoft.Playwright.Assertions;

namespace Beamline.Browser.Tests;

/// <summary>
/// Widgets whose front is an ES module, in JupyterLab's notebook: drawn by the extension that is installed beside the kernel, and
/// by the JavaScript of anywidget as its Python package brings it.
/// </summary>
[Collection("Browser")]
public sealed class EsmWidgetTests(Chromium browser, Jupyter jupyter)
{
    private const string Module = """"
        using Beamline.Display.Widgets; using System.Text.Json.Nodes;
        var mine = new EsmWidget("""
            const bytes = v => [...new Uint8Array(v.buffer, v.byteOffset, v.byteLength)].join();
            export default {
              initialize({ model }) {
                window.started = (window.started ?? 0) + 1;
                return () => { window.ended = (window.ended ?? 0) + 1; };
              },
              render({ model, el }) {
                el.classList.add('mine');
                const make = (kind, text) => { const e = document.createElement(kind); e.textContent = text; el.append(e); return e; };
                const values = make('output', ''), said = make('p', '');
                const show = () => { values.textContent = `${model.get('name')} ${model.get('level')} ${bytes(model.get('pixels'))}`; };
                model.on('change:level', show);
                model.on('change:pixels', show);
                show();
                make('button', 'up').onclick = () => {
                  model.set('level', model.get('level') + 1);
                  model.set('pixels', new Uint8Array([7, 8, 9]).subarray(1));
                  model.save_changes();
                };
                make('button', 'ask').onclick = () => model.send({ kind: 'ask' }, undefined, [new Uint8Array([1, 2]).buffer]);
                model.on('msg:custom', (content, buffers) => { said.textContent = `${content.text} ${bytes(buffers[0])}`; });
                return () => { window.cleaned = (window.cleaned ?? 0) + 1; };
              },
            };
            """, ".mine output { color: rgb(1, 2, 3) }") { Tooltip = "tip" };
        mine["name"] = JsonValue.Create("<img src=x onerror=window.hit=1>"); mine["level"] = JsonValue.Create(1); mine["pixels"] = new byte[] { 1, 2, 3 };
        var heard = new List<string>();
        mine.Changed += (_, c) => { lock (heard) heard.Add($"{c.Name}={c.Value?.ToJsonString() ?? string.Join(",", c.Bytes)}"); };
        mine.Received += (_, m) => { lock (heard) heard.Add($"{m.Content["kind"]} {string.Join(",", m.Buffers[0])}"); mine.Send(new JsonObject { ["text"] = "<b>yes</b>" }, new byte[] { 42 }); };
        mine
        """";

    private const string Text = "<img src=x onerror=window.hit=1>";

    [Theory]
    [InlineData(null, "8,9")]
    [InlineData("0.11.0", "8,9")]
    // The widget manager sends all of the buffer that a view is a part of; our extension hands it a copy of the part.
    [InlineData("0.9.21", "7,8,9")]
    public async Task Values_bytes_messages_and_styles_go_both_ways(string? anywidget, string sent)
    {
        var lab = await jupyter.LabAsync(browser);
        try
        {
            await lab.LoadAsync(anywidget);
            await lab.OpenAsync("lab.ipynb");
            lab.Errors.Clear();
            var cell = await lab.RunAsync(Module);
            var values = cell.Locator(".mine output");
            await Expect(values).ToHaveTextAsync($"{Text} 1 1,2,3");
            await Expect(values).ToHaveCSSAsync("color", "rgb(1, 2, 3)");
            await Expect(cell.GetByTitle("tip")).ToHaveCountAsync(1);

            await lab.RunAsync("mine[\"level\"] = JsonValue.Create(5); mine[\"pixels\"] = new byte[] { 4 };");
            await Expect(values).ToHaveTextAsync($"{Text} 5 4");
            await cell.GetByText("up").ClickAsync();
            await Expect(values).ToHaveTextAsync($"{Text} 6 {sent}");
            await cell.GetByText("ask").ClickAsync();
            await Expect(cell.Locator(".mine p")).ToHaveTextAsync("<b>yes</b> 42");
            Assert.Equal($"level=6; pixels={sent}; ask 1,2; {sent}", await lab.TextAsync("Console.Write($\"{string.Join(\"; \", heard)}; {string.Join(\",\", (byte[])mine[\"pixels\"])}\")"));

            // The same model again: both views follow, and each is cleaned up by itself.
            var second = await lab.RunAsync("mine");
            await Expect(second.Locator(".mine output")).ToHaveTextAsync($"{Text} 6 {sent}");
            await second.GetByText("up").ClickAsync();
            await Expect(values).ToHaveTextAsync($"{Text} 7 {sent}");
            Assert.Equal("1, , ", await SeenAsync(lab));
            await lab.Page.EvaluateAsync("lab.clear()");
            await lab.Page.WaitForFunctionAsync("window.cleaned === 2");
            await lab.RunAsync("mine.Close();");
            await lab.Page.WaitForFunctionAsync("window.ended === 1");
            Assert.Equal("1, 2, 1", await SeenAsync(lab));
            Assert.Null(await lab.Page.EvaluateAsync<int?>("window.hit ?? null"));
            // What the kernel still had to say to the page before this one.
            lab.Errors.RemoveAll(e => e.StartsWith("Comm not found", StringComparison.Ordinal));
            Assert.Empty(lab.Errors);
        }
        finally
        {
            if (anywidget is not null)
            {
                await lab.LoadAsync();
                await lab.OpenAsync("lab.ipynb");
            }
        }
    }

    [Theory]
    [InlineData("export default { render() { throw new Error('no <b>beam</b>'); } }")]
    [InlineData("export default { async initialize() { throw new Error('no <b>beam</b>'); }, render() {} }")]
    [InlineData("throw new Error('no <b>beam</b>'); export default {}")]
    [InlineData("const no <b>beam</b>", "The module of this widget failed")]
    [InlineData("export const other = 1", "must export a default object")]
    public async Task A_module_that_throws_shows_it_in_place_and_the_kernel_goes_on(string module, string expected = "no <b>beam</b>")
    {
        var lab = await jupyter.LabAsync(browser);
        var cell = await lab.RunAsync($"using Beamline.Display.Widgets; var bad = new EsmWidget(\"{module}\"); bad");
        await Expect(cell.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync(expected);
        Assert.Equal(0, await cell.Locator("b").CountAsync());
        // Messages that the module cannot hear do no harm.
        Assert.Equal("2", await lab.TextAsync("bad[\"x\"] = System.Text.Json.Nodes.JsonValue.Create(1); bad.Send(new()); 1 + 1"));
        // Another page would load it again.
        await lab.RunAsync("bad.Close();");
        Assert.Empty(lab.Errors);
    }

    private static async Task<string> SeenAsync(LabPage lab) => await lab.Page.EvaluateAsync<string>("[window.started, window.cleaned, window.ended].join(', ')");
}
