using System.Text.Json.Nodes;

namespace Beamline.Notebook;

/// <summary>What one side of a comm tells the other.</summary>
/// <param name="Data">JSON that both sides agreed on.</param>
/// <param name="Metadata">For instance the version of a protocol; empty for none.</param>
/// <param name="Buffers">Bytes that travel beside the JSON; empty for none.</param>
public sealed record CommContent(JsonObject Data, JsonObject Metadata, IReadOnlyList<byte[]> Buffers)
{
    /// <summary>JSON alone.</summary>
    /// <param name="data">The JSON.</param>
    public static CommContent Of(JsonObject data) => new(data, [], []);
}

/// <summary>A line between an object in the kernel and one in the front end.</summary>
public interface INotebookComm
{
    /// <summary>The identifier that both sides know it by.</summary>
    string Id { get; }

    /// <summary>Called for each message, one after another, beside the cells: also while a cell runs.</summary>
    Action<CommContent>? Received { get; set; }

    /// <summary>Called when the front end closes the comm.</summary>
    Action<CommContent>? Closed { get; set; }

    /// <summary>Tells the front end something.</summary>
    /// <param name="content">JSON and bytes.</param>
    /// <exception cref="InvalidOperationException">The comm is closed.</exception>
    void Send(CommContent content);

    /// <summary>Closes the comm on both sides; a second time does nothing.</summary>
    void Close();
}

/// <summary>A name that front ends can open comms to. An extension registers it with <see cref="IExtensionRegistry.AddCommTarget"/>.</summary>
public interface ICommTarget
{
    /// <summary>The name, for instance "beamline.viewer".</summary>
    string Name { get; }

    /// <summary>A front end can open comms from now on. Not called where there is none, as in a run without Jupyter.</summary>
    void Listening()
    {
    }

    /// <summary>A front end opened a comm. Called beside the cells; sets the comm's handlers.</summary>
    /// <param name="comm">The new comm.</param>
    /// <param name="content">What the front end said when it opened it.</param>
    void Opened(INotebookComm comm, CommContent content);
}
