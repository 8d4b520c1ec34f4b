using Beamline.Notebook;

namespace Beamline.Display.Widgets;

/// <summary>
/// Answers front ends that ask for all widgets (jupyter.widget.control, protocol 2.1): they do so as soon as they have a kernel,
/// and again after they were loaded anew.
/// </summary>
public sealed class WidgetControl : ICommTarget
{
    /// <inheritdoc/>
    public string Name => "jupyter.widget.control";

    /// <inheritdoc/>
    public void Opened(INotebookComm comm, CommMessage content)
    {
        ArgumentNullException.ThrowIfNull(comm);
        var host = NotebookHost.Current ?? throw new InvalidOperationException("No notebook runs here, so it has no widgets.");
        comm.Received = message =>
        {
            if (WidgetText.Of(message.Data["method"]) == "request_states")
            {
                host.Shared(WidgetRegistry.Of).SendStates(comm);
            }
        };
    }
}
