using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Display.Widgets;

/// <summary>
/// The widgets that front ends know of, for those that ask for all of them (<see cref="WidgetControl"/>).
/// </summary>
internal sealed class WidgetRegistry
{
    private readonly ConcurrentDictionary<string, Widget> _open = new(StringComparer.Ordinal);

    private WidgetRegistry()
    {
    }

    /// <summary>For <see cref="INotebookHost.Shared"/>: one for each notebook.</summary>
    public static WidgetRegistry Of(INotebookHost host) => new();

    /// <summary>Notes a widget for as long as its comm is open.</summary>
    public void Add(Widget widget, INotebookComm comm)
    {
        _open[comm.Id] = widget;
        var closed = comm.Closed;
        comm.Closed = message =>
        {
            Remove(comm.Id);
            closed?.Invoke(message);
        };
    }

    public void Remove(string id) => _open.TryRemove(id, out _);

    /// <summary>Tells a front end of all of them.</summary>
    public void SendStates(INotebookComm comm)
    {
        var states = new JsonObject();
        var paths = new JsonArray();
        var buffers = new List<byte[]>();
        foreach (var (id, widget) in _open)
        {
            var snapshot = widget.Snapshot();
            foreach (var path in snapshot.Data["buffer_paths"]!.AsArray())
            {
                // In this message paths begin at the list of states.
                paths.Add((JsonNode)new JsonArray(id, "state", (string)path![0]!));
            }

            buffers.AddRange(snapshot.Buffers);
            states[id] = new JsonObject
            {
                ["model_name"] = widget.Model.Name,
                ["model_module"] = widget.Model.Module,
                ["model_module_version"] = widget.Model.Version,
                ["state"] = snapshot.Data["state"]!.DeepClone(),
            };
        }

        comm.Send(
            new JsonObject { ["method"] = "update_states", ["states"] = states, ["buffer_paths"] = paths },
            WidgetMessage.Version(),
            buffers);
    }
}
