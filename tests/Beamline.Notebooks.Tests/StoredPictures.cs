using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Beamline.Notebooks.Tests;

/// <summary>Notebook 05 is stored with its static pictures, so that GitHub shows them, and with nothing else of its outputs.</summary>
internal static partial class StoredPictures
{
    internal const string Notebook = "05-looking-at-volumes.ipynb";
    private const int LargestBytes = 2_500_000;

    /// <summary>What is stored is what a run shows today, and small.</summary>
    internal static void Check(NotebookRun run)
    {
        var path = Repository.PathOf("notebooks", Notebook);
        Assert.InRange(new FileInfo(path).Length, 500_000, LargestBytes);
        var stored = JsonNode.Parse(File.ReadAllText(path))!["cells"]!.AsArray().Where(c => (string)c!["cell_type"]! == "code").ToArray();
        var ran = run.Document.Cells.Where(c => c.Kind == Beamline.Kernel.NotebookCellKind.Code).ToArray();
        // A run adds the cell of its parameters.
        Assert.Equal(stored.Length, ran.Count(c => stored.Any(s => (string)s!["id"]! == c.Id)));
        var (pictures, viewers) = (0, 0);
        foreach (var cell in stored)
        {
            var fresh = ran.Single(c => c.Id == (string)cell!["id"]!).Outputs.Where(o => o!["data"] is not null && !NotebookRun.IsAboutJob(o)).ToArray();
            var old = cell!["outputs"]!.AsArray().Where(o => o!["data"] is not null).ToArray();
            Assert.Equal(fresh.Select(Plain), old.Select(Plain));
            viewers += fresh.Count(o => Text(o!["data"]!["text/html"]).Contains("data-beamline-viewer", StringComparison.Ordinal));
            foreach (var data in old.Select(o => o!["data"]!.AsObject()))
            {
                Assert.All(data, part => Assert.Contains(part.Key, new[] { "text/plain", "image/png", "text/html" }));
                Assert.DoesNotContain("<script", Text(data["text/html"]), StringComparison.OrdinalIgnoreCase);
                if (data["image/png"] is { } png)
                {
                    Assert.Equal("iVBORw0KGgo", Text(png)[..11]);
                    pictures++;
                }
            }
        }

        Assert.InRange(viewers, 8, 40);
        Assert.InRange(pictures, 12, 40);
    }

    // Numbers may differ in their last digits from machine to machine.
    private static string Plain(JsonNode? output) => Digits().Replace(Text(output!["data"]!["text/plain"]), "#");

    private static string Text(JsonNode? value) => value is JsonArray lines ? string.Concat(lines.Select(l => (string)l!)) : (string?)value ?? "";

    [GeneratedRegex(@"\d+\.\d+|\d+(?= KiB)")]
    private static partial Regex Digits();
}
