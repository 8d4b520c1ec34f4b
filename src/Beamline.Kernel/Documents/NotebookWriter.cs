using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Beamline.Kernel;

/// <summary>Writes nbformat 4.5 as Jupyter does: one space of indent, text as lists of lines.</summary>
internal static partial class NotebookWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(NotebookDocument document)
    {
        GiveIds(document.Cells);
        var root = new JsonObject
        {
            ["cells"] = new JsonArray([.. document.Cells.Select(Cell)]),
            ["metadata"] = document.Metadata.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = 5,
        };
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            root.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    /// <summary>Whether parts of a MIME type are JSON, whose lists are not lines of text.</summary>
    public static bool IsJson(string mimeType) =>
        mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal);

    private static JsonNode Cell(NotebookCell cell)
    {
        var json = new JsonObject { ["cell_type"] = cell.Kind.ToString().ToLowerInvariant() };
        if (cell.Kind == NotebookCellKind.Code)
        {
            json["execution_count"] = cell.ExecutionCount;
        }

        json["id"] = cell.Id;
        json["metadata"] = cell.Metadata.DeepClone();
        if (cell.Kind == NotebookCellKind.Code)
        {
            json["outputs"] = new JsonArray([.. cell.Outputs.OfType<JsonObject>().Select(Output)]);
        }
        else if (cell.Attachments is { } attachments)
        {
            json["attachments"] = attachments.DeepClone();
        }

        json["source"] = Lines(cell.Source);
        return json;
    }

    private static JsonNode Output(JsonObject held)
    {
        var output = (JsonObject)held.DeepClone();
        if (output["text"] is JsonValue text)
        {
            output["text"] = Lines((string)text!);
        }

        if (output["data"] is JsonObject data)
        {
            foreach (var type in data.Select(part => part.Key).ToArray())
            {
                var isText = type.StartsWith("text/", StringComparison.Ordinal) ||
                    type is "image/svg+xml" or "application/javascript";
                if (isText && data[type] is JsonValue value && value.TryGetValue<string>(out var lines))
                {
                    data[type] = Lines(lines);
                }
            }
        }

        return output;
    }

    private static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is var at and >= 0 ? at + 1 : text.Length;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    private static void GiveIds(IList<NotebookCell> cells)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < cells.Count; i++)
        {
            if (cells[i].Id is { } id && ValidId().IsMatch(id) && taken.Add(id))
            {
                continue;
            }

            // From the content, so that the same notebook gets the same ids every time it is saved.
            var salt = 0;
            string made;
            do
            {
                var seed = Encoding.UTF8.GetBytes($"{i}/{salt++}/{cells[i].Source}");
                made = Convert.ToHexStringLower(SHA256.HashData(seed))[..8];
            }
            while (!taken.Add(made));
            cells[i].Id = made;
        }
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9_-]{1,64}\z")]
    private static partial Regex ValidId();
}
