using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>A line between an object here and one in the front end, for instance a slider.</summary>
internal sealed class Comm(CommManager manager, string id, string target) : INotebookComm
{
    public string Id => id;

    public string Target => target;

    /// <summary>Called for each message, in order, on the thread of comms: also while a cell runs.</summary>
    public Action<CommMessage>? Received { get; set; }

    /// <summary>Called when the front end closes the comm.</summary>
    public Action<CommMessage>? Closed { get; set; }

    public bool IsOpen => manager.Find(id) == this;

    /// <summary>Tells the front end something.</summary>
    /// <exception cref="InvalidOperationException">The comm is closed.</exception>
    public void Send(JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null)
    {
        if (!IsOpen)
        {
            throw new InvalidOperationException($"The comm {id} of '{target}' is closed: nothing can be sent any more.");
        }

        manager.Send("comm_msg", new JsonObject { ["comm_id"] = id, ["data"] = data }, metadata, buffers);
    }

    /// <summary>Closes the comm on both sides; a second time does nothing.</summary>
    public void Close(JsonObject? data = null, JsonObject? metadata = null)
    {
        if (manager.Remove(this))
        {
            manager.Send("comm_close", new JsonObject { ["comm_id"] = id, ["data"] = data ?? [] }, metadata, null);
        }
    }
}
