using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>The classes in the front end that a widget stands for.</summary>
/// <param name="Module">Their JavaScript package.</param>
/// <param name="Version">Its version of the model, as the widget manager matches it.</param>
/// <param name="Name">The model class.</param>
/// <param name="View">The view class; null for what is never shown by itself.</param>
internal sealed record WidgetModel(string Module, string Version, string Name, string? View)
{
    /// <summary>A class of @jupyter-widgets/controls: NAMEModel and NAMEView.</summary>
    public static WidgetModel Control(string name) => new("@jupyter-widgets/controls", "2.0.0", name + "Model", name + "View");

    /// <summary>The part of the state that names the classes.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Names() =>
    [
        new("_model_module", JsonValue.Create(Module)),
        new("_model_module_version", JsonValue.Create(Version)),
        new("_model_name", JsonValue.Create(Name)),
        new("_view_module", JsonValue.Create(Module)),
        new("_view_module_version", JsonValue.Create(Version)),
        new("_view_name", View is null ? null : JsonValue.Create(View)),
    ];
}
