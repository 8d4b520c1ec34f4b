using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>The output of a job's code as events.</summary>
internal sealed class JobSink(JobEventLog log) : ICellSink
{
    private CellError? _error;

    /// <summary>The item of a map that runs.</summary>
    public int? Item { get; set; }

    /// <summary>Bytes that could not be written: the job cannot end well.</summary>
    public string? Problem { get; private set; }

    public void Stream(string name, string text)
    {
        SayError();
        Guarded(() => log.Text(name, text, Item));
    }

    public void Display(MimeBundle bundle, string displayId) => Show("display", bundle, displayId);

    public void UpdateDisplay(MimeBundle bundle, string displayId) => Show("update", bundle, displayId);

    public void Result(MimeBundle bundle) => Show("result", bundle, null);

    /// <summary>The error that ends a job is in its status; others, of events and tasks, are told where they happened.</summary>
    public void Error(CellError error)
    {
        SayError();
        _error = error;
    }

    public void Clear(bool wait)
    {
        SayError();
        Write(new JobEvent("clear") { Wait = wait, Item = Item });
    }

    public void Progress(ProgressReport report, TimeSpan elapsed, bool isLast) => Write(new JobEvent("progress")
    {
        Name = report.Activity,
        Text = ProgressText.Line(report, elapsed),
        Fraction = double.IsFinite(report.Fraction) ? Math.Round(report.Fraction, 4) : null,
        Item = Item,

        // True when a display of the job shows it as well.
        Metadata = report.Job?.IsFollowed == true ? new JsonObject { ["followed"] = true } : null,
    });

    public string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken) =>
        throw new InvalidOperationException(
            "The cell asks for input, but it runs on another machine where nobody can answer. " +
            "Ask in a cell of the notebook, and use the answer as a variable here.");

    private void Show(string kind, MimeBundle bundle, string? displayId)
    {
        SayError();
        var metadata = MimeJson.Metadata(bundle);
        Write(new JobEvent(kind)
        {
            Data = MimeJson.Data(bundle),
            Metadata = metadata.Count > 0 ? metadata : null,
            DisplayId = displayId,
            Item = Item,
        });
    }

    private void SayError()
    {
        if (_error is { } error)
        {
            _error = null;
            Guarded(() => log.Text("stderr", string.Join('\n', error.Traceback) + "\n", Item));
        }
    }

    private void Write(JobEvent made) => Guarded(() => log.Write(made));

    // A full disk must not look as if the cell had failed in the middle of a print; it is told at the end.
    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or EndpointException)
        {
            Problem ??= $"What the cell shows could not be written: {exception.Message}";
        }
    }
}
