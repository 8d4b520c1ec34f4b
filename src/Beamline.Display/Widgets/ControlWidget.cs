using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A widget with a label beside it that can be switched off.</summary>
public abstract class ControlWidget : DisplayWidget
{
    private protected ControlWidget(WidgetModel model)
        : base(model)
    {
    }

    /// <summary>The label; shown as text, never as HTML.</summary>
    public string Description
    {
        get => Get("description", "");
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Set("description", JsonValue.Create(value));
            Set("description_allow_html", JsonValue.Create(false));
        }
    }

    /// <summary>True when the user cannot change it.</summary>
    public bool Disabled { get => Get("disabled", false); set => Set("disabled", JsonValue.Create(value)); }

    internal override string StaticHtml() => $"<div><b>{Escaped(Description)}</b> <code>{Escaped(StaticValue())}</code></div>";

    internal override string StaticText() =>
        $"{GetType().Name.Split('`')[0]}{(Description.Length > 0 ? $" '{Description}'" : "")} = {StaticValue()}";

    private protected abstract string StaticValue();
}
