using System.Collections.Immutable;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Tells extensions how the notebook lives. What they throw is reported once each and breaks nothing.</summary>
internal sealed class Lifecycle
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _reported = [];
    private readonly List<string> _unsaid = [];
    private volatile ImmutableList<(string Name, INotebookLifecycle Listener)> _listeners = [];

    /// <summary>Adds an extension if it wants to hear, and tells it that it was loaded.</summary>
    public void Add(INotebookExtension extension)
    {
        if (extension is INotebookLifecycle listener)
        {
            lock (_gate)
            {
                _listeners = _listeners.Add((extension.Name, listener));
            }

            Tell((extension.Name, listener), nameof(INotebookLifecycle.Loaded), null, l => l.Loaded());
        }
    }

    public void BeforeCell(CellRun cell)
    {
        if (_listeners.IsEmpty)
        {
            return;
        }

        SayWhatWasNot(cell);
        var begin = new CellBegin(cell.Request.Label, cell.Request.Code);
        Each(nameof(INotebookLifecycle.BeforeCell), cell, l => l.BeforeCell(begin));
    }

    public void AfterCell(CellRun cell, CellOutcome outcome)
    {
        if (_listeners.IsEmpty)
        {
            return;
        }

        var ending = outcome.Status switch
        {
            CellStatus.Ok => CellEnding.Succeeded,
            CellStatus.Interrupted => CellEnding.Interrupted,
            CellStatus.TimedOut => CellEnding.TimedOut,
            _ => CellEnding.Failed,
        };
        var error = outcome.Error is { } e ? $"{e.Name}: {e.Message}" : null;
        var end = new CellEnd(cell.Request.Label, cell.Request.Code, ending, cell.Elapsed, error);
        CellScope.Enter(cell);
        try
        {
            Each(nameof(INotebookLifecycle.AfterCell), cell, l => l.AfterCell(end));
        }
        finally
        {
            CellScope.Enter(null);
        }
    }

    public void Interrupting() => Each(nameof(INotebookLifecycle.Interrupting), null, l => l.Interrupting());

    public void ShuttingDown()
    {
        Each(nameof(INotebookLifecycle.ShuttingDown), null, l => l.ShuttingDown());
        lock (_gate)
        {
            // No cell comes any more to say it in.
            _unsaid.ForEach(Console.Error.WriteLine);
            _unsaid.Clear();
        }
    }

    private void Each(string callback, CellRun? cell, Action<INotebookLifecycle> call)
    {
        foreach (var listener in _listeners)
        {
            Tell(listener, callback, cell, call);
        }
    }

    private void Tell((string Name, INotebookLifecycle Listener) to, string callback, CellRun? cell, Action<INotebookLifecycle> call)
    {
        try
        {
            call(to.Listener);
        }
        catch (Exception exception) when (cell?.Stopped is null || exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            var text = $"Extension {to.Name}: {callback} threw {exception.GetType().Name}: {exception.Message} " +
                "The cell is not affected; this is said once.";
            lock (_gate)
            {
                if (!_reported.Add($"{to.Name}.{callback}"))
                {
                    return;
                }

                if (cell is null)
                {
                    _unsaid.Add(text);
                    return;
                }
            }

            cell.Warn(text);
        }
    }

    private void SayWhatWasNot(CellRun cell)
    {
        lock (_gate)
        {
            _unsaid.ForEach(cell.Warn);
            _unsaid.Clear();
        }
    }
}
