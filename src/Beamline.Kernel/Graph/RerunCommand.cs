using System.Net;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!rerun stale</c> and <c>#!rerun 3</c>: runs recorded cells again, in the order of their dependencies.</summary>
internal sealed class RerunCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new("rerun", "Runs cells again in order: those out of date, or one and what depends on it.",
    [
        new("cell", MagicValueKind.Text, "'stale' for all that is out of date, or the number of a cell (3 for cell 3, [3] beside it).")
        {
            IsPositional = true, IsRequired = true,
        },
    ]);

    public async Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var cell = ((CellContext)context).Cell;
        var tracker = cell.Kernel.Graph;
        var what = arguments.Required("cell");
        var wanted = what == "stale" ? [] : tracker.Read(graph => WithDependants(graph, what));
        var done = new List<GraphCell>();
        if (tracker.IsRerunning)
        {
            throw new MagicException("#!rerun stands in a cell that #!rerun itself runs again: put it into a cell of its own.");
        }

        try
        {
            tracker.IsRerunning = true;

            // A cell that ran can make others out of date (those that change a variable in place), so each choice is made anew.
            while (tracker.Read(graph => Next(graph, wanted, done)) is { } next)
            {
                cell.CancellationToken.ThrowIfCancellationRequested();
                await RunAsync(cell, tracker, next);
                done.Add(next);
            }
        }
        finally
        {
            tracker.IsRerunning = false;
        }

        if (done.Count == 0)
        {
            context.WriteLine("Nothing is out of date. " + GraphReport.OnlyExecuted);
            return;
        }

        context.WriteLine($"Ran {string.Join(", ", done.Select(c => c.Label))}.");
        foreach (var changed in done.SelectMany(c => c.Changes.Select(name => (Cell: c, Name: name)))
            .Where(c => tracker.Read(graph => graph.SlotOf(c.Name)?.DeclaredBy is { } maker && !done.Contains(maker))))
        {
            var maker = tracker.Read(graph => graph.SlotOf(changed.Name)!.DeclaredBy.Label);
            cell.Warn($"{changed.Cell.Label} changed {changed.Name} once more on top of its earlier run, because {maker} was not out of date. " +
                $"For what a run from top to bottom gives: #!rerun {Number(maker)}");
        }
    }

    /// <summary>Runs a recorded cell below the output of another one.</summary>
    public static async Task RunAsync(CellRun cell, GraphTracker tracker, GraphCell next)
    {
        cell.Display(MimeBundle.FromHtml($"<h4>{WebUtility.HtmlEncode(next.Label)}</h4>", $"--- {next.Label} ---"));
        _ = cell.TakeGenerated();
        tracker.Begin();
        var status = CellStatus.Failed;
        try
        {
            await cell.Kernel.RunTextAsync(cell, next.Text, next.Label, showsResult: false);
            status = CellStatus.Ok;
        }
        finally
        {
            tracker.RecordAgain(next, cell.TakeGenerated(), status);
        }
    }

    private static GraphCell? Next(NotebookGraph graph, IReadOnlyList<GraphCell> wanted, List<GraphCell> done)
    {
        var open = wanted.Concat(graph.AllStale().Select(s => s.Cell)
            .Where(s => wanted.Count == 0 || wanted.Any(w => NotebookGraph.DependsOn(s, w)))).Except(done);
        return NotebookGraph.InDependencyOrder(open) is [var first, ..] ? first : null;
    }

    private static IReadOnlyList<GraphCell> WithDependants(NotebookGraph graph, string what)
    {
        var number = Number(what);
        var cell = graph.Cells.LastOrDefault(c => c.Key == what || Number(c.Label) == number) ?? throw new MagicException(
            $"#!rerun: no cell that ran is called {what}. " + (graph.Cells.Any()
                ? $"There are {string.Join(", ", graph.Cells.Select(c => c.Label))}."
                : "No cell has run yet."));
        return [.. graph.Cells.Where(c => NotebookGraph.DependsOn(c, cell))];
    }

    private static string Number(string label) =>
        label.StartsWith("cell ", StringComparison.Ordinal) ? label["cell ".Length..] : label;
}
