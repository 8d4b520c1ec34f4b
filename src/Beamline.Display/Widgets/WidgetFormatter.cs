using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Display.Widgets;

/// <summary>Shows widgets: by the front end's widget manager, and as a still picture of their state where there is none.</summary>
public sealed class WidgetFormatter : IMimeFormatter
{
    /// <summary>The MIME type that widget managers draw.</summary>
    public const string ViewType = "application/vnd.jupyter.widget-view+json";

    /// <inheritdoc/>
    public bool CanFormat(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return typeof(DisplayWidget).IsAssignableFrom(type) || type == typeof(Interaction);
    }

    /// <inheritdoc/>
    public MimeBundle Format(object value)
    {
        if (value is not DisplayWidget widget)
        {
            // Interact has shown its widgets already.
            return MimeBundle.Empty;
        }

        var still = MimeBundle.FromHtml($"<div>{widget.StaticHtml()}</div>", widget.StaticText());

        // A saved notebook would show an error in the place of a model that nobody knows; the still picture lasts.
        return NotebookHost.Current is not { HasFrontEnd: true } host
            ? still
            : still.With(ViewType, new JsonObject
            {
                ["model_id"] = widget.Open(host), ["version_major"] = 2, ["version_minor"] = 0,
            });
    }
}
