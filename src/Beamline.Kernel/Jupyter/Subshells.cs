using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>The shells that front ends made beside the main one (Jupyter enhancement proposal 91).</summary>
internal sealed class Subshells(Func<string, ShellQueue> make)
{
    // Each has a thread: a front end that never deletes any must not fill the process with them.
    private const int Most = 64;

    private readonly ConcurrentDictionary<string, ShellQueue> _shells = new(StringComparer.Ordinal);

    public ShellQueue? Find(string id) => _shells.GetValueOrDefault(id);

    /// <summary>Answers the requests about subshells; null for others.</summary>
    public JsonObject? Answer(JupyterMessage message)
    {
        switch (message.Type)
        {
            case "create_subshell_request":
                if (_shells.Count >= Most)
                {
                    return Error($"There are {Most} subshells already: delete one first.");
                }

                var id = Guid.NewGuid().ToString("N");
                _shells[id] = make(id);
                return new JsonObject { ["status"] = "ok", ["subshell_id"] = id };
            case "delete_subshell_request":
                if (message.Text("subshell_id") is not { } given || !_shells.TryRemove(given, out var shell))
                {
                    return Error(Unknown(message.Text("subshell_id")));
                }

                shell.Close();
                return new JsonObject { ["status"] = "ok" };
            case "list_subshell_request":
                return new JsonObject
                {
                    ["status"] = "ok",
                    ["subshell_id"] = new JsonArray([.. _shells.Keys.Order(StringComparer.Ordinal).Select(k => JsonValue.Create(k))]),
                };
            default:
                return null;
        }
    }

    public static string Unknown(string? id) => $"There is no subshell '{id}'. Make one by create_subshell_request on the control channel.";

    private static JsonObject Error(string text)
    {
        var content = JupyterSink.ErrorContent(CellError.Simple("SubshellError", text));
        content["status"] = "error";
        return content;
    }
}
