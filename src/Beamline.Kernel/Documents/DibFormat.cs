using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>
/// The notebook format of .NET Interactive: plain text in which a line such as <c>#!csharp</c> or <c>#!markdown</c> starts each
/// cell, after a header of JSON below <c>#!meta</c>. It keeps no outputs, tags or ids.
/// </summary>
internal static class DibFormat
{
    private const string Meta = "meta";

    public static NotebookDocument Read(string text, string name)
    {
        var document = new NotebookDocument();
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        var (language, start) = (CellLanguages.CSharp, 0);
        var others = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { Meta };
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && !Starts(lines[i], others))
            {
                continue;
            }

            var body = Trimmed(lines[start..i]);
            if (language == Meta)
            {
                language = ReadMeta(body, document, others, name);
            }
            else if (body.Length > 0)
            {
                document.Cells.Add(Cell(language, body));
            }

            if (i < lines.Length)
            {
                language = MagicParser.NameOf(lines[i]);

                // Options on the line (#!value --name x) belong to the cell.
                start = lines[i].Trim().Length > language.Length + 2 ? i : i + 1;
                language = start == i ? CellLanguages.CSharp : CellLanguages.Canonical(language) ?? language;
            }
        }

        KernelMetadata.Complete(document);
        return document;
    }

    public static string Write(NotebookDocument document)
    {
        var text = new StringBuilder("#!meta\n\n");
        var languages = document.Cells.Where(c => c.Kind == NotebookCellKind.Code).Select(c => CellLanguages.Of(c) ?? CellLanguages.CSharp)
            .Prepend(CellLanguages.CSharp).Distinct();
        var info = new JsonObject
        {
            ["kernelInfo"] = new JsonObject
            {
                ["defaultKernelName"] = CellLanguages.CSharp,
                ["items"] = new JsonArray([.. languages.Select(name => new JsonObject { ["aliases"] = new JsonArray(), ["name"] = name })]),
            },
        };
        text.Append(info.ToJsonString()).Append("\n\n");
        foreach (var cell in document.Cells)
        {
            var source = Trimmed(cell.Source.Split('\n'));
            var ownLine = cell.Kind == NotebookCellKind.Code && CellLanguages.IsSwitch(source.Split('\n')[0]);
            var language = cell.Kind switch
            {
                NotebookCellKind.Code => CellLanguages.Of(cell) ?? CellLanguages.CSharp,
                _ => "markdown",
            };
            if (!ownLine)
            {
                text.Append("#!").Append(language).Append("\n\n");
            }

            text.Append(source).Append("\n\n");
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static NotebookCell Cell(string language, string body) => language switch
    {
        "markdown" => new NotebookCell(NotebookCellKind.Markdown, body),
        CellLanguages.CSharp => new NotebookCell(NotebookCellKind.Code, body),
        _ => new NotebookCell(NotebookCellKind.Code, body)
        {
            Metadata = new JsonObject
            {
                ["dotnet_interactive"] = new JsonObject { ["language"] = language },
                ["polyglot_notebook"] = new JsonObject { ["kernelName"] = language },
            },
        },
    };

    /// <summary>Notes the kernels that the header names; returns the one that cells before any switch are for.</summary>
    private static string ReadMeta(string json, NotebookDocument document, HashSet<string> others, string name)
    {
        try
        {
            var root = JsonNode.Parse(json) as JsonObject ?? throw new NotebookFormatException($"{name}: the header below #!meta is no JSON object.");
            document.Metadata["polyglot_notebook"] = root.DeepClone();
            foreach (var item in root["kernelInfo"]?["items"] as JsonArray ?? [])
            {
                others.Add((string?)item?["name"] ?? Meta);
                foreach (var alias in item?["aliases"] as JsonArray ?? [])
                {
                    others.Add((string?)alias ?? Meta);
                }
            }

            return document.DefaultLanguage ?? CellLanguages.CSharp;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new NotebookFormatException($"{name}: the header below #!meta cannot be read: {exception.Message}", exception);
        }
    }

    private static bool Starts(string line, HashSet<string> others) => line.StartsWith("#!", StringComparison.Ordinal) &&
        (CellLanguages.IsSwitch(line) || (MagicParser.IsMagic(line) && others.Contains(MagicParser.NameOf(line))));

    private static string Trimmed(string[] lines)
    {
        var (from, to) = (0, lines.Length);
        while (from < to && string.IsNullOrWhiteSpace(lines[from]))
        {
            from++;
        }

        while (to > from && string.IsNullOrWhiteSpace(lines[to - 1]))
        {
            to--;
        }

        return string.Join('\n', lines[from..to]);
    }
}
