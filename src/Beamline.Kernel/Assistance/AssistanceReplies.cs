using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>complete_reply and inspect_reply: places become code points.</summary>
internal static class AssistanceReplies
{
    public static JsonObject Complete(ICodeAssistant assistant, string code, int place)
    {
        var found = assistant.Complete(code, place);
        var (start, end) = (CodePoints.FromUtf16(code, found.Start), CodePoints.FromUtf16(code, found.End));
        return new JsonObject
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. found.Items.Select(i => JsonValue.Create(i.Text))]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. found.Items.Select(i => (JsonNode)new JsonObject
                {
                    ["text"] = i.Text, ["type"] = i.Kind, ["signature"] = i.Signature, ["start"] = start, ["end"] = end,
                })]),
            },
        };
    }

    public static JsonObject Inspect(ICodeAssistant assistant, string code, int place, int detail)
    {
        var found = assistant.Inspect(code, place, detail);
        return new JsonObject
        {
            ["status"] = "ok",
            ["found"] = found is not null,
            ["data"] = found?.ToData() ?? new JsonObject(),
            ["metadata"] = new JsonObject(),
        };
    }
}
