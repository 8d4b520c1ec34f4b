using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>The inputs of this session; kept in memory only.</summary>
internal sealed class CellHistory
{
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly List<(int Line, string Input)> _inputs = [];

    public void Add(int line, string input)
    {
        lock (_gate)
        {
            if (_inputs.Count == Most)
            {
                _inputs.RemoveAt(0);
            }

            _inputs.Add((line, input));
        }
    }

    public JsonArray Answer(JupyterMessage request)
    {
        (int Line, string Input)[] all;
        lock (_gate)
        {
            all = [.. _inputs];
        }

        var count = request.Number("n", 1000);
        var found = request.Text("hist_access_type") switch
        {
            "range" => all.Where(i => i.Line >= request.Number("start", 0) && i.Line < request.Number("stop", int.MaxValue)),
            "search" => Search(all, request).TakeLast(count),
            _ => all.TakeLast(count),
        };
        var withOutput = request.Flag("output", false);
        return new JsonArray([.. found.Select(i => (JsonNode)new JsonArray(
            0, i.Line, withOutput ? new JsonArray(i.Input, null) : JsonValue.Create(i.Input)))]);
    }

    private static IEnumerable<(int Line, string Input)> Search((int Line, string Input)[] all, JupyterMessage request)
    {
        var pattern = request.Text("pattern") ?? "*";
        var found = all.Where(i => FileSystemName.MatchesSimpleExpression(pattern, i.Input, ignoreCase: false));
        return request.Flag("unique", false) ? found.GroupBy(i => i.Input).Select(same => same.Last()) : found;
    }
}
