using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>Runs as JSON: one object for one notebook, an object with a list of them for several.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(IReadOnlyList<RunResult> runs)
    {
        var report = runs is [var only] ? Run(only) : new JsonObject
        {
            ["exitCode"] = RunReport.ExitCode(runs),
            ["notebooks"] = new JsonArray([.. runs.Select(Run)]),
        };
        return report.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Run(RunResult result)
    {
        var cells = result.Cells.Select(cell => (JsonNode)new JsonObject
        {
            ["index"] = cell.Index,
            ["status"] = cell.Status.ToString(),
            ["seconds"] = Math.Round(cell.Duration.TotalSeconds, 3),
            ["error"] = cell.Error,
        });
        var report = new JsonObject
        {
            ["notebook"] = result.NotebookPath,
            ["output"] = result.OutputPath,
            ["exitCode"] = result.ExitCode,
            ["message"] = result.Message,
            ["seconds"] = Math.Round(result.Duration.TotalSeconds, 3),
            ["cells"] = new JsonArray([.. cells]),
        };
        if (result.Differences.Count > 0)
        {
            report["differences"] = new JsonArray([.. result.Differences.Select(d => (JsonNode)new JsonObject
            {
                ["cell"] = d.Cell, ["output"] = d.Output, ["kind"] = d.Kind, ["difference"] = d.Text,
            })]);
        }

        return report;
    }
}
