using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Display.Tests.Widgets;

/// <summary>A notebook with a front end that remembers what it was told.</summary>
internal sealed class FakeHost : INotebookHost
{
    private readonly Dictionary<Type, object> _shared = [];

    public List<FakeComm> Comms { get; } = [];

    public Dictionary<string, Action<INotebookComm, CommMessage>> Targets { get; } = [];

    public List<Exception> Errors { get; } = [];

    public List<object?> Shown { get; } = [];

    public bool HasFrontEnd { get; set; } = true;

    public INotebookComm OpenComm(string target, JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null)
    {
        var comm = new FakeComm($"id{Comms.Count}", target, CommMessage.Of(data, metadata, buffers));
        Comms.Add(comm);
        return comm;
    }

    public void AddCommTarget(string target, Action<INotebookComm, CommMessage> opened) => Targets[target] = opened;

    public void Show(object? value) => Shown.Add(value);

    public IReadOnlyList<JsonObject> Capture(Action action)
    {
        try
        {
            action();
        }
        catch (ArgumentException exception)
        {
            return [new JsonObject { ["output_type"] = "error", ["ename"] = exception.GetType().Name, ["evalue"] = exception.Message }];
        }

        var outputs = Shown.Select(v => new JsonObject { ["output_type"] = "display_data", ["data"] = new JsonObject { ["text/plain"] = $"{v}" } }).ToArray();
        Shown.Clear();
        return outputs;
    }

    public Action<Exception> ErrorsOfThisCell() => Errors.Add;

    public T Shared<T>(Func<INotebookHost, T> make)
        where T : class =>
        (T)(_shared.TryGetValue(typeof(T), out var made) ? made : _shared[typeof(T)] = make(this));

    /// <summary>The comm of the widget whose model class is of a name.</summary>
    public FakeComm Of(string model) => Comms.Single(c => (string?)c.Opened.Data["state"]!["_model_name"] == model);
}

internal sealed class FakeComm(string id, string target, CommMessage opened) : INotebookComm
{
    public string Id => id;

    public string Target => target;

    public CommMessage Opened => opened;

    public bool IsOpen { get; private set; } = true;

    public List<CommMessage> Sent { get; } = [];

    public Action<CommMessage>? Received { get; set; }

    public Action<CommMessage>? Closed { get; set; }

    public JsonObject State => opened.Data["state"]!.AsObject();

    public void Send(JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null) =>
        Sent.Add(CommMessage.Of((JsonObject)data.DeepClone(), metadata, buffers));

    public void Close(JsonObject? data = null, JsonObject? metadata = null) => IsOpen = false;

    /// <summary>The front end changes the state.</summary>
    public void Update(string key, JsonNode? value) =>
        Received!(CommMessage.Of(Parsed(new JsonObject { ["method"] = "update", ["state"] = new JsonObject { [key] = value }, ["buffer_paths"] = new JsonArray() })));

    public void Custom(JsonObject content) => Received!(CommMessage.Of(Parsed(new JsonObject { ["method"] = "custom", ["content"] = content })));

    // What comes from outside has been text.
    private static JsonObject Parsed(JsonObject data) => JsonNode.Parse(data.ToJsonString())!.AsObject();
}
