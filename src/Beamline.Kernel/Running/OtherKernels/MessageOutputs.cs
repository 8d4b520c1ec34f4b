using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Turns the iopub messages of a cell into its outputs.</summary>
internal sealed class MessageOutputs(NotebookCell cell, DisplayIndex displays)
{
    private bool _clearNext;

    /// <summary>The error that the cell ended with; null for none.</summary>
    public CellError? Error { get; private set; }

    /// <summary>True when the kernel has answered the request, and when it is idle again.</summary>
    public (bool Replied, bool Idle) Ended { get; set; }

    public void Take(string type, JsonObject content)
    {
        lock (displays.Gate)
        {
            switch (type)
            {
                case "stream":
                    Stream(Text(content["name"]) is { Length: > 0 } name ? name : "stdout", Text(content["text"]));
                    break;
                case "display_data" or "execute_result":
                    Display(type, content);
                    break;
                case "update_display_data":
                    if (displays.ById.TryGetValue(DisplayId(content), out var shown))
                    {
                        (shown["data"], shown["metadata"]) = (Map(content, "data"), Map(content, "metadata"));
                    }

                    break;
                case "clear_output":
                    _clearNext = content["wait"] is JsonValue wait && wait.TryGetValue<bool>(out var later) && later;
                    if (!_clearNext)
                    {
                        cell.Outputs.Clear();
                    }

                    break;
                case "error":
                    Failed(content);
                    ClearIfDue();
                    cell.Outputs.Add(Output(Error!));
                    break;
            }
        }
    }

    /// <summary>The reply: the number of the cell, and its error if no message told it.</summary>
    public void Replied(JsonObject content)
    {
        if (content["execution_count"] is JsonValue count && count.TryGetValue<int>(out var number))
        {
            cell.ExecutionCount = number;
        }

        if (Text(content["status"]) != "ok" && Error is null)
        {
            Failed(content);
            Add(Error!);
        }
    }

    public void Add(CellError error)
    {
        lock (displays.Gate)
        {
            cell.Outputs.Add(Output(error));
        }
    }

    public static JsonObject Output(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["output_type"] = "error",
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
    };

    private void Failed(JsonObject content)
    {
        var (name, message) = (Text(content["ename"]), Text(content["evalue"]));
        var traceback = (content["traceback"] as JsonArray ?? []).Select(Text).ToArray();
        Error = new CellError(name.Length > 0 ? name : "Error", message, traceback);
    }

    private void Stream(string name, string text)
    {
        ClearIfDue();
        if (cell.Outputs.Count > 0 && cell.Outputs[^1] is JsonObject last &&
            Text(last["output_type"]) == "stream" && Text(last["name"]) == name)
        {
            last["text"] = Text(last["text"]) + text;
            return;
        }

        cell.Outputs.Add(new JsonObject { ["name"] = name, ["output_type"] = "stream", ["text"] = text });
    }

    private void Display(string type, JsonObject content)
    {
        ClearIfDue();
        var output = new JsonObject { ["data"] = Map(content, "data"), ["metadata"] = Map(content, "metadata"), ["output_type"] = type };
        if (type == "execute_result")
        {
            output["execution_count"] = content["execution_count"]?.DeepClone();
        }

        if (DisplayId(content) is { Length: > 0 } id)
        {
            displays.ById[id] = output;
        }

        cell.Outputs.Add(output);
    }

    private void ClearIfDue()
    {
        if (_clearNext)
        {
            _clearNext = false;
            cell.Outputs.Clear();
        }
    }

    private static string DisplayId(JsonObject content) => Text((content["transient"] as JsonObject)?["display_id"]);

    private static JsonObject Map(JsonObject content, string name) => content[name]?.DeepClone() as JsonObject ?? [];

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
