using System.Net;
using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A widget that can be seen.</summary>
public abstract class DisplayWidget : Widget
{
    private protected DisplayWidget(WidgetModel model)
        : base(model)
    {
    }

    /// <summary>Size and place; null leaves them to the front end.</summary>
    public WidgetLayout? Layout { get => Get("layout") as WidgetLayout; set => Set("layout", value); }

    /// <summary>A text that is shown when the mouse rests on it; null for none.</summary>
    public string? Tooltip
    {
        get => Get<string?>("tooltip", null);
        set
        {
            // Views with a tooltip ask for the length of the description, also of widgets that have none, and draw an error without.
            if (Get("description") is null)
            {
                Set("description", JsonValue.Create(""));
            }

            Set("tooltip", value is null ? null : JsonValue.Create(value));
        }
    }

    private protected static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
