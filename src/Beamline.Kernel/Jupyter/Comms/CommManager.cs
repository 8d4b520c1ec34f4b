using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>All comms of a kernel, and the targets that front ends can open new ones for. Any thread may call it.</summary>
internal sealed class CommManager
{
    private readonly ConcurrentDictionary<string, Comm> _comms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Action<Comm, CommMessage>> _targets = new(StringComparer.Ordinal);

    /// <summary>Takes what is sent by code that belongs to no cell.</summary>
    public ICommSink? Unparented { get; set; }

    /// <summary>Lets front ends open comms of a name.</summary>
    /// <param name="name">The target.</param>
    /// <param name="opened">Called on the thread of comms; sets the handlers of the new comm.</param>
    public void AddTarget(string name, Action<Comm, CommMessage> opened) => _targets[name] = opened;

    /// <summary>Opens a comm to a target in the front end.</summary>
    public Comm Open(
        string target, JsonObject? data = null, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null)
    {
        var comm = new Comm(this, Guid.NewGuid().ToString("N"), target);
        _comms[comm.Id] = comm;
        Send("comm_open", new JsonObject { ["comm_id"] = comm.Id, ["target_name"] = target, ["data"] = data ?? [] }, metadata, buffers);
        return comm;
    }

    public Comm? Find(string id) => _comms.GetValueOrDefault(id);

    /// <summary>The content of comm_info_reply.</summary>
    public JsonObject Info(string? target)
    {
        var comms = new JsonObject();
        foreach (var comm in _comms.Values.Where(c => target is null || c.Target == target))
        {
            comms[comm.Id] = new JsonObject { ["target_name"] = comm.Target };
        }

        return new JsonObject { ["status"] = "ok", ["comms"] = comms };
    }

    /// <summary>Hands a message of the front end to its handler; what the handler throws comes out.</summary>
    public void Receive(JupyterMessage message)
    {
        if (message.Text("comm_id") is not { } id)
        {
            return;
        }

        var comm = Find(id);
        switch (message.Type)
        {
            case "comm_open":
                Opened(id, message);
                break;
            case "comm_msg" when comm is not null:
                comm.Received?.Invoke(Message(message));
                break;
            case "comm_close" when comm is not null && Remove(comm):
                comm.Closed?.Invoke(Message(message));
                break;
            case "comm_msg":
                // The front end still thinks that it is open, for instance after a restart of the kernel.
                SendClose(id);
                break;
        }
    }

    public bool Remove(Comm comm) => _comms.TryRemove(KeyValuePair.Create(comm.Id, comm));

    public void Send(string type, JsonObject content, JsonObject? metadata, IReadOnlyList<byte[]>? buffers)
    {
        if (CellScope.Current is { } cell)
        {
            cell.Output.Emit(sink => (sink as ICommSink)?.Comm(type, content, metadata, buffers ?? []));
        }
        else
        {
            Unparented?.Comm(type, content, metadata, buffers ?? []);
        }
    }

    private void Opened(string id, JupyterMessage message)
    {
        var target = message.Text("target_name") ?? "";
        var comm = new Comm(this, id, target);
        if (!_targets.TryGetValue(target, out var opened))
        {
            SendClose(id);
            return;
        }

        if (!_comms.TryAdd(id, comm))
        {
            throw new InvalidOperationException($"There is a comm {id} already: it cannot be opened again.");
        }

        try
        {
            opened(comm, Message(message));
        }
        catch
        {
            // What could not be opened here must not look open there.
            comm.Close();
            throw;
        }
    }

    private static CommMessage Message(JupyterMessage message) =>
        new(message.Content["data"] as JsonObject ?? [], message.Metadata, message.Buffers);

    private void SendClose(string id) =>
        Send("comm_close", new JsonObject { ["comm_id"] = id, ["data"] = new JsonObject() }, null, null);
}
