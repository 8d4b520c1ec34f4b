using System.Text;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>The outputs that a notebook held before it ran, to compare with the new ones.</summary>
internal sealed class StoredOutputs
{
    private readonly NotebookDocument _document;
    private readonly OutputComparison _comparison;
    private readonly Dictionary<NotebookCell, JsonObject[]> _stored = [];

    /// <exception cref="RunInputException">The notebook holds no outputs.</exception>
    public StoredOutputs(NotebookDocument document, VerifyOptions options, string name)
    {
        (_document, _comparison) = (document, new OutputComparison(options));
        foreach (var cell in document.Cells.Where(c => c.Kind == NotebookCellKind.Code))
        {
            _stored[cell] = [.. Joined(cell.Outputs).Select(o => (JsonObject)o.DeepClone())];
        }

        if (document.Cells.All(c => c.Outputs.Count == 0 && c.ExecutionCount is null))
        {
            throw new RunInputException(
                $"{name} holds no outputs to compare with. Run it once without --verify, look at the result, and keep that: " +
                $"beamline run {name} --output {name}");
        }
    }

    /// <summary>Compares the cells that ran. Cells that were put in by the run itself hold nothing to compare.</summary>
    public IReadOnlyList<OutputDifference> Compare(IEnumerable<int> cells)
    {
        var found = new List<OutputDifference>();
        foreach (var number in cells)
        {
            var cell = _document.Cells[number - 1];
            if (_stored.TryGetValue(cell, out var before) && !cell.HasTag("skip-execution") &&
                !cell.HasTag(VerifyOptions.NondeterministicTag) && !cell.HasTag(VerifyOptions.SkipTag))
            {
                found.AddRange(Compare(number, before, [.. Joined(cell.Outputs)]));
            }
        }

        return found;
    }

    private IEnumerable<OutputDifference> Compare(int cell, JsonObject[] before, JsonObject[] now)
    {
        if (before.Length != now.Length)
        {
            yield return new OutputDifference(cell, 0, "outputs", $"{before.Length} outputs are stored ({Kinds(before)}), {now.Length} were made ({Kinds(now)})");
        }

        for (var i = 0; i < Math.Min(before.Length, now.Length); i++)
        {
            foreach (var (kind, text) in _comparison.Compare(before[i], now[i]))
            {
                yield return new OutputDifference(cell, i + 1, kind, text);
            }
        }
    }

    private static string Kinds(JsonObject[] outputs) =>
        outputs.Length == 0 ? "none" : string.Join(", ", outputs.Select(OutputComparison.Kind));

    /// <summary>The outputs with all text of one stream as one: in which pieces it came is chance, and so is how two streams mix.</summary>
    private static IEnumerable<JsonObject> Joined(JsonArray outputs)
    {
        var streams = new Dictionary<string, StringBuilder>();
        foreach (var stream in outputs.OfType<JsonObject>().Where(o => (string?)o["output_type"] == "stream"))
        {
            var name = (string?)stream["name"] ?? "stdout";
            if (!streams.TryGetValue(name, out var text))
            {
                streams[name] = text = new StringBuilder();
            }

            text.Append((string?)stream["text"]);
        }

        foreach (var (name, text) in streams.OrderBy(s => s.Key, StringComparer.Ordinal).Reverse())
        {
            yield return new JsonObject { ["output_type"] = "stream", ["name"] = name, ["text"] = text.ToString() };
        }

        foreach (var output in outputs.OfType<JsonObject>().Where(o => (string?)o["output_type"] != "stream" && !IsAboutJob(o)))
        {
            yield return output;
        }
    }

    /// <summary>Whether an output tells how a job went: its times differ from run to run, and a quick run has none.</summary>
    private static bool IsAboutJob(JsonObject output) =>
        output["metadata"] is JsonObject metadata && metadata["beamline"] is JsonObject ours && ours["job"] is JsonValue value &&
        value.TryGetValue<bool>(out var isJob) && isJob;
}
