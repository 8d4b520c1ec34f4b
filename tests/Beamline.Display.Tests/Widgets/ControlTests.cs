using System.Text.Json.Nodes;
using Beamline.Display.Widgets;
using Beamline.Notebook;

namespace Beamline.Display.Tests.Widgets;

/// <summary>What each control does with its values and events.</summary>
public sealed class ControlTests
{
    private readonly FakeHost _host = new();

    [Fact]
    public void A_list_gives_values_and_knows_what_it_has()
    {
        using var notebook = NotebookHost.Use(_host);
        var list = new Dropdown<int>(("small", 16), ("large", 64));
        Show(list);
        var comm = _host.Of("DropdownModel");
        Assert.Equal("[\"small\",\"large\"]", comm.State["_options_labels"]!.ToJsonString());
        comm.Update("index", 1);
        Assert.Equal(64, list.Value);
        comm.Update("index", 2);
        Assert.Equal(64, list.Value);
        Assert.Equal(1, (int)comm.Sent[^1].Data["state"]!["index"]!);
        list.Value = 16;
        Assert.Equal(0, (int)comm.Sent[^1].Data["state"]!["index"]!);
        Assert.Contains("small, large", Assert.Throws<ArgumentException>(() => list.Value = 17).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Dropdown.Of<string>());
        Assert.Equal(DayOfWeek.Friday, Dropdown.OfEnum(DayOfWeek.Friday).Value);
    }

    [Fact]
    public void A_button_tells_that_it_was_pressed_and_errors_of_handlers_show_at_the_cell()
    {
        using var notebook = NotebookHost.Use(_host);
        var pressed = 0;
        var button = new Button("go").OnClick(() => pressed++).OnClick(() => throw new InvalidOperationException("no beam")).OnClick(() => pressed += 10);
        Show(button);
        _host.Of("ButtonModel").Custom(new JsonObject { ["event"] = "click" });
        Assert.Equal(11, pressed);
        Assert.Equal("no beam", Assert.Single(_host.Errors).Message);
        _host.Of("ButtonModel").Custom(new JsonObject { ["event"] = 7 });
        Assert.Equal(11, pressed);
    }

    [Fact]
    public void Ranges_stay_in_order_and_within()
    {
        using var notebook = NotebookHost.Use(_host);
        var range = new IntRangeSlider(2, 8, 0, 10);
        Show(range);
        var comm = _host.Of("IntRangeSliderModel");
        comm.Update("value", new JsonArray(3, 99));
        Assert.Equal((3, 10), range.Value);
        comm.Update("value", new JsonArray(9, 3));
        Assert.Equal((3, 10), range.Value);
        Assert.Throws<ArgumentException>(() => new FloatRangeSlider(5, 1));
        Assert.Throws<ArgumentException>(() => new IntSlider(0, 5, 1));
        Assert.Throws<ArgumentException>(() => new FloatSlider(double.NaN));
        Assert.Throws<ArgumentException>(() => new FloatSlider(step: 0));
        Assert.Throws<ArgumentException>(() => new FloatText(double.PositiveInfinity));
        Assert.Throws<ArgumentException>(() => new FloatProgress(0, 1, 1));
        Assert.Throws<ArgumentException>(() => new ImageWidget([], "bmp"));
    }

    [Fact]
    public void Tabs_know_which_is_open()
    {
        using var notebook = NotebookHost.Use(_host);
        var tab = new Tab(("raw", new Label("r")), ("clean", new Label("c")));
        var opened = new List<int?>();
        tab.SelectionChanged += (_, _) => opened.Add(tab.SelectedIndex);
        Show(tab);
        var comm = _host.Of("TabModel");
        Assert.Equal("[\"raw\",\"clean\"]", comm.State["titles"]!.ToJsonString());
        comm.Update("selected_index", 1);
        comm.Update("selected_index", 5);
        comm.Update("selected_index", null);
        Assert.Equal([1, null], opened);
        Assert.Throws<ArgumentOutOfRangeException>(() => tab.SelectedIndex = 2);
    }

    [Fact]
    public void A_bar_stays_within_its_ends()
    {
        using var notebook = NotebookHost.Use(_host);
        var bar = new FloatProgress { Description = "SIRT" };
        bar.Value = 2;
        Assert.Equal(1, bar.Value);
        bar.Value = double.NaN;
        Assert.Equal(0, bar.Value);
        bar.Value = 0.25;
        Assert.Equal("FloatProgress 'SIRT' = 25 %", bar.ToString());
    }

