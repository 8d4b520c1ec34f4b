using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>A comm as an extension sees it.</summary>
internal sealed class ExtensionComm(Comm comm) : INotebookComm
{
    private Action<CommContent>? _received;
    private Action<CommContent>? _closed;

    public string Id => comm.Id;

    public Action<CommContent>? Received
    {
        get => _received;
        set => comm.Received = Wrapped(_received = value);
    }

    public Action<CommContent>? Closed
    {
        get => _closed;
        set => comm.Closed = Wrapped(_closed = value);
    }

    /// <summary>Lets front ends open comms to a target of an extension.</summary>
    public static void Listen(CommManager comms, ICommTarget target)
    {
        comms.AddTarget(target.Name, (comm, message) => target.Opened(new ExtensionComm(comm), Content(message)));
        target.Listening();
    }

    public void Send(CommContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        comm.Send(content.Data, content.Metadata, content.Buffers);
    }

    public void Close() => comm.Close();

    private static Action<CommMessage>? Wrapped(Action<CommContent>? handler) =>
        handler is null ? null : message => handler(Content(message));

    private static CommContent Content(CommMessage message) => new(message.Data, message.Metadata, message.Buffers);
}
