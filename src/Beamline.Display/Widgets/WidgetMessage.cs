using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>State on its way to a front end: JSON, and bytes that travel beside it.</summary>
/// <param name="Data">The data of the comm message.</param>
/// <param name="Buffers">The bytes, in the order of its buffer_paths.</param>
internal sealed record WidgetMessage(JsonObject Data, IReadOnlyList<byte[]> Buffers)
{
    /// <summary>The comm target of widgets.</summary>
    public const string Target = "jupyter.widget";

    /// <summary>The metadata of every message: the version of the protocol.</summary>
    public static JsonObject Version() => new() { ["version"] = "2.1.0" };

    /// <summary>The data of a comm_open: names and state.</summary>
    public static WidgetMessage State(IEnumerable<KeyValuePair<string, object?>> names, IEnumerable<KeyValuePair<string, object?>> state)
    {
        var (json, paths, buffers) = Write([.. names, .. state]);
        return new(new JsonObject { ["state"] = json, ["buffer_paths"] = paths }, buffers);
    }

    /// <summary>The data of a change.</summary>
    public static WidgetMessage Update(string method, IReadOnlyList<KeyValuePair<string, object?>> changes)
    {
        var (json, paths, buffers) = Write(changes);
        return new(new JsonObject { ["method"] = method, ["state"] = json, ["buffer_paths"] = paths }, buffers);
    }

    /// <summary>The same state as a change.</summary>
    public WidgetMessage AsUpdate()
    {
        var data = (JsonObject)Data.DeepClone();
        data["method"] = "update";
        return this with { Data = data };
    }

    private static (JsonObject State, JsonArray Paths, List<byte[]> Buffers) Write(IReadOnlyList<KeyValuePair<string, object?>> parts)
    {
        var (state, paths, buffers) = (new JsonObject(), new JsonArray(), new List<byte[]>());
        foreach (var (key, value) in parts)
        {
            switch (value)
            {
                case byte[] bytes:
                    paths.Add((JsonNode)new JsonArray(key));
                    buffers.Add(bytes);
                    break;
                case Widget widget:
                    state[key] = Reference(widget);
                    break;
                case IReadOnlyList<Widget> many:
                    state[key] = new JsonArray([.. many.Select(w => JsonValue.Create(Reference(w)))]);
                    break;
                default:
                    state[key] = ((JsonNode?)value)?.DeepClone();
                    break;
            }
        }

        return (state, paths, buffers);
    }

    private static string Reference(Widget widget) => "IPY_MODEL_" + widget.ModelId;
}
