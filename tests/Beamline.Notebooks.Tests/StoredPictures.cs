using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Beamline.Notebooks.Tests;

/// <summary>Notebooks 05 and 07 are stored with their static pictures, so that GitHub shows them, and with nothing else of their outputs.</summary>
internal static partial class StoredPictures
{
    internal const string Notebook = "05-looking-at-volumes.ipynb";

    /// <summary>Stored as it ran on real data, which is not at hand everywhere: its texts are not held against a run.</summary>
    internal const string OfRealData = "07-self-supervised-denoising.ipynb";
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

    /// <summary>The stored pictures are those that a run shows, small, and without scripts.</summary>
    internal static void CheckKinds(NotebookRun run)
    {
        var path = Repository.PathOf("notebooks", OfRealData);
        Assert.InRange(new FileInfo(path).Length, 100_000, LargestBytes);
        foreach (var cell in JsonNode.Parse(File.ReadAllText(path))!["cells"]!.AsArray().Where(c => (string)c!["cell_type"]! == "code"))
        {
            var fresh = run.Document.Cells.Single(c => c.Id == (string)cell!["id"]!).Outputs.Where(o => o!["data"] is not null && !NotebookRun.IsAboutJob(o));
            var old = cell!["outputs"]!.AsArray().Where(o => o!["data"] is not null).ToArray();
            Assert.Equal(fresh.Count(o => o!["data"]!["image/png"] is not null), old.Count(o => o!["data"]!["image/png"] is not null));
            Assert.All(old.SelectMany(o => o!["data"]!.AsObject()), part => Assert.Contains(part.Key, new[] { "text/plain", "image/png", "text/html" }));
            Assert.All(old, o => Assert.DoesNotContain("<script", Text(o!["data"]!["text/html"]), StringComparison.OrdinalIgnoreCase));
        }
    }

    // Numbers may differ in their last digits from machine to machine.
    private static string Plain(JsonNode? output) => Digits().Replace(Text(output!["data"]!["text/plain"]), "#");

    private static string Text(JsonNode? value) => value is JsonArray lines ? string.Concat(lines.Select(l => (string)l!)) : (string?)value ?? "";

    [GeneratedRegex(@"\d+\.\d+|\d+(?= KiB)")]
    private static partial Regex Digits();
}
