using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!restart-run</c>: forgets the session and runs all cells again, in the order in which they first ran.</summary>
internal sealed class RestartRunCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new(
        "restart-run", "Forgets all variables and runs again, in order, all cells that ran without an error. Outputs appear below it.", []);

    public async Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var cell = ((CellContext)context).Cell;
        var tracker = cell.Kernel.Graph;
        if (tracker.IsRerunning)
        {
            throw new MagicException("#!restart-run stands in a cell that it runs again itself: put it into a cell of its own.");
        }

        // As the user sees the notebook: in its order where cells first ran from top to bottom.
        GraphCell[] cells = tracker.Read(graph => graph.Cells.OrderBy(c => c.Order).ToArray());
        GraphCell[] wanted = [.. cells.Where(c => c.Status == CellStatus.Ok && !c.IsEdited)];
        RestartCommand.Forget(cell.Kernel);
        try
        {
            tracker.IsRerunning = true;
            foreach (var next in wanted)
            {
                cell.CancellationToken.ThrowIfCancellationRequested();
                await RerunCommand.RunAsync(cell, tracker, next);
            }
        }
        finally
        {
            tracker.IsRerunning = false;
        }

        context.WriteLine(wanted.Length == 0
            ? "The C# session is new. There was no cell to run. " + GraphReport.OnlyExecuted
            : $"The C# session is new, and {string.Join(", ", wanted.Select(c => c.Label))} ran in it.");
        if (cells.Except(wanted).Select(c => c.Label).ToArray() is { Length: > 0 } left)
        {
            context.WriteLine($"Left out, because they had failed: {string.Join(", ", left)}.");
        }
    }
}
