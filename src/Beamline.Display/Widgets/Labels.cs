using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A line of text.</summary>
public sealed class Label : DisplayWidget
{
    /// <summary>A line.</summary>
    /// <param name="value">The text; shown as text, never as HTML.</param>
    public Label(string value = "")
        : base(WidgetModel.Control("Label")) => Value = value;

    /// <summary>The text; shown as text, never as HTML.</summary>
    public string Value { get => Get("value", ""); set => Set("value", JsonValue.Create(value ?? throw new ArgumentNullException(nameof(value)))); }

    internal override string StaticHtml() => $"<div>{Escaped(Value)}</div>";

    internal override string StaticText() => $"Label '{Value}'";
}

/// <summary>A piece of HTML. The caller escapes what comes from files and users.</summary>
public sealed class Html : DisplayWidget
{
    /// <summary>A piece of HTML.</summary>
    /// <param name="value">The HTML.</param>
    public Html(string value = "")
        : base(WidgetModel.Control("HTML")) => Value = value;

    /// <summary>The HTML.</summary>
    public string Value { get => Get("value", ""); set => Set("value", JsonValue.Create(value ?? throw new ArgumentNullException(nameof(value)))); }

    internal override string StaticHtml() => $"<div>{Value}</div>";

    internal override string StaticText() => $"Html of {Value.Length} characters";
}