    [Fact]
    public void A_module_of_ones_own_shares_values_and_messages()
    {
        using var notebook = NotebookHost.Use(_host);
        var widget = new EsmWidget("export default { render({ model, el }) {} }", fallback: "needs anywidget");
        var heard = new List<string>();
        widget.Received += (_, m) => heard.Add($"{m.Content["kind"]} {m.Buffers.Count}");
        widget.Changed += (_, c) => heard.Add($"{c.Name} {c.Value}");
        widget["level"] = JsonValue.Create(0.5);
        widget["pixels"] = new byte[] { 1, 2 };
        Show(widget);
        var comm = _host.Of("AnyModel");
        Assert.Equal("[[\"pixels\"]]", comm.Opened.Data["buffer_paths"]!.ToJsonString());
        Assert.Contains("render", (string?)comm.State["_esm"], StringComparison.Ordinal);
        comm.Update("level", 0.75);
        comm.Update("_esm", "evil");
        comm.Received!(CommMessage.Of(new JsonObject { ["method"] = "custom", ["content"] = new JsonObject { ["kind"] = "tile" } }, null, [[9]]));
        Assert.Equal(["level 0.75", "tile 1"], heard);
        Assert.DoesNotContain("evil", widget.ToString(), StringComparison.Ordinal);
        widget.Send(new JsonObject { ["kind"] = "slice" }, [3]);
        Assert.Equal(("custom", "slice"), ((string?)comm.Sent[^1].Data["method"], (string?)comm.Sent[^1].Data["content"]!["kind"]));
        Assert.Equal([[3]], comm.Sent[^1].Buffers);
        Assert.Throws<ArgumentException>(() => widget["_esm"] = JsonValue.Create("x"));
        Assert.Throws<ArgumentException>(() => widget["layout"] = JsonValue.Create("x"));
        Assert.Throws<ArgumentException>(() => widget["x"] = 5);
    }

    [Fact]
    public void A_module_of_ones_own_may_change_bytes_but_only_as_a_value()
    {
        using var notebook = NotebookHost.Use(_host);
        var widget = new EsmWidget("export default { render({ model, el }) {} }") { Tooltip = "tip" };
        var heard = new List<string>();
        widget.Changed += (_, c) => heard.Add($"{c.Name} {c.Value?.ToJsonString() ?? string.Join(' ', c.Bytes!)}");
        Show(widget);
        var comm = _host.Of("AnyModel");
        // Views ask for the length of the description as soon as there is a tooltip.
        Assert.Equal("", (string?)comm.State["description"]);
        Send("""{"level": 2}""", """[["pixels"], ["inside", 0], ["_esm"], [7], "no path", []]""", [5, 6], [1], [2], [3], [4], [8]);
        Assert.Equal(["level 2", "pixels 5 6"], heard);
        Assert.Equal([5, 6], (byte[])widget["pixels"]!);
        Assert.Null(widget["inside"]);
        Assert.Equal("[[\"pixels\"]]", comm.Sent[0].Data["buffer_paths"]!.ToJsonString());
        Assert.Equal(("echo_update", "update"), ((string?)comm.Sent[0].Data["method"], (string?)comm.Sent[1].Data["method"]));
        // A path without its buffer.
        Send("{}", """[["lost"]]""");
        Assert.Null(widget["lost"]);

        void Send(string state, string paths, params byte[][] buffers) => comm.Received!(CommMessage.Of(
            new JsonObject { ["method"] = "update", ["state"] = JsonNode.Parse(state), ["buffer_paths"] = JsonNode.Parse(paths) }, null, buffers));
    }

    [Fact]
    public void A_place_for_output_shows_runs_and_values()
    {
        using var notebook = NotebookHost.Use(_host);
        var place = new Output();
        Show(place);
        place.Append("first");
        place.AppendText("second\n");
        place.Capture(() => _host.Show("third"));
        var comm = _host.Of("OutputModel");
        Assert.Equal([1, 2, 1], comm.Sent.Select(m => m.Data["state"]!["outputs"]!.AsArray().Count));
        Assert.Equal("third", place.ToString());
        place.Capture(() => throw new ArgumentException("wrong <b>"));
        Assert.Contains("wrong &lt;b&gt;", place.StaticHtml(), StringComparison.Ordinal);
        place.Clear();
        Assert.Equal("", place.ToString());
    }

    private static void Show(DisplayWidget widget) => new WidgetFormatter().Format(widget);
}
