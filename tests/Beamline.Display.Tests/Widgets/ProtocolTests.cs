using System.Text.Json.Nodes;
using Beamline.Display.Widgets;
using Beamline.Notebook;

namespace Beamline.Display.Tests.Widgets;

/// <summary>What goes over the comms, held against the schema of the protocol (ipywidgets, messages.md 2.1).</summary>
public sealed class ProtocolTests
{
    private readonly FakeHost _host = new();

    public static TheoryData<string, string, string, string, string> Models => new()
    {
        { nameof(IntSlider), "@jupyter-widgets/controls", "2.0.0", "IntSliderModel", "IntSliderView" },
        { nameof(FloatSlider), "@jupyter-widgets/controls", "2.0.0", "FloatSliderModel", "FloatSliderView" },
        { nameof(IntRangeSlider), "@jupyter-widgets/controls", "2.0.0", "IntRangeSliderModel", "IntRangeSliderView" },
        { nameof(FloatRangeSlider), "@jupyter-widgets/controls", "2.0.0", "FloatRangeSliderModel", "FloatRangeSliderView" },
        { nameof(Dropdown), "@jupyter-widgets/controls", "2.0.0", "DropdownModel", "DropdownView" },
        { nameof(Checkbox), "@jupyter-widgets/controls", "2.0.0", "CheckboxModel", "CheckboxView" },
        { nameof(Button), "@jupyter-widgets/controls", "2.0.0", "ButtonModel", "ButtonView" },
        { nameof(Text), "@jupyter-widgets/controls", "2.0.0", "TextModel", "TextView" },
        { nameof(IntText), "@jupyter-widgets/controls", "2.0.0", "IntTextModel", "IntTextView" },
        { nameof(FloatText), "@jupyter-widgets/controls", "2.0.0", "FloatTextModel", "FloatTextView" },
        { nameof(Label), "@jupyter-widgets/controls", "2.0.0", "LabelModel", "LabelView" },
        { nameof(Html), "@jupyter-widgets/controls", "2.0.0", "HTMLModel", "HTMLView" },
        { nameof(ImageWidget), "@jupyter-widgets/controls", "2.0.0", "ImageModel", "ImageView" },
        { nameof(FloatProgress), "@jupyter-widgets/controls", "2.0.0", "FloatProgressModel", "ProgressView" },
        { nameof(Output), "@jupyter-widgets/output", "1.0.0", "OutputModel", "OutputView" },
        { nameof(HBox), "@jupyter-widgets/controls", "2.0.0", "HBoxModel", "HBoxView" },
        { nameof(VBox), "@jupyter-widgets/controls", "2.0.0", "VBoxModel", "VBoxView" },
        { nameof(Tab), "@jupyter-widgets/controls", "2.0.0", "TabModel", "TabView" },
        { nameof(Accordion), "@jupyter-widgets/controls", "2.0.0", "AccordionModel", "AccordionView" },
        { nameof(EsmWidget), "anywidget", "~0.9.0-0", "AnyModel", "AnyView" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void A_widget_opens_with_the_classes_that_draw_it(string widget, string module, string version, string model, string view)
    {
        using var notebook = NotebookHost.Use(_host);
        var id = Id(Show(Make(widget)));
        var comm = _host.Comms.Single(c => c.Id == id);
        Assert.Equal("jupyter.widget", comm.Target);
        Assert.Equal("2.1.0", (string?)comm.Opened.Metadata["version"]);
        Assert.Equal(
            (module, version, model, module, version, view),
            (Own("_model_module"), Own("_model_module_version"), Own("_model_name"), Own("_view_module"), Own("_view_module_version"), Own("_view_name")));
        Assert.Contains("buffer_paths", comm.Opened.Data.Select(p => p.Key));

        string? Own(string key) => (string?)comm.State[key];
    }

    [Fact]
    public void The_view_names_the_model_and_shows_its_state_where_no_widgets_are()
    {
        using var notebook = NotebookHost.Use(_host);
        var slider = new IntSlider(3, 0, 9) { Description = "<script>alert(1)</script>" };
        var bundle = Show(slider);
        var view = (JsonObject)bundle.Parts[WidgetFormatter.ViewType];
        Assert.Equal((slider.ModelId, 2, 0), ((string?)view["model_id"], (int)view["version_major"]!, (int)view["version_minor"]!));
        Assert.Equal("IntSlider '<script>alert(1)</script>' = 3", bundle.Parts[MimeTypes.Text]);
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script", html, StringComparison.Ordinal);
        Assert.False((bool)_host.Of("IntSliderModel").State["description_allow_html"]!);
    }

    [Fact]
    public void Held_widgets_open_first_and_are_named_by_reference()
    {
        using var notebook = NotebookHost.Use(_host);
        var box = new HBox(new Label("a"), new VBox(new Checkbox(true))) { Layout = new WidgetLayout { Width = "50%" } };
        Show(box);
        var opened = _host.Comms.Select(c => (string?)c.State["_model_name"]).ToArray();
        Assert.Equal("HBoxModel", opened[^1]);
        Assert.Equal(["CheckboxModel", "HBoxModel", "LabelModel", "LayoutModel", "VBoxModel"], opened.Order());
        var state = _host.Of("HBoxModel").State;
        Assert.Equal([Ref("LabelModel"), Ref("VBoxModel")], state["children"]!.AsArray().Select(c => (string)c!));
        Assert.Equal(Ref("LayoutModel"), (string?)state["layout"]);

        string Ref(string model) => "IPY_MODEL_" + _host.Of(model).Id;
    }

    [Fact]
    public void A_widget_that_is_added_later_opens_then()
    {
        using var notebook = NotebookHost.Use(_host);
        var box = new VBox();
        Show(box);
        box.Children = [new Text("new")];
        Assert.Equal("IPY_MODEL_" + _host.Of("TextModel").Id, (string?)Assert.Single(_host.Of("VBoxModel").Sent).Data["state"]!["children"]![0]);
    }

    [Fact]
    public void Changes_travel_both_ways_and_are_echoed()
    {
        using var notebook = NotebookHost.Use(_host);
        var slider = new FloatSlider(1, 0, 10);
        var heard = new List<(double, double)>();
        slider.ValueChanged += (_, change) => heard.Add((change.Before, change.Now));
        Show(slider);
        var comm = _host.Of("FloatSliderModel");
        comm.Update("value", 4);
        Assert.Equal(4, slider.Value);
        var echo = Assert.Single(comm.Sent).Data;
        Assert.Equal(("echo_update", 4.0), ((string?)echo["method"], (double)echo["state"]!["value"]!));
        slider.Value = 7;
        Assert.Equal(("update", 7.0), ((string?)comm.Sent[^1].Data["method"], (double)comm.Sent[^1].Data["state"]!["value"]!));
        slider.Value = 99;
        Assert.Equal(10, slider.Value);
        slider.Max = 5;
        Assert.Equal(5, slider.Value);
        Assert.Equal([(1, 4), (4, 7), (7, 10), (10, 5)], heard);
        comm.Sent.Clear();
        slider.Value = 5;
        Assert.Empty(comm.Sent);
    }

    [Theory]
    [InlineData("\"five\"")]
    [InlineData("null")]
    [InlineData("1.5")]
    [InlineData("1e300")]
    [InlineData("[1]")]
    [InlineData("{\"a\":{}}")]
    public void State_that_is_malformed_is_set_back(string sent)
    {
        using var notebook = NotebookHost.Use(_host);
        var slider = new IntSlider(3);
        slider.OnChange(_ => Assert.Fail("nothing has changed"));
        Show(slider);
        var comm = _host.Of("IntSliderModel");
        comm.Update("value", JsonNode.Parse(sent));
        Assert.Equal(3, slider.Value);
        var back = Assert.Single(comm.Sent).Data;
        Assert.Equal(("update", 3), ((string?)back["method"], (int)back["state"]!["value"]!));
    }

    [Fact]
    public void Messages_that_are_none_change_nothing()
    {
        using var notebook = NotebookHost.Use(_host);
        var box = new Checkbox();
        Show(box);
        var comm = _host.Of("CheckboxModel");
        foreach (var text in new[] { "{}", "{\"method\":5}", "{\"method\":\"update\",\"state\":[]}", "{\"method\":\"update\"}", "{\"method\":\"custom\"}", "{\"method\":\"other\"}" })
        {
            comm.Received!(CommMessage.Of(JsonNode.Parse(text)!.AsObject()));
        }

        comm.Update("_model_name", "EvilModel");
        comm.Update("value", "yes");
        Assert.False(box.Value);
        Assert.Equal("CheckboxModel", (string?)comm.State["_model_name"]);
    }

    [Fact]
    public void Pictures_travel_as_bytes()
    {
        using var notebook = NotebookHost.Use(_host);
        byte[] png = [1, 2, 3], next = [4];
        var picture = new ImageWidget(png);
        Show(picture);
        var comm = _host.Of("ImageModel");
        Assert.Equal([png], comm.Opened.Buffers);
        Assert.Equal("[[\"value\"]]", comm.Opened.Data["buffer_paths"]!.ToJsonString());
        Assert.False(comm.State.ContainsKey("value"));
        picture.Bytes = next;
        Assert.Equal([next], comm.Sent[0].Buffers);
        Assert.Equal("[[\"value\"]]", comm.Sent[0].Data["buffer_paths"]!.ToJsonString());
    }

    [Fact]
    public void A_front_end_that_was_loaded_again_gets_all_states()
    {
        using var notebook = NotebookHost.Use(_host);
        Show(new ImageWidget([7]));
        Show(new IntSlider(5));
        var gone = new Label("gone");
        Show(gone);
        gone.Close();
        var control = new FakeComm("control", "jupyter.widget.control", CommMessage.Of(null));
        new WidgetControl().Opened(control, control.Opened);
        control.Received!(CommMessage.Of(new JsonObject { ["method"] = "request_states" }));
        var answer = Assert.Single(control.Sent);
        Assert.Equal("update_states", (string?)answer.Data["method"]);
        var (image, slider) = (_host.Of("ImageModel").Id, _host.Of("IntSliderModel").Id);
        Assert.Equal(new[] { image, slider }.Order(), answer.Data["states"]!.AsObject().Select(s => s.Key).Order());
        Assert.Equal(("IntSliderModel", 5), ((string?)answer.Data["states"]![slider]!["model_name"], (int)answer.Data["states"]![slider]!["state"]!["value"]!));
        Assert.Equal($"[[\"{image}\",\"state\",\"value\"]]", answer.Data["buffer_paths"]!.ToJsonString());
        Assert.Equal([[7]], answer.Buffers);
    }

    [Fact]
    public void A_view_that_asks_gets_the_state()
    {
        using var notebook = NotebookHost.Use(_host);
        Show(new Text("abc"));
        var comm = _host.Of("TextModel");
        comm.Received!(CommMessage.Of(new JsonObject { ["method"] = "request_state" }));
        Assert.Equal(("update", "abc"), ((string?)comm.Sent[0].Data["method"], (string?)comm.Sent[0].Data["state"]!["value"]));
    }

    [Fact]
    public void Shown_twice_it_is_one_model_and_closed_it_is_another()
    {
        using var notebook = NotebookHost.Use(_host);
        var label = new Label("x");
        var first = Id(Show(label));
        Assert.Equal(first, Id(Show(label)));
        label.Close();
        Assert.False(label.IsOpen);
        Assert.NotEqual(first, Id(Show(label)));
    }

    [Fact]
    public void Outside_a_notebook_widgets_are_objects()
    {
        using var notebook = NotebookHost.Use(_host);
        using var none = NotebookHost.Use(null);
        var slider = new IntSlider(2);
        slider.Value = 4;
        var bundle = new WidgetFormatter().Format(slider);
        Assert.Equal("IntSlider = 4", bundle.Parts[MimeTypes.Text]);
        Assert.False(bundle.Parts.ContainsKey(WidgetFormatter.ViewType));
        _host.HasFrontEnd = false;
        using var saved = NotebookHost.Use(_host);
        Assert.False(new WidgetFormatter().Format(slider).Parts.ContainsKey(WidgetFormatter.ViewType));
        using var outside = NotebookHost.Use(null);
        Assert.Contains("cells", Assert.Throws<InvalidOperationException>(() => InteractGlobals.Interact((int x) => x)).Message, StringComparison.Ordinal);
    }

    internal static DisplayWidget Make(string widget) => widget switch
    {
        nameof(IntSlider) => new IntSlider(),
        nameof(FloatSlider) => new FloatSlider(),
        nameof(IntRangeSlider) => new IntRangeSlider(),
        nameof(FloatRangeSlider) => new FloatRangeSlider(),
        nameof(Dropdown) => Dropdown.Of("a", "b"),
        nameof(Checkbox) => new Checkbox(),
        nameof(Button) => new Button("go"),
        nameof(Text) => new Text(),
        nameof(IntText) => new IntText(),
        nameof(FloatText) => new FloatText(),
        nameof(Label) => new Label("l"),
        nameof(Html) => new Html("<b>h</b>"),
        nameof(ImageWidget) => new ImageWidget([]),
        nameof(FloatProgress) => new FloatProgress(),
        nameof(Output) => new Output(),
        nameof(HBox) => new HBox(new Label("x")),
        nameof(VBox) => new VBox(new Label("x")),
        nameof(Tab) => new Tab(("one", new Label("x"))),
        nameof(Accordion) => new Accordion(("one", new Label("x"))),
        _ => new EsmWidget("export default { render() {} }"),
    };

    private static string Id(MimeBundle bundle) => (string)((JsonObject)bundle.Parts[WidgetFormatter.ViewType])["model_id"]!;

    private static MimeBundle Show(DisplayWidget widget) => new WidgetFormatter().Format(widget);
}
