using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Display;

/// <summary>Reads pieces of plotly's JSON.</summary>
internal static class ChartJson
{
    /// <summary>Stands where a text of plotly breaks its line.</summary>
    public const char LineBreak = '\n';

    /// <summary>A text, also where plotly allows either a text or an object with a text.</summary>
    public static string Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => Plain(text).TrimEnd(LineBreak),
        JsonObject thing => Text(thing["text"]),
        _ => "",
    };

    public static string? Word(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static bool? Flag(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static double? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : null;

    /// <summary>The values of an array: numbers, texts or null, plain or as base64 of a typed array.</summary>
    /// <returns>The values, or null when this is no array of them.</returns>
    public static object?[]? Values(JsonNode? node) => node switch
    {
        JsonArray array => [.. array.Select(Value)],
        JsonObject typed when Word(typed["bdata"]) is { } data && Word(typed["dtype"]) is { } type => Decode(data, type),
        _ => null,
    };

    private static object? Value(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Number => node.GetValue<double>(),
        JsonValueKind.String => node.GetValue<string>() is var text &&
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : text,
        JsonValueKind.True => 1.0,
        JsonValueKind.False => 0.0,
        _ => null,
    };

    private static object?[]? Decode(string data, string type)
    {
        if (!Base64.IsValid(data))
        {
            return null;
        }

        var bytes = Convert.FromBase64String(data);
        object?[] Each<T>(Func<T, double> convert) where T : unmanaged =>
            [.. MemoryMarshal.Cast<byte, T>(bytes).ToArray().Select(v => (object?)convert(v))];
        return type switch
        {
            "f8" => Each<double>(v => v),
            "f4" => Each<float>(v => v),
            "i1" => Each<sbyte>(v => v),
            "u1" or "u1c" => Each<byte>(v => v),
            "i2" => Each<short>(v => v),
            "u2" => Each<ushort>(v => v),
            "i4" => Each<int>(v => v),
            "u4" => Each<uint>(v => v),
            _ => null,
        };
    }

    // Plotly's texts may hold a few HTML tags; the picture shows their content.
    private static string Plain(string text)
    {
        var lines = text.Replace("<br>", "\n", StringComparison.OrdinalIgnoreCase).Replace("<br/>", "\n", StringComparison.OrdinalIgnoreCase);
        foreach (var tag in new[] { "b", "i", "em", "sub", "sup", "span" })
        {
            lines = lines.Replace($"<{tag}>", "", StringComparison.OrdinalIgnoreCase).Replace($"</{tag}>", "", StringComparison.OrdinalIgnoreCase);
        }

        return lines;
    }
}
