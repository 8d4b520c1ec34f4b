using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Display.Widgets;

/// <summary>
/// A control or container that lives in the front end (JupyterLab, VS Code, Notebook) with its state held equal on both sides.
/// </summary>
/// <remarks>
/// It speaks the Jupyter widget protocol 2.1 (ipywidgets, packages/schema/messages.md), with the stock widget managers of the
/// front ends; nothing of Python is needed. The front end learns of a widget when it is shown for the first time. Before that, and outside a notebook,
/// it is an object like any other. Events are raised on the thread of comms, also while a cell runs; any thread may set properties.
/// </remarks>
public abstract class Widget
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, object?> _state = new(StringComparer.Ordinal);
    private INotebookComm? _comm;
    private INotebookHost? _host;
    private Action<Exception>? _report;

    private protected Widget(WidgetModel model)
    {
        Model = model;
    }

    /// <summary>The identifier that front ends know the widget by; null until it was shown.</summary>
    public string? ModelId => Volatile.Read(ref _comm)?.Id;

    /// <summary>True while a front end can show it.</summary>
    public bool IsOpen => Volatile.Read(ref _comm)?.IsOpen == true;

    internal WidgetModel Model { get; }

    /// <summary>Takes the widget away from all front ends. It can be shown again.</summary>
    public void Close()
    {
        var comm = Interlocked.Exchange(ref _comm, null);
        if (comm is not null)
        {
            _host?.Shared(WidgetRegistry.Of).Remove(comm.Id);
            comm.Close(new JsonObject());
        }
    }

    /// <summary>What a page without scripts shows in its place; everything in it is escaped.</summary>
    internal abstract string StaticHtml();

    /// <summary>One line for terminals and logs.</summary>
    internal abstract string StaticText();

    /// <inheritdoc/>
    public override string ToString() => StaticText();

    /// <summary>Makes the widget, and those it holds, known to the front end.</summary>
    internal string Open(INotebookHost host)
    {
        lock (_gate)
        {
            if (_comm is { IsOpen: true } open && _host == host)
            {
                return open.Id;
            }

            foreach (var held in Held())
            {
                held.Open(host);
            }

            _host = host;
            _report = host.ErrorsOfThisCell();
            var message = WidgetMessage.State(Model.Names(), _state);
            var comm = host.OpenComm(WidgetMessage.Target, message.Data, WidgetMessage.Version(), message.Buffers);
            comm.Received = Receive;
            comm.Closed = _ => Volatile.Write(ref _comm, null);
            Volatile.Write(ref _comm, comm);
            host.Shared(WidgetRegistry.Of).Add(this, comm);
            return comm.Id;
        }
    }

    /// <summary>The whole state, for a front end that was loaded again.</summary>
    internal WidgetMessage Snapshot()
    {
        lock (_gate)
        {
            return WidgetMessage.State(Model.Names(), _state);
        }
    }

    private protected object? Get(string key)
    {
        lock (_gate)
        {
            return _state.GetValueOrDefault(key);
        }
    }

    private protected T Get<T>(string key, T absent) => Get(key) is JsonValue value && value.TryGetValue<T>(out var held) ? held : absent;

    /// <summary>Sets a part of the state and tells the front end.</summary>
    /// <param name="key">Its name in the protocol.</param>
    /// <param name="value">JSON, bytes, a widget, or a list of widgets.</param>
    private protected void Set(string key, object? value)
    {
        lock (_gate)
        {
            _state[key] = value;
            if (_comm is not { IsOpen: true } comm)
            {
                return;
            }

            foreach (var held in HeldBy(value))
            {
                held.Open(_host!);
            }

            var message = WidgetMessage.Update("update", [KeyValuePair.Create(key, value)]);
            comm.Send(message.Data, WidgetMessage.Version(), message.Buffers);
        }
    }

    /// <summary>Takes a change of the front end into the state.</summary>
    /// <returns>What to tell listeners, or null when the key is not one that front ends may change.</returns>
    /// <exception cref="FormatException">The value is not of the right kind.</exception>
    private protected virtual Action? Accept(string key, JsonNode? value) => null;

    /// <summary>The same for bytes, which travelled beside the message.</summary>
    private protected virtual Action? Accept(string key, byte[] bytes) => null;

    /// <summary>A message that is no change of state, for instance a click.</summary>
    private protected virtual void Custom(JsonObject content, IReadOnlyList<byte[]> buffers)
    {
    }

    private protected void SendCustom(JsonObject content, IReadOnlyList<byte[]>? buffers = null)
    {
        if (Volatile.Read(ref _comm) is { IsOpen: true } comm)
        {
            comm.Send(new JsonObject { ["method"] = "custom", ["content"] = content }, WidgetMessage.Version(), buffers);
        }
    }

    /// <summary>Sets a part of the state that the front end has already.</summary>
    private protected void Keep(string key, object? value)
    {
        lock (_gate)
        {
            _state[key] = value;
        }
    }

    /// <summary>Calls a handler of the user: what it throws is shown below the cell that showed the widget.</summary>
    private protected void Guard(Action handler)
    {
        try
        {
            handler();
        }
        catch (Exception exception) when (_report is not null && exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            _report(exception);
        }
    }

    private static IEnumerable<Widget> HeldBy(object? value) => value switch
    {
        Widget one => [one],
        IReadOnlyList<Widget> many => many,
        _ => [],
    };

    private Widget[] Held() => _state.Values.SelectMany(HeldBy).ToArray();

    private void Receive(CommMessage message)
    {
        switch (WidgetText.Of(message.Data["method"]))
        {
            case "update" when message.Data["state"] is JsonObject state:
                Update(state, WidgetBuffers.Of(message));
                break;
            case "request_state":
                Tell(Snapshot().AsUpdate());
                break;
            case "custom" when message.Data["content"] is JsonObject content:
                Custom(content, message.Buffers);
                break;
        }
    }

    private void Update(JsonObject state, WidgetBuffers bytes)
    {
        var events = new List<Action>();
        var accepted = new List<KeyValuePair<string, object?>>();
        var refused = new List<(string Key, string Problem)>();
        foreach (var key in state.Select(s => s.Key).Union(bytes.Keys))
        {
            try
            {
                if ((bytes.At(key) is { } sent ? Accept(key, sent) : Accept(key, state[key])) is { } raise)
                {
                    events.Add(raise);
                    accepted.Add(KeyValuePair.Create(key, Get(key)));
                }
            }
            catch (FormatException problem)
            {
                refused.Add((key, problem.Message));
            }
        }

        if (accepted.Count > 0)
        {
            // Other views of the same widget move along; the one that changed it knows its own message again.
            Tell(WidgetMessage.Update("echo_update", accepted));
        }

        if (refused.Count > 0)
        {
            Tell(WidgetMessage.Update("update", [.. refused.Select(r => KeyValuePair.Create(r.Key, Get(r.Key)))]));
            Console.Error.WriteLine($"{Model.Name}: the front end sent what is no value of it and was set back. " +
                string.Join("; ", refused.Select(r => $"{r.Key}: {r.Problem}")));
        }

        foreach (var raise in events)
        {
            Guard(raise);
        }
    }

    private void Tell(WidgetMessage message)
    {
        if (Volatile.Read(ref _comm) is { IsOpen: true } comm)
        {
            comm.Send(message.Data, WidgetMessage.Version(), message.Buffers);
        }
    }
}
