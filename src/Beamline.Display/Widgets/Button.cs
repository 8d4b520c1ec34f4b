using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A button.</summary>
public sealed class Button : ControlWidget
{
    /// <summary>A button.</summary>
    /// <param name="description">What is written on it.</param>
    public Button(string description = "")
        : base(WidgetModel.Control("Button")) => Description = description;

    /// <summary>Raised when it is pressed; what a handler throws is shown below the cell.</summary>
    public event EventHandler? Clicked;

    /// <summary>Calls something when it is pressed.</summary>
    /// <param name="handler">What to call.</param>
    /// <returns>This button, to go on with.</returns>
    public Button OnClick(Action handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Clicked += (_, _) => handler();
        return this;
    }

    /// <summary>Presses it.</summary>
    public void Click()
    {
        foreach (var handler in Clicked?.GetInvocationList() ?? [])
        {
            Guard(() => ((EventHandler)handler)(this, EventArgs.Empty));
        }
    }

    internal override string StaticHtml() => $"<div><code>[{Escaped(Description)}]</code></div>";

    internal override string StaticText() => $"Button '{Description}'";

    private protected override string StaticValue() => "";

    private protected override void Custom(JsonObject content, IReadOnlyList<byte[]> buffers)
    {
        if (WidgetText.Of(content["event"]) == "click")
        {
            Click();
        }
    }
}
