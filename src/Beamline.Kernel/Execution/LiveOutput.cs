using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>A place among the outputs of a cell, or of who captures them, that is taken by its first content.</summary>
internal sealed class LiveOutput : ILiveOutput
{
    private readonly Lock _gate = new();
    private readonly CellRun _cell;
    private readonly CellOutput _output;
    private readonly bool _isCaptured = OutputCapture.Current is not null;
    private bool _isShown;

    public LiveOutput(CellRun cell)
    {
        _cell = cell;
        _output = cell.Output;
        _output.Emit(sink => CanChange = sink.CanChange);
    }

    public string Id { get; } = Guid.NewGuid().ToString("N");

    public bool CanChange { get; private set; }

    public object Cell => _cell;

    public bool IsStopped => _cell.Stopped is not null;

    public void Update(object? value)
    {
        if (_cell.Kernel.Formatters.Format(value) is not { } bundle)
        {
            return;
        }

        lock (_gate)
        {
            if (_isShown && CanChange)
            {
                _output.Update(bundle, Id);
            }
            else
            {
                _isShown = true;
                _output.Emit(sink => sink.Display(bundle, Id));
            }
        }
    }

    public bool HasShown(Predicate<object> isIt) => _cell.HasShown(isIt);

    public void AtCellEnd(Action action)
    {
        if (_isCaptured)
        {
            // Who captures takes the output before the cell ends.
            _output.AtEnd(action);
        }
        else
        {
            _cell.AtEnd(action);
        }
    }
}
