using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// Reads a C# program of one file (<c>dotnet run app.cs</c>) or a script as a notebook. A line <c>// %%</c> starts a cell, and
/// <c>// %% [markdown]</c> one of text in comments; a file without them becomes one cell.
/// </summary>
internal static class CSharpFileReader
{
    /// <summary>Starts the types of a program, which come last there and first in a notebook.</summary>
    public const string TypesMark = "[types]";

    /// <summary>Starts what stands for the notebook in a program; a notebook does not need it.</summary>
    public const string HelpersMark = "[helpers]";

    public const string MarkdownMark = "[markdown]";

    private const string CellMark = "// %%";

    public static NotebookDocument Read(string text, bool isScript)
    {
        var document = new NotebookDocument();
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        if (lines[0].StartsWith("#!", StringComparison.Ordinal))
        {
            lines[0] = "";
        }

        if (Array.IndexOf(lines, ProgramText.HelpersUsing) is >= 0 and var opened)
        {
            lines[opened] = "";
        }

        var references = isScript ? [] : TakeDirectives(lines);
        var body = string.Join('\n', lines);
        if (!isScript && body.Contains("Http", StringComparison.Ordinal))
        {
            // Open in every program, but not in every cell.
            references.Add("using System.Net.Http;");
        }

        Add(document, NotebookCellKind.Code, string.Join('\n', references));
        if (NeedsArguments(body))
        {
            Add(document, NotebookCellKind.Code, "string[] args = [];");
            document.Cells[^1].Metadata["tags"] = new JsonArray(ParameterInjector.DefaultsTag);
        }

        AddCells(document, lines);
        KernelMetadata.Complete(document);
        return document;
    }

    /// <summary>What a line <c>#:package Name@Version</c> and its like are in a cell.</summary>
    private static List<string> TakeDirectives(string[] lines)
    {
        var found = new List<string>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (!line.StartsWith("#:", StringComparison.Ordinal))
            {
                continue;
            }

            var (kind, rest) = line[2..].Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) switch
            {
                [var one, var two] => (one, two),
                _ => ("", ""),
            };
            found.Add(kind switch
            {
                "package" => $"#r \"nuget: {string.Join(", ", rest.Split(['@', ' '], 2, StringSplitOptions.RemoveEmptyEntries).Where(p => p != "*"))}\"",
                "project" => $"#r \"project: {rest}\"",

                // Means nothing to a session; kept for the way back.
                _ => "// " + line,
            });
            lines[i] = "";
        }

        return found;
    }

    private static bool NeedsArguments(string body)
    {
        var root = CSharpSyntaxTree.ParseText(body, CSharpSession.ParseOptions).GetRoot();
        return root.DescendantNodes().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.Text == "args") &&
            !root.DescendantNodes().Any(n => n is VariableDeclaratorSyntax { Identifier.Text: "args" } or ParameterSyntax { Identifier.Text: "args" });
    }

    private static void AddCells(NotebookDocument document, string[] lines)
    {
        var first = document.Cells.Count;
        var (mark, start) = ("", 0);
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && !lines[i].StartsWith(CellMark, StringComparison.Ordinal))
            {
                continue;
            }

            var body = string.Join('\n', lines[start..i]).Trim('\n', ' ');
            switch (mark)
            {
                case MarkdownMark:
                    Add(document, NotebookCellKind.Markdown, string.Join('\n', body.Split('\n').Select(Uncommented)));
                    break;
                case HelpersMark:
                    break;
                case TypesMark when body.Length > 0:
                    document.Cells.Insert(first, new NotebookCell(NotebookCellKind.Code, body));
                    break;
                default:
                    Add(document, NotebookCellKind.Code, body);
                    break;
            }

            if (i < lines.Length)
            {
                (mark, start) = (lines[i][CellMark.Length..].Trim(), i + 1);
            }
        }
    }

    private static string Uncommented(string line) =>
        line.StartsWith("// ", StringComparison.Ordinal) ? line[3..] : line.StartsWith("//", StringComparison.Ordinal) ? line[2..] : line;

    private static void Add(NotebookDocument document, NotebookCellKind kind, string source)
    {
        if (!string.IsNullOrWhiteSpace(source))
        {
            document.Cells.Add(new NotebookCell(kind, source));
        }
    }
}
