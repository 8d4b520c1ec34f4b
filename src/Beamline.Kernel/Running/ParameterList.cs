using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>A parameter of a notebook.</summary>
/// <param name="Name">Its name, as --parameter takes it.</param>
/// <param name="Type">Its C# type.</param>
/// <param name="Default">The C# of its default; null when it has none.</param>
/// <param name="Description">The comment on its line or above it; empty when there is none.</param>
public sealed record NotebookParameter(string Name, string Type, string? Default, string Description);

/// <summary>Reads the parameters cell of a notebook.</summary>
internal static class ParameterList
{
    public static IReadOnlyList<NotebookParameter> Of(NotebookDocument document, CSharpSession session)
    {
        var cell = document.Cells.FirstOrDefault(c => c.Kind == NotebookCellKind.Code && c.HasTag(ParameterInjector.DefaultsTag));
        if (cell is null)
        {
            return [];
        }

        var (tree, model) = session.Probe(CellSplitter.WithoutMagics(cell.Source));
        var found = new List<NotebookParameter>();
        foreach (var field in ((CompilationUnitSyntax)tree.GetRoot()).Members.OfType<FieldDeclarationSyntax>())
        {
            var comment = Comment(field);
            foreach (var variable in field.Declaration.Variables)
            {
                if (model.GetDeclaredSymbol(variable) is IFieldSymbol symbol)
                {
                    found.Add(new NotebookParameter(
                        symbol.Name,
                        symbol.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
                        variable.Initializer?.Value.ToString(),
                        comment));
                }
            }
        }

        return found;
    }

    /// <summary>The comment behind the declaration, or else the ones right above it.</summary>
    private static string Comment(FieldDeclarationSyntax field)
    {
        var behind = field.GetTrailingTrivia().Where(IsComment).Select(t => Text(t)).ToArray();
        if (behind.Length > 0)
        {
            return string.Join(' ', behind);
        }

        var above = new List<string>();
        var newLines = 0;
        foreach (var trivia in field.GetLeadingTrivia().Reverse())
        {
            newLines = trivia.IsKind(SyntaxKind.EndOfLineTrivia) ? newLines + 1 : newLines;
            if (IsComment(trivia))
            {
                newLines = 0;
                above.Insert(0, Text(trivia));
            }
            else if (newLines > 1)
            {
                // An empty line: what stands above it is about something else.
                break;
            }
        }

        return string.Join(' ', above);
    }

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia;

    private static string Text(SyntaxTrivia trivia)
    {
        var text = trivia.ToString();
        text = trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) ? text[2..] : text[2..^2];
        return string.Join(' ', text.Split('\n').Select(line => line.Trim().TrimStart('*').Trim())).Trim();
    }
}
