using System.Text.Json.Nodes;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// Puts given values into a notebook as papermill does: the cell tagged <c>parameters</c> holds the defaults, and
/// a cell tagged <c>injected-parameters</c> right after it sets the given values.
/// </summary>
internal static class ParameterInjector
{
    public const string DefaultsTag = "parameters";
    public const string InjectedTag = "injected-parameters";

    public static void Inject(
        NotebookDocument document,
        IReadOnlyDictionary<string, ParameterValue> values,
        CSharpSession session,
        string callerFolder,
        string notebookName)
    {
        if (values.Count == 0)
        {
            return;
        }

        var defaults = document.Cells.FirstOrDefault(c => c.Kind == NotebookCellKind.Code && c.HasTag(DefaultsTag)) ??
            throw new RunInputException(
                $"{notebookName} takes no parameters ({string.Join(", ", values.Keys)}): it has no code cell tagged " +
                $"'{DefaultsTag}'. Give the cell that declares the defaults this tag.");
        var known = Declared(defaults, session);
        var literal = new ParameterLiteral(callerFolder);
        var lines = new List<string> { "// Parameters" };
        foreach (var (name, value) in values)
        {
            if (!known.TryGetValue(name, out var parameter))
            {
                throw new RunInputException(
                    $"{notebookName} has no parameter {name}.{Suggestion.DidYouMean(name, known.Keys)} " +
                    (known.Count == 0 ? "Its parameters cell declares no variable." : $"Parameters: {string.Join(", ", known.Select(k =>
                        $"{k.Value.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {k.Key}"))}."));
            }

            // Assigned, not declared anew, so that functions declared beside the defaults see the value.
            lines.Add($"{(parameter.IsConst ? $"const {parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)} " : "")}" +
                $"{name} = {literal.Of(name, parameter.Type, value)};");
        }

        for (var i = document.Cells.Count - 1; i >= 0; i--)
        {
            if (document.Cells[i].HasTag(InjectedTag))
            {
                document.Cells.RemoveAt(i);
            }
        }

        document.Cells.Insert(
            document.Cells.IndexOf(defaults) + 1,
            new NotebookCell(NotebookCellKind.Code, string.Join('\n', lines))
            {
                Metadata = new JsonObject { ["tags"] = new JsonArray(InjectedTag) },
            });
    }

    /// <summary>The variables that a cell declares, with their types.</summary>
    private static Dictionary<string, (ITypeSymbol Type, bool IsConst)> Declared(NotebookCell cell, CSharpSession session)
    {
        var (tree, model) = session.Probe(CellSplitter.WithoutMagics(cell.Source));
        var found = new Dictionary<string, (ITypeSymbol, bool)>(StringComparer.Ordinal);
        foreach (var field in ((CompilationUnitSyntax)tree.GetRoot()).Members.OfType<FieldDeclarationSyntax>())
        {
            foreach (var variable in field.Declaration.Variables)
            {
                if (model.GetDeclaredSymbol(variable) is IFieldSymbol symbol)
                {
                    found[symbol.Name] = (symbol.Type, symbol.IsConst);
                }
            }
        }

        return found;
    }
}
