namespace Beamline.Cli.Tests;

/// <summary>A cell that ends the process: what the cells before it made is in the saved notebook.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Environment.FailFast(\"gone\");")]
    [InlineData("Environment.Exit(0);")]
    [InlineData("int Deep(int n) => Deep(n + 1) + 1; Deep(0)")]
    public void The_outputs_so_far_are_saved_and_the_notebook_says_where_it_ended(string end)
    {
        TestNotebook.Write(_folder["a.ipynb"], "Console.WriteLine(\"kept\");", end, "Console.WriteLine(\"after\");");
        Child.Run(_folder.Root, "run", "a.ipynb");
        var done = TestNotebook.Read(_folder["a.executed.ipynb"]);
        Assert.Equal("kept\n", TestNotebook.Text(done, 0));
        Assert.Empty(TestNotebook.Outputs(done, 2));
        var run = done["metadata"]!["beamline"]!["run"]!;
        // A recursion that is stopped, where the kernel can do that, is an ordinary error of the cell.
        if (TestNotebook.Error(done, 1) is null)
        {
            Assert.Equal(("running", 2), ((string?)run["state"], (int)run["cell"]!));
        }
        else
        {
            Assert.Equal("finished", (string?)run["state"]);
        }

        Assert.Equal(["a.executed.ipynb", "a.ipynb"], _folder.Names);
    }
}
