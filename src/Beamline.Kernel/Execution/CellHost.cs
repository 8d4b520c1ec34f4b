using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>The notebook as widgets and live viewers see it.</summary>
internal sealed class CellHost(NotebookKernel kernel) : INotebookHost, IDisposable
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _shared = [];

    public bool HasFrontEnd => CellScope.Current?.Output.ReachesFrontEnd == true;

    public INotebookComm OpenComm(
        string target, JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null) =>
        kernel.Comms.Open(target, data, metadata, buffers);

    public void AddCommTarget(string target, Action<INotebookComm, CommMessage> opened) =>
        kernel.Comms.AddTarget(target, opened);

    public void Show(object? value) => CellGlobals.Display(value);

    public ILiveOutput? OpenOutput() => CellScope.Current is { } cell ? new LiveOutput(cell) : null;

    public IReadOnlyList<JsonObject> Capture(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return OutputCapture.Run(CellScope.Current ?? throw new InvalidOperationException(
            "No notebook cell is running here: output can be captured in code that a cell or an event started."), action);
    }

    public Action<Exception> ErrorsOfThisCell()
    {
        var cell = CellScope.Current;
        return exception =>
        {
            kernel.NoteError(exception);
            (cell ?? CellScope.Current)?.Output.Emit(sink => sink.Error(RuntimeErrorReport.From(exception, kernel.Session.SourceOf)));
        };
    }

    public T? Service<T>()
        where T : class => kernel.Service<T>();

    public T Shared<T>(Func<INotebookHost, T> make)
        where T : class =>
        (T)_shared.GetOrAdd(typeof(T), _ => new Lazy<object>(() => make(this))).Value;

    /// <summary>Ends what lives as long as the session.</summary>
    public void Dispose()
    {
        foreach (var shared in _shared.Values.Where(s => s.IsValueCreated))
        {
            (shared.Value as IDisposable)?.Dispose();
        }
    }
}
