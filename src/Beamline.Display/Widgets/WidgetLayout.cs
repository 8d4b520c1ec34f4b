using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>Size and place of a widget, as CSS has them: for instance Width "300px" or "50%".</summary>
public sealed class WidgetLayout : Widget
{
    /// <summary>A layout that leaves everything to the front end.</summary>
    public WidgetLayout()
        : base(new WidgetModel("@jupyter-widgets/base", "2.0.0", "LayoutModel", "LayoutView"))
    {
    }

    /// <summary>Width; null leaves it to the front end.</summary>
    public string? Width { get => Text("width"); set => Css("width", value); }

    /// <summary>Height; null leaves it to the front end.</summary>
    public string? Height { get => Text("height"); set => Css("height", value); }

    /// <summary>Space around the widget; null leaves it to the front end.</summary>
    public string? Margin { get => Text("margin"); set => Css("margin", value); }

    /// <summary>Space between border and content; null leaves it to the front end.</summary>
    public string? Padding { get => Text("padding"); set => Css("padding", value); }

    /// <summary>"none" hides the widget; null shows it.</summary>
    public string? Display { get => Text("display"); set => Css("display", value); }

    /// <summary>What becomes of content that does not fit, for instance "auto".</summary>
    public string? Overflow { get => Text("overflow"); set => Css("overflow", value); }

    /// <summary>How much of the free room in a box the widget takes, for instance "1 1 auto".</summary>
    public string? Flex { get => Text("flex"); set => Css("flex", value); }

    internal override string StaticHtml() => "";

    internal override string StaticText() => "WidgetLayout";

    private string? Text(string key) => Get<string?>(key, null);

    private void Css(string key, string? value) => Set(key, value is null ? null : JsonValue.Create(value));
}
