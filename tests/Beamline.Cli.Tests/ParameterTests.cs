namespace Beamline.Cli.Tests;

/// <summary>Parameters from the command line and from a file, and where results go.</summary>
public sealed class ParameterTests : IDisposable
{
    private const string Defaults = "tag:parameters\nint count = 1;\nstring data = \"scan.h5\";\ndouble cutoff = 0.5;\nbool fast = false;\nint[] rows = [1];";
    private const string Show = "Console.WriteLine($\"{count}|{data}|{cutoff}|{fast}|{string.Join(\",\", rows)}\");";

    private readonly TestFolder _folder = new();

    public ParameterTests() => TestNotebook.Write(_folder["a.ipynb"], Defaults, Show);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Defaults_hold_without_parameters_and_the_result_is_beside_the_notebook()
    {
        var before = File.ReadAllText(_folder["a.ipynb"]);
        Child.Run(_folder.Root, "run", "a.ipynb").ExitedWith(0).SaysInErrors("2 cells ran.");
        Assert.Equal(["a.executed.ipynb", "a.ipynb"], _folder.Names);
        Assert.Equal("1|scan.h5|0.5|False|1\n", TestNotebook.Text(TestNotebook.Read(_folder["a.executed.ipynb"]), 1));
        Assert.Equal(before, File.ReadAllText(_folder["a.ipynb"]));
    }

    [Fact]
    public void The_command_line_wins_over_the_file_and_both_over_the_defaults()
    {
        File.WriteAllText(_folder["params.yaml"], "count: 7\ndata: \"other: file.h5\"\nrows: [3, 4]\n");
        Child.Run(_folder.Root, "run", "a.ipynb", "-f", "params.yaml", "-p", "count=9", "-p", "cutoff=1e-3", "-p", "fast=true", "-o", "out/b.ipynb")
            .ExitedWith(0);
        Assert.Equal(["a.ipynb", "out", "params.yaml"], _folder.Names);
        var done = TestNotebook.Read(_folder["out/b.ipynb"]);
        Assert.Equal(["injected-parameters"], TestNotebook.CellOf(done, 1)["metadata"]!["tags"]!.AsArray().Select(t => (string)t!));
        Assert.Equal("9|other: file.h5|0.001|True|3,4\n", TestNotebook.Text(done, 2));
    }

    [Fact]
    public void A_path_counts_from_where_the_user_stands()
    {
        Directory.CreateDirectory(_folder["here"]);
        File.WriteAllText(_folder["here/mine.h5"], "");
        Child.Run(_folder["here"], "run", "../a.ipynb", "-p", "data=mine.h5", "-o", "done.ipynb").ExitedWith(0);
        Assert.Equal(["done.ipynb", "mine.h5"], TestFolder.NamesIn(_folder["here"]));
        var text = TestNotebook.Text(TestNotebook.Read(_folder["here/done.ipynb"]), 2);
        Assert.Equal(_folder["here/mine.h5"], text.Split('|')[1]);
    }

    [Theory]
    [InlineData("cuont=3", "a.ipynb has no parameter cuont. Did you mean count? Parameters: int count, string data, double cutoff, bool fast, int[] rows.")]
    [InlineData("count=many", "Parameter count (int) cannot be 'many': a whole number")]
    [InlineData("fast=yes", "Parameter fast (bool) cannot be 'yes': true or false is expected")]
    [InlineData("rows=3", "a list such as [1, 2, 3]")]
    [InlineData("count", "Parameter 'count' is not of the form NAME=VALUE")]
    public void A_parameter_that_does_not_fit(string parameter, string message)
    {
        Child.Run(_folder.Root, "run", "a.ipynb", "-p", parameter).ExitedWith(2).SaysInErrors(message);
        Assert.Equal(["a.ipynb"], _folder.Names);
    }

    [Fact]
    public void A_parameters_file_that_cannot_be_used()
    {
        File.WriteAllText(_folder["bad.yaml"], "count: 1\n  data: [\n");
        Child.Run(_folder.Root, "run", "a.ipynb", "-f", "bad.yaml").ExitedWith(2).SaysInErrors("bad.yaml, line 2");
        Child.Run(_folder.Root, "run", "a.ipynb", "-f", "none.yaml").ExitedWith(2).SaysInErrors("none.yaml", "cannot be read");
    }

    [Fact]
    public void A_notebook_without_a_parameters_cell_takes_none()
    {
        TestNotebook.Write(_folder["b.ipynb"], "int count = 1;");
        Child.Run(_folder.Root, "run", "b.ipynb", "-p", "count=2").ExitedWith(2)
            .SaysInErrors("b.ipynb takes no parameters (count)", "tagged 'parameters'");
    }

    [Fact]
    public void Device_and_limit_reach_the_cells()
    {
        TestNotebook.Write(_folder["b.ipynb"], "Console.WriteLine($\"{RunContext.Current.Device}|{RunContext.Current.MemoryLimitBytes}\");");
        Child.Run(_folder.Root, "run", "b.ipynb", "--device", "CPU", "--memory-limit", "1.5GB").ExitedWith(0);
        Assert.Equal("cpu|1500000000\n", TestNotebook.Text(TestNotebook.Read(_folder["b.executed.ipynb"]), 0));
    }
}
