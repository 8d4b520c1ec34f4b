using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Takes what some code of a cell shows, instead of letting the cell show it.</summary>
internal static class OutputCapture
{
    private static readonly AsyncLocal<CellOutput?> Ambient = new();

    /// <summary>Who captures the output of the calling code; null when nobody does.</summary>
    public static CellOutput? Current => Ambient.Value;

    /// <summary>Runs something and gives what it printed, displayed and threw, as a notebook file has it.</summary>
    public static IReadOnlyList<JsonObject> Run(CellRun cell, Action action)
    {
        var outer = cell.Output;
        var before = Ambient.Value;
        var holder = new NotebookCell(NotebookCellKind.Code, "");
        using var output = new CellOutput(new Sink(outer, holder), cell.Kernel.KeptOutput);
        Ambient.Value = output;
        try
        {
            action();
        }
        catch (Exception exception) when (cell.Stopped is null || !StopErrors.IsStop(exception))
        {
            cell.Kernel.NoteError(exception);
            output.Emit(sink => sink.Error(RuntimeErrorReport.From(exception, cell.Kernel.Session.SourceOf)));
        }
        finally
        {
            Ambient.Value = before;
            output.RunAtEnd();
            output.Finish();
        }

        return [.. holder.Outputs.OfType<JsonObject>().Select(o => (JsonObject)o.DeepClone())];
    }

    /// <summary>Keeps outputs; messages of comms, and displays of others, go on to whom they belong.</summary>
    private sealed class Sink(CellOutput outer, NotebookCell holder) : ICellSink, ICommSink
    {
        private readonly HashSet<string> _own = [];
        private readonly OutputCollector _kept = new(new DisplayIndex(), holder, (_, _, _) => { });

        public bool IsConnected => outer.ReachesFrontEnd;

        public void Stream(string name, string text) => _kept.Stream(name, text);

        public void Display(MimeBundle bundle, string displayId)
        {
            _own.Add(displayId);
            _kept.Display(bundle, displayId);
        }

        public void UpdateDisplay(MimeBundle bundle, string displayId)
        {
            if (_own.Contains(displayId))
            {
                _kept.UpdateDisplay(bundle, displayId);
            }
            else
            {
                outer.Update(bundle, displayId);
            }
        }

        public void Result(MimeBundle bundle) => _kept.Result(bundle);

        public void Error(CellError error) => _kept.Error(error);

        public void Clear(bool wait) => _kept.Clear(wait);

        public void Progress(ProgressReport report, TimeSpan elapsed, bool isLast)
        {
        }

        public string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken)
        {
            ICellSink? asked = null;
            outer.Emit(sink => asked = sink);
            return asked?.ReadLine(prompt, isPassword, cancellationToken);
        }

        public void Comm(string type, JsonObject content, JsonObject? metadata, IReadOnlyList<byte[]> buffers) =>
            outer.Emit(sink => (sink as ICommSink)?.Comm(type, content, metadata, buffers));
    }
}
