using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Beamline.Kernel;

/// <summary>One output of a cell as Markdown: a picture, or text in a fence.</summary>
internal static partial class OutputMarkdown
{
    public static string Render(JsonObject output, MarkdownImages images)
    {
        switch (Text(output["output_type"]))
        {
            case "stream":
                return Plain(Text(output["text"]));
            case "error":
                var lines = (output["traceback"] as JsonArray)?.Select(Text).ToArray() ?? [];
                return Plain(lines.Length > 0 ? string.Join('\n', lines) : $"{Text(output["ename"])}: {Text(output["evalue"])}");
            case "display_data" or "execute_result" when output["data"] is JsonObject data:
                return Best(data, images);
            default:
                return "";
        }
    }

    private static string Best(JsonObject data, MarkdownImages images)
    {
        var alt = Alt(Text(data["text/plain"]));
        foreach (var type in (string[])["image/png", "image/jpeg", "image/gif"])
        {
            if (Text(data[type]) is { Length: > 0 } base64)
            {
                return Picture(alt, images.Add($"data:{type};base64,{string.Concat(base64.Where(c => !char.IsWhiteSpace(c)))}"));
            }
        }

        if (Text(data["image/svg+xml"]) is { Length: > 0 } svg)
        {
            return Picture(alt, images.Add($"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}"));
        }

        return Text(data["text/markdown"]) is { Length: > 0 } markdown ? SafeMarkdown.Render(markdown, (url, _) => images.Add(url))
            : data.ContainsKey("text/plain") ? Plain(Text(data["text/plain"]))
            : Plain($"[{string.Join(", ", data.Select(p => p.Key))}: not shown in Markdown]");
    }

    private static string Picture(string alt, string address) =>
        address.Length == 0 ? Plain("[a picture that cannot be read]") : $"![{alt}]({address})";

    /// <summary>The text in place of a picture: the first line, with nothing in it that means anything to Markdown.</summary>
    private static string Alt(string text) =>
        new([.. text.Split('\n')[0].Where(c => char.IsLetterOrDigit(c) || c is ' ' or '.' or ',' or '-' or '/' or ':').Take(120)]);

    private static string Plain(string text) =>
        text.Length == 0 ? "" : MarkdownExporter.Fence("text", Colors().Replace(text, ""));

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Colors();
}
