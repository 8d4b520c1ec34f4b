using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>One output of a cell as HTML.</summary>
internal static class OutputHtml
{
    /// <param name="output">The output.</param>
    /// <param name="prefix">Put before anchors, so that those of two outputs differ.</param>
    /// <param name="page">Where to write.</param>
    public static void Append(JsonObject output, string prefix, StringBuilder page)
    {
        switch (Text(output["output_type"]))
        {
            case "stream":
                page.Append("<pre class=\"stream ").Append(Text(output["name"]) == "stderr" ? "stderr" : "stdout").Append("\">")
                    .Append(AnsiHtml.Render(Text(output["text"]) ?? "")).Append("</pre>\n");
                break;
            case "error":
                var lines = (output["traceback"] as JsonArray)?.Select(line => Text(line) ?? "").ToArray() ?? [];
                var text = lines.Length > 0 ? string.Join('\n', lines) : $"{Text(output["ename"])}: {Text(output["evalue"])}";
                page.Append("<pre class=\"error\">").Append(AnsiHtml.Render(text)).Append("</pre>\n");
                break;
            case "display_data" or "execute_result" when output["data"] is JsonObject data:
                page.Append("<div class=\"output\">").Append(Best(data, prefix)).Append("</div>\n");
                break;
        }
    }

    private static string Best(JsonObject data, string prefix)
    {
        if (Text(data["text/html"]) is { } html)
        {
            return html;
        }

        if (Text(data["image/svg+xml"]) is { } svg)
        {
            // As a picture, so that scripts in it do not run.
            return $"<img alt=\"\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\">";
        }

        foreach (var type in (string[])["image/png", "image/jpeg", "image/gif"])
        {
            if (Text(data[type]) is { } bytes)
            {
                var base64 = new string([.. bytes.Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=')]);
                return $"<img alt=\"\" src=\"data:{type};base64,{base64}\">";
            }
        }

        return Text(data["text/markdown"]) is { } markdown
            ? MarkdownHtml.Render(markdown, prefix, null, null)
            : Text(data["text/plain"]) is { } plain
                ? $"<pre>{AnsiHtml.Render(plain)}</pre>"
                : $"<pre>[{WebUtility.HtmlEncode(string.Join(", ", data.Select(p => p.Key)))}: not shown on a static page]</pre>";
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
