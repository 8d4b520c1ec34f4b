using System.Text.Json.Nodes;

namespace Beamline.Notebook;

/// <summary>A line between an object in the kernel and one in the front end, for instance a slider. Any thread may use it.</summary>
public interface INotebookComm
{
    /// <summary>The identifier that both sides know it by.</summary>
    string Id { get; }

    /// <summary>The name that says what it is for, for instance jupyter.widget.</summary>
    string Target { get; }

    /// <summary>False when either side has closed it.</summary>
    bool IsOpen { get; }

    /// <summary>Called for each message of the front end, in order, on the thread of comms: also while a cell runs.</summary>
    Action<CommMessage>? Received { get; set; }

    /// <summary>Called when the front end closes the comm.</summary>
    Action<CommMessage>? Closed { get; set; }

    /// <summary>Tells the front end something.</summary>
    /// <param name="data">What to tell.</param>
    /// <param name="metadata">For instance a protocol version.</param>
    /// <param name="buffers">Bytes that travel beside the JSON.</param>
    /// <exception cref="InvalidOperationException">The comm is closed.</exception>
    void Send(JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null);

    /// <summary>Tells the front end something.</summary>
    /// <param name="message">JSON and bytes.</param>
    /// <exception cref="InvalidOperationException">The comm is closed.</exception>
    void Send(CommMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Send(message.Data, message.Metadata, message.Buffers);
    }

    /// <summary>Closes the comm on both sides; a second time does nothing.</summary>
    /// <param name="data">What to tell the front end with it.</param>
    /// <param name="metadata">For instance a protocol version.</param>
    void Close(JsonObject? data = null, JsonObject? metadata = null);
}
