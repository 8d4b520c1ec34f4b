using System.Text.Json.Nodes;

namespace Beamline.Cli.Tests;

/// <summary>Writes small notebooks and looks at executed ones, with nothing but JSON in between.</summary>
internal static class TestNotebook
{
    /// <summary>Writes a notebook of code cells; a cell that starts with "tag:NAME" and a line break gets that tag.</summary>
    public static string Write(string path, params string[] cells)
    {
        File.WriteAllText(path, Json(cells).ToJsonString());
        return path;
    }

    public static JsonObject Json(params string[] cells) => new()
    {
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["display_name"] = "C# (Beamline)", ["language"] = "C#", ["name"] = "beamline" },
        },
        ["cells"] = new JsonArray([.. cells.Select(Cell)]),
    };

    public static JsonObject Read(string path) => (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;

    public static JsonObject CellOf(JsonObject notebook, int index) => (JsonObject)notebook["cells"]![index]!;

    /// <summary>Outputs of a cell (from 0, all cells counted).</summary>
    public static JsonObject[] Outputs(JsonObject notebook, int index) =>
        [.. CellOf(notebook, index)["outputs"]!.AsArray().Select(o => (JsonObject)o!)];

    /// <summary>Everything that a cell printed and the plain text of what it showed.</summary>
    public static string Text(JsonObject notebook, int index) => string.Join('\n', Outputs(notebook, index).Select(o =>
        Joined(o["text"]) + Joined(o["data"]?["text/plain"])));

    /// <summary>Name and message of a cell's error, and its traceback without colors; null when it has none.</summary>
    public static (string Name, string Message, string Traceback)? Error(JsonObject notebook, int index) =>
        Outputs(notebook, index).FirstOrDefault(o => (string?)o["output_type"] == "error") is { } error
            ? ((string)error["ename"]!, (string)error["evalue"]!,
                System.Text.RegularExpressions.Regex.Replace(
                    string.Join('\n', error["traceback"]!.AsArray().Select(l => (string)l!)), "\u001b\\[[0-9;]*m", ""))
            : null;

    public static string Joined(JsonNode? text) => text switch
    {
        null => "",
        JsonArray lines => string.Concat(lines.Select(l => (string)l!)),
        _ => (string)text!,
    };

    private static JsonNode Cell(string source, int index)
    {
        var metadata = new JsonObject();
        if (source.StartsWith("tag:", StringComparison.Ordinal))
        {
            var end = source.IndexOf('\n', StringComparison.Ordinal);
            metadata["tags"] = new JsonArray(source[4..end].Trim());
            source = source[(end + 1)..];
        }

        return new JsonObject
        {
            ["cell_type"] = "code",
            ["id"] = $"cell-{index}",
            ["metadata"] = metadata,
            ["execution_count"] = null,
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        };
    }
}
