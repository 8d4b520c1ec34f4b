using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Looks for problems in notebook files. Runs no cell.</summary>
public static class NotebookLinter
{
    /// <summary>The names of the rules that <see cref="Lint"/> knows.</summary>
    public static IReadOnlyList<string> Rules => LintRules.OfLint;

    /// <summary>Finds cells that fail or mislead when the notebook runs from top to bottom after a restart.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="extensions">What cells can use beside C#.</param>
    /// <param name="ignore">Rules to leave out.</param>
    /// <returns>The problems by cell and line; empty when there are none.</returns>
    /// <exception cref="NotebookFormatException">The notebook is in another language.</exception>
    public static IReadOnlyList<NotebookProblem> Lint(
        NotebookDocument document, IReadOnlyList<INotebookExtension> extensions, IReadOnlyList<string>? ignore = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(extensions);
        document.EnsureCSharp("The notebook");
        var cells = document.Cells.Select((cell, i) => (Cell: cell, Number: i + 1))
            .Where(c => c.Cell.Kind == NotebookCellKind.Code && !c.Cell.HasTag("skip-execution")).ToArray();
        using var kernel = new NotebookKernel(extensions);
        return
        [
            .. Linter.Check([.. cells.Select(c => new LintCell($"cell {c.Number}", c.Cell.Source))], kernel)
                .Where(f => ignore?.Contains(f.Rule) != true)
                .Select(f => new NotebookProblem(cells[f.Index].Number, f.Line, f.Rule, f.Message)),
        ];
    }

    /// <summary>Finds signs that the saved results are not those of one run from top to bottom.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="extensions">What cells can use beside C#.</param>
    /// <returns>The problems by cell; empty when the results can be those of such a run, or when there are none.</returns>
    /// <exception cref="NotebookFormatException">The notebook is in another language.</exception>
    public static IReadOnlyList<NotebookProblem> CheckOrder(
        NotebookDocument document, IReadOnlyList<INotebookExtension> extensions)
    {
        string[] others = [.. LintRules.OfLint.Where(r => r != LintRules.DefinedBelow)];
        return [.. Lint(document, extensions, others).Concat(OrderCheck.Check(document)).OrderBy(p => p.Cell).ThenBy(p => p.Line)];
    }
}
