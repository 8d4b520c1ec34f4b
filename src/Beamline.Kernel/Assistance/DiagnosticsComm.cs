using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>
/// What a front end can ask over the comm target <see cref="Target"/>: code in, problems out. Jupyter has no message
/// for problems in code that is being typed.
/// </summary>
internal sealed class DiagnosticsComm(DiagnosticsService service)
{
    public const string Target = "beamline.diagnostics";

    private const int LongestCode = 1 << 20;
    private const int MostProblems = 200;

    /// <summary>Answers the data of a comm_msg.</summary>
    /// <param name="data"><c>{"code": "...", "id": anything}</c>; the id comes back with the answer.</param>
    public JsonObject Answer(JsonObject data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var id = data["id"]?.DeepClone();
        if (data["code"] is not JsonValue text || text.GetValueKind() != JsonValueKind.String)
        {
            return new JsonObject { ["id"] = id, ["error"] = "The message has no text 'code'." };
        }

        var code = text.GetValue<string>();
        if (code.Length > LongestCode)
        {
            return new JsonObject { ["id"] = id, ["error"] = $"The code is longer than {LongestCode} characters." };
        }

        var problems = service.Find(code);
        return new JsonObject
        {
            ["id"] = id,
            ["count"] = problems.Count,
            ["problems"] = new JsonArray([.. problems.Take(MostProblems).Select(p => (JsonNode)new JsonObject
            {
                ["severity"] = p.IsError ? "error" : "warning",
                ["code"] = p.Code,
                ["message"] = p.Message,
                ["line"] = p.Line,
                ["column"] = p.Column,
                ["length"] = p.Length,
                ["help"] = p.HelpLink,
            })]),
        };
    }
}
