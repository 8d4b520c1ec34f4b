using System.Text.Json.Nodes;

namespace Beamline.Cli.Tests;

/// <summary><c>beamline lint</c> and <c>beamline run --check-order</c>: they look and run nothing.</summary>
public sealed class LintTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lint_lists_problems_and_fails_and_runs_nothing()
    {
        TestNotebook.Write(_folder["a.ipynb"], "File.WriteAllText(\"ran\", \"\");\nvar spare = late;", "var late = 1;");
        var ended = Child.Run(_folder.Root, "lint", "a.ipynb").ExitedWith(1);
        Assert.Contains("a.ipynb: cell 1, line 2  defined-below", ended.Output, StringComparison.Ordinal);
        Assert.Contains("a.ipynb: cell 1, line 2  unused-variable", ended.Output, StringComparison.Ordinal);
        Assert.Contains("2 problems.", ended.Output, StringComparison.Ordinal);
        Assert.Equal(["a.ipynb"], _folder.Names);
    }

    [Fact]
    public void Lint_as_json_and_without_a_rule()
    {
        TestNotebook.Write(_folder["a.ipynb"], "var spare = 1;");
        TestNotebook.Write(_folder["b.ipynb"], "1 + 1");
        var json = JsonNode.Parse(Child.Run(_folder.Root, "lint", "a.ipynb", "b.ipynb", "--json").ExitedWith(1).Output)!.AsArray();
        Assert.Equal("""{"notebook":"a.ipynb","cell":1,"line":1,"rule":"unused-variable","message":"makes spare, which no cell uses."}""",
            Assert.Single(json)!.ToJsonString());
        Assert.Equal("[]", Child.Run(_folder.Root, "lint", "b.ipynb", "--json").ExitedWith(0).Output.Trim());
        Child.Run(_folder.Root, "lint", "a.ipynb", "--ignore", "unused-variable").ExitedWith(0);
        Child.Run(_folder.Root, "lint", "a.ipynb", "--ignore", "nonsense").ExitedWith(2).SaysInErrors("nonsense");
    }

    [Fact]
    public void A_notebook_that_is_none_is_a_usage_error()
    {
        Child.Run(_folder.Root, "lint", "nowhere.ipynb").ExitedWith(2).SaysInErrors("beamline lint: There is no notebook nowhere.ipynb.");
        File.WriteAllText(_folder["a.ipynb"], "{");
        Child.Run(_folder.Root, "lint", "a.ipynb").ExitedWith(2).SaysInErrors("it is not JSON");
        Child.Run(_folder.Root, "run", "--check-order", "a.ipynb").ExitedWith(2).SaysInErrors("it is not JSON");
    }

    [Fact]
    public void Check_order_passes_what_the_runner_saved_and_fails_what_was_changed_since()
    {
        TestNotebook.Write(_folder["a.ipynb"], "var x = 1;", "x");
        Child.Run(_folder.Root, "run", "--check-order", "a.ipynb").ExitedWith(0);
        Child.Run(_folder.Root, "run", "a.ipynb", "-o", "b.ipynb").ExitedWith(0);
        Child.Run(_folder.Root, "run", "--check-order", "b.ipynb").ExitedWith(0);
        var root = JsonNode.Parse(File.ReadAllText(_folder["b.ipynb"]))!;
        root["cells"]![1]!["source"] = "x + 1";
        root["cells"]![0]!["execution_count"] = 7;
        File.WriteAllText(_folder["c.ipynb"], root.ToJsonString());
        var ended = Child.Run(_folder.Root, "run", "--check-order", "c.ipynb").ExitedWith(1);
        Assert.Contains("cell 1  run-order     is the first, but ran as [7]", ended.Output, StringComparison.Ordinal);
        Assert.Contains("cell 2  run-order     ran as [2], before cell 1 above it, which ran as [7]", ended.Output, StringComparison.Ordinal);
        Assert.Contains("cell 2  changed-text  was changed after it ran", ended.Output, StringComparison.Ordinal);
        Assert.Equal(["a.ipynb", "b.ipynb", "c.ipynb"], _folder.Names);
    }

    [Fact]
    public void The_tutorial_has_no_problems_but_names_left_for_the_reader()
    {
        var ended = Child.Run(_folder.Root, "lint", Repository.PathOf("notebooks", "01-first-reconstruction.ipynb"), "--ignore", "unused-variable").ExitedWith(0);
        Assert.Contains("No problems.", ended.Output, StringComparison.Ordinal);
    }
}
