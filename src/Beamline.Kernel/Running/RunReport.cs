using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Kernel;

/// <summary>The report of a run as JSON.</summary>
internal static class RunReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Save(string path, string notebook, RunResult result)
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
            ["notebook"] = notebook,
            ["output"] = result.OutputPath,
            ["exitCode"] = result.ExitCode,
            ["message"] = result.Message,
            ["seconds"] = Math.Round(result.Duration.TotalSeconds, 3),
            ["cells"] = new JsonArray([.. cells]),
        };
        AtomicFile.WriteText(path, report.ToJsonString(Indented) + "\n");
    }
}
