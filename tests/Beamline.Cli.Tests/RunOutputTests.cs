using System.Xml.Linq;

namespace Beamline.Cli.Tests;

/// <summary>What <c>beamline run</c> writes, for one notebook and for several.</summary>
public sealed class RunOutputTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_formats_beside_the_executed_notebook()
    {
        TestNotebook.Write(_folder["a.ipynb"], "new Image(4, 4)", "Environment.GetEnvironmentVariable(\"DETECTOR\")");
        Child.Run(_folder.Root, "run", "a.ipynb", "-o", "out/done.html", "--to", "markdown,script", "--to", "html", "--kernel-env", "DETECTOR=pco").ExitedWith(0)
            .SaysInErrors("wrote ", "/out/done.html", "/out/done.md", "/out/done.cs");
        Assert.Equal(["done.cs", "done.html", "done.ipynb", "done.md", "done_files"], TestFolder.NamesIn(_folder["out"]));
        Assert.Equal("pco", TestNotebook.Text(TestNotebook.Read(_folder["out/done.ipynb"]), 1));
        Assert.Contains("(done_files/cell-001-1.png)", File.ReadAllText(_folder["out/done.md"]), StringComparison.Ordinal);
        Assert.Contains("// %%\nnew Image(4, 4)\n", File.ReadAllText(_folder["out/done.cs"]), StringComparison.Ordinal);

        Child.Run(_folder.Root, "run", "a.ipynb", "-o", "in/done.md", "--inline-images").ExitedWith(0);
        Assert.Equal(["done.ipynb", "done.md"], TestFolder.NamesIn(_folder["in"]));
        Assert.Contains("(data:image/png;base64,", File.ReadAllText(_folder["in/done.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Formats_are_written_for_a_run_that_failed_too()
    {
        TestNotebook.Write(_folder["a.ipynb"], "throw new Exception(\"no beam\");");
        Child.Run(_folder.Root, "run", "a.ipynb", "--to", "md").ExitedWith(1);
        Assert.Contains("Exception: no beam", File.ReadAllText(_folder["a.executed.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_notebooks_and_patterns_with_one_report()
    {
        Directory.CreateDirectory(_folder["course/deep"]);
        TestNotebook.Write(_folder["course/a.ipynb"], "1");
        TestNotebook.Write(_folder["course/deep/b.ipynb"], "throw new Exception(\"b\");");
        TestNotebook.Write(_folder["course/old.executed.ipynb"], "wrong");
        Child.Run(_folder.Root, "run", "course/**/*.ipynb", "-o", "done", "--report", "r.xml").ExitedWith(1)
            .SaysInErrors("course/a.ipynb", "course/deep/b.ipynb", "1 of 2 notebooks ran well.", "Cell 1 failed: Exception: b");
        Assert.Equal(["a.ipynb", "b.ipynb"], TestFolder.NamesIn(_folder["done"]));
        var report = XDocument.Load(_folder["r.xml"]).Root!;
        Assert.Equal(("2", "1"), ((string?)report.Attribute("tests"), (string?)report.Attribute("failures")));
        Assert.Equal(["a.ipynb", "b.ipynb"], report.Elements("testsuite").Select(s => (string?)s.Attribute("name")));

        Child.Run(_folder.Root, "run", "nothing/*.ipynb").ExitedWith(2).SaysInErrors("There is no notebook nothing/*.ipynb.");
        Child.Run(_folder.Root, "run", "course/a.ipynb", "course/deep/b.ipynb", "--html", "p.html").ExitedWith(2).SaysInErrors("--html is for one notebook");
        Child.Run(_folder.Root, "run", "course/a.ipynb", "course/deep/b.ipynb", "-o", "p.ipynb").ExitedWith(2).SaysInErrors("--output p.ipynb is for one notebook");
    }

    [Fact]
    public void Parameters_are_listed_without_running()
    {
        TestNotebook.Write(_folder["a.ipynb"], "tag:parameters\nint n = 3; // how many\nstring name; ", "throw new Exception();");
        TestNotebook.Write(_folder["b.ipynb"], "1");
        var ended = Child.Run(_folder.Root, "run", "a.ipynb", "b.ipynb", "--help-notebook").ExitedWith(0);
        Assert.Equal(
            "Parameters of a.ipynb, given as -p NAME=VALUE:\n  n  (int, default 3)\n      how many\n  name  (string, no default)\n" +
            "b.ipynb takes no parameters: it has no code cell tagged 'parameters' that declares variables.\n", ended.Output);
        Child.Run(_folder.Root, "run", "c.ipynb", "--help-notebook").ExitedWith(2).SaysInErrors("There is no notebook c.ipynb.");
        Assert.Equal(["a.ipynb", "b.ipynb"], _folder.Names);
    }

    [Fact]
    public void Verification_names_cell_output_and_difference()
    {
        TestNotebook.Write(_folder["a.ipynb"], "1 / 3.0", "(double.TryParse(Environment.GetEnvironmentVariable(\"X\"), out var x) ? x : 0.1)");
        Child.Run(_folder.Root, "run", "a.ipynb", "-o", "a.ipynb").ExitedWith(0);
        Child.Run(_folder.Root, "run", "a.ipynb", "--verify").ExitedWith(0);
        Child.Run(_folder.Root, "run", "a.ipynb", "--verify", "--kernel-env", "X=0.1000001", "--verify-tolerance", "1e-5").ExitedWith(0);
        Child.Run(_folder.Root, "run", "a.ipynb", "--verify", "--kernel-env", "X=0.1000001").ExitedWith(1)
            .SaysInErrors("cell 2, output 1 (text/plain): line 1 was '0.1', is '0.1000001'", "1 output differs from what the notebook holds.");
    }

    [Theory]
    [InlineData("'htm' is not a format. Did you mean html? Formats are ipynb, html, md, cs", "--to", "htm")]
    [InlineData("There is no option --verfiy. Did you mean --verify?", "--verfiy")]
    [InlineData("'X' is not of the form NAME=VALUE", "--kernel-env", "X")]
    [InlineData("need --verify", "--verify-tolerance", "1e-6")]
    [InlineData("'-1' is not a tolerance", "--verify", "--verify-tolerance=-1")]
    [InlineData("'7' is not a tolerance. Write a number from 0 to 1", "--verify", "--verify-images=7")]
    [InlineData("There is no kernel 'pyton3'", "--kernel", "pyton3")]
    [InlineData("a.ipynb holds no outputs to compare with", "--verify")]
    [InlineData("The report cannot be saved as", "--report", "a.ipynb/r.xml")]
    [InlineData("Parameters file p.yaml, line 2", "-f", "p.yaml")]
    [InlineData("a.ipynb has no parameter nn. Did you mean n?", "-f", "q.json")]
    public void What_is_wrong_is_told_before_a_cell_runs(string message, params string[] options)
    {
        TestNotebook.Write(_folder["a.ipynb"], "tag:parameters\nint n = 1;");
        File.WriteAllText(_folder["p.yaml"], "n: 1\n  m: [2\n");
        File.WriteAllText(_folder["q.json"], "{\"nn\": 1}");
        var before = _folder.Names;
        var ended = Child.Run(_folder.Root, ["run", "a.ipynb", .. options]).ExitedWith(2).SaysInErrors(message);
        Assert.DoesNotContain("Usage:", ended.Output, StringComparison.Ordinal);
        Assert.Equal(before, _folder.Names);
    }

    [Fact]
    public void Exit_codes_are_in_the_help()
    {
        var help = Child.Run(_folder.Root, "run", "--help").ExitedWith(0).Output;
        foreach (var said in new[] { "Exit codes: 0 all well; 1 a cell failed", "124", "--to", "--verify-tolerance", "--kernel-env", "--help-notebook" })
        {
            Assert.Contains(said, help, StringComparison.Ordinal);
        }
    }
}
