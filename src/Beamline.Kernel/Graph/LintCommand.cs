using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!lint</c>: what would go wrong after a restart.</summary>
internal sealed class LintCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new("lint", "Finds unused variables, and cells that fail or mislead after a restart.",
    [
        new("ignore", MagicValueKind.Text, $"Rules to leave out, separated by commas: {string.Join(", ", LintRules.OfLint)}."),
    ]);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var kernel = ((CellContext)context).Cell.Kernel;
        string[] ignored = [.. (arguments.Text("ignore") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        if (ignored.FirstOrDefault(i => !LintRules.OfLint.Contains(i)) is { } unknown)
        {
            throw new MagicException($"#!lint has no rule {unknown}.{Suggestion.DidYouMean(unknown, LintRules.OfLint)} " +
                $"Rules: {string.Join(", ", LintRules.OfLint)}.");
        }

        LintCell[] cells = kernel.Graph.Read(graph => graph.Cells.Select(c => new LintCell(c.Label, c.Text)).ToArray());
        LintFinding[] found = [.. Linter.Check(cells, kernel).Where(f => !ignored.Contains(f.Rule))];
        string[][] rows = [.. found.Select(f => new[] { cells[f.Index].Label, f.Line.ToString(), f.Rule, f.Message })];
        var note = $"Looked at {cells.Length} cells in the order in which they first ran. {GraphReport.OnlyExecuted}";
        context.Display(rows.Length == 0
            ? MimeBundle.FromText("No problems. " + note)
            : MimeBundle.FromHtml(
                HtmlTable.Of(["Cell", "Line", "Rule", "What"], rows, note),
                string.Join('\n', rows.Select(r => $"{r[0]}, line {r[1]} ({r[2]}): {r[3]}")) + "\n" + note));
        return Task.CompletedTask;
    }
}
