using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Reads nbformat 4.</summary>
internal static class NotebookReader
{
    public static NotebookDocument Read(string json, string name)
    {
        JsonObject root;
        try
        {
            root = JsonNode.Parse(json) as JsonObject ??
                throw new NotebookFormatException($"{name} is not a notebook: it is JSON, but no object.");
        }
        catch (JsonException exception)
        {
            throw new NotebookFormatException(
                $"{name} is not a notebook: it is not JSON (line {exception.LineNumber + 1}: {FirstLine(exception)}).", exception);
        }

        try
        {
            return Read(root, name);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException)
        {
            // A value of a kind that the format does not allow at its place, or a name given twice.
            throw new NotebookFormatException($"{name} is not a valid notebook: {exception.Message}", exception);
        }
    }

    private static NotebookDocument Read(JsonObject root, string name)
    {
        if (root["nbformat"] is not JsonValue version || !version.TryGetValue<int>(out var major))
        {
            throw new NotebookFormatException($"{name} is not a notebook: it has no nbformat number.");
        }

        if (major != 4)
        {
            throw new NotebookFormatException(major < 4
                ? $"{name} is of nbformat {major}; 4 is needed. Convert it with: jupyter nbconvert --to notebook --nbformat 4 {name}"
                : $"{name} is of nbformat {major}, which is newer than this program knows (4).");
        }

        var cells = root["cells"] as JsonArray ??
            throw new NotebookFormatException($"{name} is not a valid notebook: it has no list of cells.");
        return new NotebookDocument
        {
            Metadata = Copy(root["metadata"]) ?? [],
            Cells = [.. cells.Select((cell, i) => Cell(cell, i, name))],
        };
    }

    private static NotebookCell Cell(JsonNode? node, int index, string name)
    {
        var cell = node as JsonObject ??
            throw new NotebookFormatException($"{name} is not a valid notebook: cell {index + 1} is no object.");
        var kind = (string?)cell["cell_type"] switch
        {
            "code" => NotebookCellKind.Code,
            "markdown" => NotebookCellKind.Markdown,
            "raw" => NotebookCellKind.Raw,
            var other => throw new NotebookFormatException(
                $"{name} is not a valid notebook: cell {index + 1} is of type '{other}'."),
        };
        return new NotebookCell(kind, Lines(cell["source"]).ReplaceLineEndings("\n"))
        {
            Id = (string?)cell["id"],
            Metadata = Copy(cell["metadata"]) ?? [],
            Attachments = Copy(cell["attachments"]),
            ExecutionCount = (int?)cell["execution_count"],
            Outputs = kind == NotebookCellKind.Code && cell["outputs"] is JsonArray outputs
                ? [.. outputs.OfType<JsonObject>().Select(Output)]
                : [],
        };
    }

    /// <summary>A copy of an output in which text is one string instead of a list of lines.</summary>
    private static JsonObject Output(JsonObject stored)
    {
        var output = (JsonObject)stored.DeepClone();
        if (output["text"] is JsonArray text)
        {
            output["text"] = Lines(text);
        }

        if (output["data"] is JsonObject data)
        {
            foreach (var type in data.Select(part => part.Key).ToArray())
            {
                if (data[type] is JsonArray lines && !NotebookWriter.IsJson(type))
                {
                    data[type] = Lines(lines);
                }
            }
        }

        return output;
    }

    private static JsonObject? Copy(JsonNode? node) => (JsonObject?)(node as JsonObject)?.DeepClone();

    private static string Lines(JsonNode? node)
    {
        if (node is not JsonArray lines)
        {
            return (string?)node ?? "";
        }

        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append((string?)line);
        }

        return text.ToString();
    }

    private static string FirstLine(Exception exception) => exception.Message.Split(". ")[0];
}
