namespace Beamline.Kernel.Tests;

[Collection(nameof(RunnerCollection))]
public sealed class ParameterTests : IDisposable
{
    private const string Defaults =
        "enum Filter { Ramp, SheppLogan }\nstring file = \"a.h5\"; int count = 1; double axis = 0.5; bool half = false; " +
        "float angle = 1f; double[] limits = [1, 2]; List<string> names = []; TimeSpan wait = default; int? some = null; " +
        "Filter filter = Filter.Ramp; var step = 2; const int Fixed = 3; Dictionary<string, int> map = null;";

    private readonly RunnerFixture _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData("file=b.h5", "file", "b.h5")]
    [InlineData("file=a=\"b\"\\n: {x}", "file", "a=\"b\"\\n: {x}")]
    [InlineData("file=", "file", "")]
    [InlineData("file=123", "file", "123")]
    [InlineData("file=[a, b]", null, "one value")]
    [InlineData("count=-7", "count", "-7")]
    [InlineData("count=+7", "count", "7")]
    [InlineData("count=1.5", null, "a whole number from -2147483648 to 2147483647")]
    [InlineData("count=3000000000", null, "a whole number")]
    [InlineData("count=abc", null, "Parameter count (int) cannot be 'abc'")]
    [InlineData("axis=1e-3", "axis", "0.001")]
    [InlineData("axis=3", "axis", "3")]
    [InlineData("axis=1,5", null, "a number")]
    [InlineData("angle=0.1", "angle", "0.1")]
    [InlineData("half=TRUE", "half", "True")]
    [InlineData("half=1", null, "true or false")]
    [InlineData("limits=[0.5, 3]", "string.Join(';', limits)", "0.5;3")]
    [InlineData("limits=[]", "limits.Length", "0")]
    [InlineData("limits=0.5", null, "a list such as")]
    [InlineData("names=[a, \"b, c\"]", "string.Join(';', names)", "a;b, c")]
    [InlineData("wait=00:01:30", "wait.TotalSeconds", "90")]
    [InlineData("some=4", "some", "4")]
    [InlineData("some=null", "some is null", "True")]
    [InlineData("filter=shepplogan", "filter", "SheppLogan")]
    [InlineData("filter=SheppLogn", null, "Did you mean SheppLogan?")]
    [InlineData("step=5", "step", "5")]
    [InlineData("Fixed=9", "Fixed", "9")]
    [InlineData("map=x", null, "cannot be given as text")]
    [InlineData("cuont=3", null, "Did you mean count?")]
    [InlineData("zzz=3", null, "int count")]
    [InlineData("count", null, "not of the form NAME=VALUE")]
    [InlineData("=3", null, "not of the form NAME=VALUE")]
    public async Task A_value_is_read_by_the_type_of_the_default(string assignment, string? expression, string expected)
    {
        var path = _run.Notebook(Defaults, expression ?? "0");
        RunnerFixture.Tag(path, 1, "parameters");
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, Parameters = [assignment] });
        if (expression is null)
        {
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(expected, result.Message);
            Assert.False(File.Exists(_run.Folder.File("book.executed.ipynb")));
            return;
        }

        Assert.True(result.ExitCode == 0, result.Message);
        Assert.Equal(expected, RunnerFixture.Text(result.Document!.Cells[^1]));
    }

    [Fact]
    public async Task The_injected_cell_follows_the_defaults_and_is_replaced_by_the_next_run()
    {
        var path = _run.Notebook("// none", "var x = 1; int Twice() => 2 * x;", "Twice()");
        RunnerFixture.Tag(path, 2, "parameters", "keep");
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, OutputPath = path, Parameters = ["x=4", "x=5"] });
        Assert.Equal("10", RunnerFixture.Text(result.Document!.Cells[4]));
        result = await _run.RunAsync(new RunOptions { NotebookPath = path, OutputPath = path, Parameters = ["x=6"] });
        Assert.Equal(["# Book", "// none", "var x = 1; int Twice() => 2 * x;", "// Parameters\nx = 6;", "Twice()"],
            NotebookDocument.Load(path).Cells.Select(c => c.Source));
        Assert.Equal(["injected-parameters"], result.Document!.Cells[3].Tags);
        Assert.Equal("12", RunnerFixture.Text(result.Document!.Cells[4]));
        await JupyterPython.ValidateAsync(path);
    }

    [Fact]
    public async Task A_notebook_without_a_parameters_cell_says_what_to_tag()
    {
        var result = await _run.RunAsync(new RunOptions { NotebookPath = _run.Notebook("var x = 1;"), Parameters = ["x=2"] });
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("no code cell tagged 'parameters'", result.Message);
    }

    [Theory]
    [InlineData("p.yaml", "# values\ncount: 3\nfile: \"12\"\nlimits:\n  - 1\n  - 2.5\nhalf: true\n")]
    [InlineData("p.json", "{\"count\": 3, \"file\": \"12\", \"limits\": [1, 2.5], \"half\": true}")]
    public async Task A_file_gives_values_and_the_command_line_wins(string name, string text)
    {
        var path = _run.Notebook(Defaults, "$\"{count} {file} {string.Join(';', limits)} {half}\"");
        RunnerFixture.Tag(path, 1, "parameters");
        var file = _run.Folder.Write(name, text);
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, ParametersFile = file });
        Assert.Equal("3 12 1;2.5 True", RunnerFixture.Text(result.Document!.Cells[^1]));
        result = await _run.RunAsync(new RunOptions { NotebookPath = path, ParametersFile = file, Parameters = ["count=8"] });
        Assert.Equal("8 12 1;2.5 True", RunnerFixture.Text(result.Document!.Cells[^1]));
    }

    [Theory]
    [InlineData("a: [1", "line ")]
    [InlineData("- 1\n- 2", "'name: value'")]
    [InlineData("just text", "'name: value'")]
    [InlineData("count: {a: 1}", "one value")]
    [InlineData("count: 1\ncount: 2", "count")]
    public async Task A_wrong_file_is_named(string text, string expected)
    {
        var path = _run.Notebook(Defaults);
        RunnerFixture.Tag(path, 1, "parameters");
        var result = await _run.RunAsync(new RunOptions { NotebookPath = path, ParametersFile = _run.Folder.Write("p.yaml", text) });
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, result.Message);
    }

    [Fact]
    public async Task A_file_that_exists_is_made_absolute_from_the_callers_folder()
    {
        var book = Directory.CreateDirectory(_run.Folder.File("books"));
        var path = Path.Combine(book.FullName, "book.ipynb");
        File.Move(_run.Notebook("var file = \"\"; var other = \"\"; var folder = \"\"; var word = \"\";", "file + \"|\" + other + \"|\" + folder + \"|\" + word"), path);
        RunnerFixture.Tag(path, 1, "parameters");
        _run.Folder.Write("scan.h5", "");
        Directory.CreateDirectory(_run.Folder.File("plain"));
        var here = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(_run.Folder.Path);
            var result = await _run.RunAsync(new RunOptions
            {
                NotebookPath = "books/book.ipynb", Parameters = ["file=scan.h5", "other=missing.h5", "folder=./plain", "word=plain"],
            });
            Assert.Equal(0, result.ExitCode);
            Assert.Equal(
                $"{_run.Folder.File("scan.h5")}|missing.h5|{_run.Folder.File("plain")}|plain",
                RunnerFixture.Text(result.Document!.Cells[^1]));
        }
        finally
        {
            Directory.SetCurrentDirectory(here);
        }
    }
}
