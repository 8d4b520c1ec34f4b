using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Beamline.Notebooks.Tests;

/// <summary>Some notebooks are stored with their static pictures, so that GitHub shows them, and with nothing else of their outputs.</summary>
internal static partial class StoredPictures
{
    /// <summary>Stored as it ran on real data, which is not at hand everywhere: its texts are not held against a run.</summary>
    internal const string OfRealData = "07-self-supervised-denoising.ipynb";

    private const int LargestBytes = 2_500_000;

    /// <summary>Least bytes of the file, fewest viewers and pictures, and whether it trains: then whole numbers, too, differ from machine to machine.</summary>
    private static readonly Dictionary<string, (int Bytes, int Viewers, int Pictures, bool IsTrained)> Stored = new()
    {
        ["05-looking-at-volumes.ipynb"] = (500_000, 8, 12, false),
        ["06-low-dose-tomography.ipynb"] = (300_000, 1, 8, true),
    };

    internal static bool Has(string notebook) => Stored.ContainsKey(notebook);

    /// <summary>What is stored is what a run shows today, and small.</summary>
    internal static void Check(string notebook, NotebookRun run)
    {
        var (leastBytes, leastViewers, leastPictures, isTrained) = Stored[notebook];
        var path = Repository.PathOf("notebooks", notebook);
        Assert.InRange(new FileInfo(path).Length, leastBytes, LargestBytes);
        var stored = JsonNode.Parse(File.ReadAllText(path))!["cells"]!.AsArray().Where(c => (string)c!["cell_type"]! == "code").ToArray();
        var ran = run.Document.Cells.Where(c => c.Kind == Beamline.Kernel.NotebookCellKind.Code).ToArray();
        // A run adds the cell of its parameters.
        Assert.Equal(stored.Length, ran.Count(c => stored.Any(s => (string)s!["id"]! == c.Id)));
        var (pictures, viewers) = (0, 0);
        foreach (var cell in stored)
        {
            var fresh = ran.Single(c => c.Id == (string)cell!["id"]!).Outputs.Where(o => o!["data"] is not null && !NotebookRun.IsAboutJob(o)).ToArray();
            var old = cell!["outputs"]!.AsArray().Where(o => o!["data"] is not null).ToArray();
            Assert.Equal(fresh.Select(o => Plain(o, isTrained)), old.Select(o => Plain(o, isTrained)));
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

        Assert.InRange(viewers, leastViewers, 40);
        Assert.InRange(pictures, leastPictures, 40);
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
    private static string Plain(JsonNode? output, bool isTrained) => (isTrained ? Numbers() : Digits()).Replace(Text(output!["data"]!["text/plain"]), "#");

    private static string Text(JsonNode? value) => value is JsonArray lines ? string.Concat(lines.Select(l => (string)l!)) : (string?)value ?? "";

    [GeneratedRegex(@"\d+\.\d+|\d+(?= KiB)")]
    private static partial Regex Digits();

    // With the blanks around them in a table, and units of time.
    [GeneratedRegex(@"[\s\d.,+-]+(m?s\b)?")]
    private static partial Regex Numbers();
}
