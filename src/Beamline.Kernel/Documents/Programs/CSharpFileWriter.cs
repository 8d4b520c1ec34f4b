using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Text in another form, and what could not be carried over.</summary>
internal sealed record ConvertedText(string Text, IReadOnlyList<string> Warnings);

/// <summary>
/// Writes a notebook as a C# program of one file, for <c>dotnet run app.cs</c>: packages as directives, only the usings
/// that are needed, magic commands as the C# that they stand for, and types at the end.
/// </summary>
internal sealed partial class CSharpFileWriter(NotebookDocument document, NotebookKernel kernel)
{
    private readonly StaticNotebook _notebook = new(kernel);

    public ConvertedText Write()
    {
        var parts = new ProgramParts(_notebook);
        var body = new StringBuilder();
        foreach (var (i, cell) in document.Cells.Index())
        {
            if (cell.Kind != NotebookCellKind.Code)
            {
                body.Append($"// %% {CSharpFileReader.MarkdownMark}\n").Append(ProgramText.Comment(cell.Source)).Append("\n\n");
                continue;
            }

            var text = cell.HasTag("skip-execution") ? ProgramText.Comment(cell.Source) : Code(CellLanguages.SourceOf(cell), parts, $"cell {i + 1}");
            if (text.Length > 0)
            {
                body.Append("// %%\n").Append(text).Append("\n\n");
            }
        }

        var needsHelpers = Helped().IsMatch(body.ToString());
        string[] own = [.. kernel.Session.Usings.Where(u => !u.StartsWith("Beamline.Kernel", StringComparison.Ordinal)).Select(u => $"using {u};")];
        string[] usings = [.. own.Concat(parts.Usings).Concat(needsHelpers ? [ProgramText.HelpersUsing] : []).Distinct()];
        var types = parts.Types.Count > 0 ? $"// %% {CSharpFileReader.TypesMark}\n{string.Join("\n\n", parts.Types)}\n\n" : "";
        var rest = body + types + (needsHelpers ? $"// %% {CSharpFileReader.HelpersMark}\n{ProgramText.Helpers}\n" : "");
        var check = new ProgramCheck(kernel.Session, usings, rest, hasPackages: parts.Directives.Any(d => d.StartsWith("#:p", StringComparison.Ordinal)));
        var directives = parts.Directives.ToList();
        if (check.Usings.Any(u => u.StartsWith("using Beamline", StringComparison.Ordinal)))
        {
            var version = typeof(CSharpFileWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
            directives.Add($"#:package Beamline.Extension@{version}");
        }

        if (rest.Contains("unsafe", StringComparison.Ordinal))
        {
            directives.Add("#:property AllowUnsafeBlocks=true");
        }

        var head = string.Concat(directives.Distinct().Prepend("#!/usr/bin/env dotnet").Select(d => d + "\n")) + "\n" +
            string.Concat(check.Usings.Select(u => u + "\n")) + (check.Usings.Count > 0 ? "\n" : "");
        return new ConvertedText(head + rest.TrimEnd('\n') + "\n", [.. parts.Warnings, .. check.Errors]);
    }

    private string Code(string source, ProgramParts parts, string place)
    {
        var text = new List<string>();
        foreach (var segment in CellSplitter.Split(source))
        {
            text.Add(!segment.IsMagic ? parts.Add(segment.Text, place)
                : segment.Body is { } body ? ProgramText.Comment($"{segment.Text}\n{body}")
                : Magic(segment.Text, parts, place));
        }

        return string.Join('\n', text.Where(t => t.Length > 0)).Trim('\n');
    }

    private string Magic(string line, ProgramParts parts, string place)
    {
        if (CellLanguages.IsSwitch(line))
        {
            return "";
        }

        try
        {
            return ProgramText.Comment(line) + "\n" + parts.Add(_notebook.Translate(line), place);
        }
        catch (MagicException exception)
        {
            parts.Warnings.Add($"{place}: '{line}' became a comment: {exception.Message}");
            return ProgramText.Comment(line);
        }
    }

    [GeneratedRegex(@"\b(display|Display|DisplayAs|HTML|ClearOutput|clear_output|Input)\(")]
    private static partial Regex Helped();
}
