using System.Text.Json.Nodes;

namespace Beamline.Notebooks.Tests;

/// <summary>What holds for every notebook of the repository.</summary>
// One after the other: a run changes the working folder of the whole process.
[Collection("Notebook runs")]
[TestCaseOrderer(typeof(ByName))]
public sealed class TrackedNotebookTests
{
    /// <summary>Those that need libtorch.</summary>
    private static readonly string[] Trained = ["06-low-dose-tomography.ipynb", StoredPictures.OfRealData];

    public static TheoryData<string> Names => [.. NotebookRun.Tracked];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task It_runs_with_its_defaults_and_leaves_nothing_in_the_source_tree(string name)
    {
        if (Trained.Contains(name))
        {
            Torch.Require();
        }

        var before = Tree();
        using var run = await NotebookRun.Start(name, null);
        run.Succeeded();
        Assert.Equal(before, Tree());
        NotebookClaims.Check(name, run);

        // A cell that shows how an error looks says so by its tag.
        Assert.All(run.Result.Cells, c => Assert.True(
            c.Status is Beamline.Kernel.CellRunStatus.Ok or Beamline.Kernel.CellRunStatus.Skipped ||
            (c.Status == Beamline.Kernel.CellRunStatus.FailedAsAllowed && name.StartsWith("08-", StringComparison.Ordinal)), $"cell {c.Index}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_stored_without_outputs_and_without_paths_of_a_machine(string name)
    {
        var text = File.ReadAllText(Repository.PathOf("notebooks", name));
        var notebook = JsonNode.Parse(text)!;
        Assert.Equal(4, (int)notebook["nbformat"]!);
        Assert.Equal("beamline", (string?)notebook["metadata"]!["kernelspec"]!["name"]);
        var ids = new HashSet<string>();
        foreach (var cell in notebook["cells"]!.AsArray())
        {
            Assert.True(ids.Add((string)cell!["id"]!), "cells have ids of their own");
            if ((string)cell["cell_type"]! == "code")
            {
                if (!StoredPictures.Has(name) && name != StoredPictures.OfRealData)
                {
                    Assert.Empty(cell["outputs"]!.AsArray());
                }

                Assert.Null(cell["execution_count"]);
                Assert.Null(cell["metadata"]!["execution"]);
            }
        }

        string[] homes = ["home", "root", "users", "tmp", "work"];
        Assert.DoesNotMatch($@"(?i)(/({string.Join('|', homes)})/|[a-z]:\\\\)", text);
        Assert.Single(notebook["cells"]!.AsArray(), c => c!["metadata"]?["tags"]?.AsArray().Any(t => (string?)t == "parameters") == true);
    }

    [Fact]
    public async Task The_first_notebook_runs_on_a_tooth()
    {
        var tooth = RealData.PathOf("aps2bm_tooth", "tooth.h5");
        using var run = await NotebookRun.Start("01-first-reconstruction.ipynb", null, $"data={tooth}");
        run.Succeeded();
        // The published center of this scan is 296 (TomoPy counts half a pixel further right).
        var found = NotebookRun.Text(run.CellWith("#!center projections"));
        var column = double.Parse(System.Text.RegularExpressions.Regex.Match(found, "column ([0-9.]+)").Groups[1].Value);
        Assert.InRange(column, 294, 297);
    }

    private static string[] Tree() => [.. Directory.EnumerateFileSystemEntries(Repository.PathOf("notebooks"), "*", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFileSystemEntries(Repository.PathOf("data-samples"), "*", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal)];
}
