using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Beamline.Browser.Tests;

/// <summary>Widgets in JupyterLab's notebook, drawn by its stock widget manager, with the kernel behind them.</summary>
[Collection("Browser")]
public sealed class JupyterLabWidgetTests(Chromium browser, Jupyter jupyter)
{
    private const string Using = "using Beamline.Display.Widgets; ";

    // Within the kernel: until the message of the front end has come.
    private const string Until = "SpinWait.SpinUntil(() => ";

    [Fact]
    public async Task A_slider_moves_both_ways()
    {
        var lab = await jupyter.LabAsync(browser);
        var cell = await lab.RunAsync(Using + "var heard = new List<int>(); var angle = new IntSlider(3, 0, 10) { Description = \"angle\" }; angle.OnChange(heard.Add); angle");
        await cell.Locator(".noUi-handle").PressAsync("ArrowRight");
        Assert.Equal("True, 4, 4", await lab.TextAsync($"var came = {Until}heard.Count > 0, 9000); Console.Write($\"{{came}}, {{heard[0]}}, {{angle.Value}}\")"));
        await lab.RunAsync("angle.Value = 9;");
        await Expect(cell.Locator(".widget-readout")).ToHaveTextAsync("9");
        Assert.Equal("9", await cell.Locator(".noUi-handle").GetAttributeAsync("aria-valuetext") is { } text ? text.Split('.')[0] : null);
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task Interact_runs_again_with_each_control_and_shows_what_was_thrown()
    {
        var lab = await jupyter.LabAsync(browser);
        var cell = await lab.RunAsync(
            "Interact((int x = 0, bool negative = false) => { Console.Write(\"squared \"); return x == 2 ? throw new Exception(\"not <b>two</b>\") : negative ? -x * x : x * x; }, new { x = 0..10 })");
        var output = cell.Locator(".widget-output");
        await Expect(output).ToContainTextAsync("squared");
        var handle = cell.Locator(".noUi-handle");
        await handle.PressAsync("ArrowRight");
        await Expect(output).ToHaveTextAsync(new Regex(@"squared\s*1\s*$"));
        await handle.PressAsync("ArrowRight");
        await Expect(output).ToContainTextAsync("not <b>two</b>");
        await handle.PressAsync("ArrowRight");
        await Expect(output).ToHaveTextAsync(new Regex(@"squared\s*9\s*$"));
        await cell.Locator("input[type=checkbox]").ClickAsync();
        await Expect(output).ToContainTextAsync("-9");
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task A_button_fills_an_output_and_what_its_handler_throws_is_shown_at_the_cell()
    {
        var lab = await jupyter.LabAsync(browser);
        var cell = await lab.RunAsync(Using + """
            var place = new Output(); var count = 0;
            var fill = new Button("fill").OnClick(() => place.Capture(() => { Console.WriteLine($"pressed {++count}"); display(new Volume(8, 8, 8)); }));
            var fail = new Button("fail").OnClick(() => throw new InvalidOperationException("no <b>beam</b>"));
            new VBox(fill, fail, place)
            """);
        await cell.GetByRole(AriaRole.Button, new() { Name = "fill" }).ClickAsync();
        await Expect(cell.Locator(".widget-output")).ToContainTextAsync("pressed 1");
        await cell.GetByRole(AriaRole.Button, new() { Name = "fill" }).ClickAsync();
        await Expect(cell.Locator(".widget-output")).ToContainTextAsync("pressed 2");
        await Expect(cell.Locator(".widget-output [data-beamline-state=ready]")).ToHaveCountAsync(1);
        await cell.GetByRole(AriaRole.Button, new() { Name = "fail" }).ClickAsync();
        await Expect(cell).ToContainTextAsync("no <b>beam</b>");
        Assert.Equal("2", await lab.TextAsync("1 + 1"));
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task All_controls_are_drawn_and_hostile_names_stay_text()
    {
        var lab = await jupyter.LabAsync(browser);
        var cell = await lab.RunAsync(Using + """"
            const string Evil = """<script>window.hit=1</script><img src="x" onerror="window.hit=2">""";
            var pick = Dropdown.Of("one", Evil, "three"); pick.Description = Evil;
            var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==");
            new VBox(
                pick, new Label(Evil), new Text(Evil) { Description = Evil, Placeholder = Evil, Tooltip = Evil }, new Checkbox(true) { Description = Evil },
                new Button(Evil) { Tooltip = Evil }, new FloatProgress(0.3) { Description = Evil }, new IntRangeSlider(20, 40) { Description = Evil },
                new FloatSlider(0.5, 0, 1), new HBox(new IntText(7), new FloatText(2.5)), new Html("<i class='mine'>fine</i>"), new ImageWidget(png),
                new Tab((Evil, new Label("first tab")), ("b", new Label("second tab"))), new Accordion((Evil, new Label("folded")), ("d", new Label("e"))))
            """");
        foreach (var drawn in new[]
        {
            ".widget-dropdown select", ".widget-text input[type=text]", ".widget-checkbox input", ".widget-button", ".widget-hprogress .progress-bar", ".widget-html .mine",
            "img.widget-image", ".jupyter-widget-tab .lm-TabBar-tab", ".jupyter-widget-Collapse", ".widget-hbox input[type=number]", ".widget-slider",
        })
        {
            Assert.True(await cell.Locator(drawn).CountAsync() > 0, $"{drawn} was not drawn");
        }

        Assert.Equal(1, await cell.Locator("img.widget-image").EvaluateAsync<int>("async i => { await i.decode(); return i.naturalWidth; }"));
        Assert.Equal("30%", await cell.Locator(".progress-bar").EvaluateAsync<string>("b => b.style.width"));
        await Expect(cell.Locator(".widget-button")).ToContainTextAsync("<script>");
        await Expect(cell.Locator(".jupyter-widget-tab .lm-TabBar-tab").First).ToContainTextAsync("<script>");
        await Expect(cell.Locator(".jupyter-widget-Collapse-header").First).ToContainTextAsync("<script>");
        await cell.Locator(".jupyter-widget-tab .lm-TabBar-tab").Nth(1).ClickAsync();
        await Expect(cell.GetByText("second tab")).ToBeVisibleAsync();
        await cell.Locator("select").SelectOptionAsync("three");
        Assert.Equal("True", await lab.TextAsync($"Console.Write({Until}pick.Value == \"three\", 9000))"));
        Assert.Equal(0, await cell.Locator("img[src=x], script").CountAsync());
        Assert.Null(await lab.Page.EvaluateAsync<int?>("window.hit ?? null"));
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task State_that_no_control_has_is_set_back_and_messages_that_are_none_are_ignored()
    {
        var lab = await jupyter.LabAsync(browser);
        var cell = await lab.RunAsync(Using + """
            var number = new IntSlider(3, 0, 10); var word = new Text("abc"); var one = Dropdown.Of("x", "y"); var check = new Checkbox(true);
            var span = new IntRangeSlider(20, 40); var tab = new Tab(("a", new Label("b")));
            new VBox(number, word, one, check, span, tab)
            """);
        var ids = (await lab.TextAsync("Console.Write(string.Join(\" \", new Widget[] { number, word, one, check, span, tab }.Select(w => w.ModelId)))")).Split(' ');
        (int Widget, string Data)[] sent =
        [
            (0, """{"method": "update", "state": {"value": "high"}}"""), (0, """{"method": "update", "state": {"value": 1e300}}"""),
            (0, """{"method": "update", "state": {"value": {}, "max": 5, "_model_name": "HTMLModel"}}"""), (0, """{"method": "update", "state": "nothing"}"""),
            (0, """{"method": "custom", "content": 5}"""), (0, """{"method": 7}"""), (0, "{}"), (1, """{"method": "update", "state": {"value": [1, 2]}}"""),
            (2, """{"method": "update", "state": {"index": 99}}"""), (2, """{"method": "update", "state": {"index": "one", "_options_labels": ["<script>"]}}"""),
            (3, """{"method": "update", "state": {"value": "yes"}}"""), (4, """{"method": "update", "state": {"value": [5]}}"""),
            (4, """{"method": "update", "state": {"value": [1, 2, 3]}, "buffer_paths": [["value"]]}"""), (5, """{"method": "update", "state": {"selected_index": -5}}"""),
        ];
        foreach (var (widget, data) in sent)
        {
            await SendAsync(lab, "comm_msg", $$"""{"comm_id": "{{ids[widget]}}", "data": {{data}}}""");
        }

        await SendAsync(lab, "comm_open", """{"comm_id": "mine", "target_name": "nobody", "data": {}}""");
        await SendAsync(lab, "comm_open", """{"comm_id": "viewer", "target_name": "beamline.viewer", "data": {"id": 5}}""");
        await SendAsync(lab, "comm_msg", """{"comm_id": "viewer", "data": {"do": ["plane"], "seq": {}}}""");
        Assert.Equal("3 abc True (20, 40) 0", await lab.TextAsync("Console.Write($\"{number.Value} {word.Value} {check.Value} {span.Value} {tab.SelectedIndex}\")"));
        Assert.Equal("x", await lab.TextAsync("Console.Write(one.Value)"));
        await Expect(cell.Locator(".widget-readout").First).ToHaveTextAsync("3");
        Assert.Equal("abc", await cell.Locator("input[type=text]").InputValueAsync());
        // The kernel closes comms that it does not know, and JupyterLab knows no such comm either.
        lab.Errors.RemoveAll(e => e is "Comm not found for comm id mine" or "Comm not found for comm id viewer");
        Assert.Empty(lab.Errors);
    }

    [Fact]
    public async Task Displays_are_updated_in_place_while_the_cell_runs()
    {
        var lab = await jupyter.LabAsync(browser);
        await lab.Page.EvaluateAsync("""
            (() => {
              window.seen = new Set();
              window.watch = new MutationObserver(() => document.querySelectorAll('.jp-OutputArea-output').forEach(o => seen.add(o.textContent.trim())));
              watch.observe(document.body, { subtree: true, childList: true, characterData: true });
            })()
            """);
        var cell = await lab.RunAsync("var shown = display(\"step 0\"); for (var i = 1; i <= 12; i++) { Thread.Sleep(60); shown.Update($\"step {i}\"); }");
        await Expect(cell.Locator(".jp-OutputArea-output")).ToHaveTextAsync("step 12");
        await lab.Page.EvaluateAsync("watch.disconnect()");
        Assert.True(await lab.Page.EvaluateAsync<int>("[...seen].filter(t => /^step \\d+$/.test(t)).length") >= 4, await lab.Page.EvaluateAsync<string>("[...seen].join()"));
        Assert.Empty(lab.Errors);
    }

    private static async Task SendAsync(LabPage lab, string type, string content) =>
        await lab.Page.EvaluateAsync("([type, content]) => lab.send(type, JSON.parse(content))", new object[] { type, content });
}
