using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>Text for messages about what front ends send.</summary>
internal static class WidgetText
{
    private const int Longest = 40;

    /// <summary>A text; null when it is something else.</summary>
    public static string? Of(JsonNode? value) => value is JsonValue json && json.TryGetValue<string>(out var text) ? text : null;

    public static string Short(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "null";
        return text.Length <= Longest ? text : text[..Longest] + "...";
    }
}
