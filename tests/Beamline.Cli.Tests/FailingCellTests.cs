using System.Text;

namespace Beamline.Cli.Tests;

/// <summary>Cells that throw, never end, or flood: what was computed until then is saved.</summary>
public sealed class FailingCellTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_cell_that_throws_ends_the_run_with_its_line()
    {
        TestNotebook.Write(_folder["a.ipynb"], "Console.WriteLine(\"before\");", "var x = 1;\n\nthrow new InvalidOperationException(\"no beam\");", "Console.WriteLine(\"after\");");
        Child.Run(_folder.Root, "run", "a.ipynb").ExitedWith(1).SaysInErrors("Cell 2 failed: InvalidOperationException: no beam", "line 3");
        Assert.Equal(["a.executed.ipynb", "a.ipynb"], _folder.Names);
        var done = TestNotebook.Read(_folder["a.executed.ipynb"]);
        Assert.Equal("before\n", TestNotebook.Text(done, 0));
        var error = TestNotebook.Error(done, 1);
        Assert.Equal(("InvalidOperationException", "no beam"), (error?.Name, error?.Message));
        Assert.Contains("line 3", error!.Value.Traceback, StringComparison.Ordinal);
        Assert.Contains("throw new InvalidOperationException", error.Value.Traceback, StringComparison.Ordinal);
        Assert.Empty(TestNotebook.Outputs(done, 2));
        Assert.Null(TestNotebook.CellOf(done, 2)["execution_count"]);
    }

    [Fact]
    public void A_cell_that_does_not_compile_names_line_and_code()
    {
        TestNotebook.Write(_folder["a.ipynb"], "var a = 1;\nvar b = a.Lenght;");
        Child.Run(_folder.Root, "run", "a.ipynb").ExitedWith(1).SaysInErrors("Cell 1 failed", "CS1061", "Lenght");
        var error = TestNotebook.Error(TestNotebook.Read(_folder["a.executed.ipynb"]), 0);
        Assert.Contains("2", error!.Value.Traceback, StringComparison.Ordinal);
    }

    [Fact]
    public void Going_on_after_errors_when_asked_to()
    {
        TestNotebook.Write(_folder["a.ipynb"], "throw new Exception(\"one\");", "var y = 2;", "y + 40");
        Child.Run(_folder.Root, "run", "a.ipynb", "--allow-errors", "--report", "report.json").ExitedWith(0).SaysInErrors("3 cells ran, 1 of them with an error");
        var done = TestNotebook.Read(_folder["a.executed.ipynb"]);
        Assert.Equal("one", TestNotebook.Error(done, 0)?.Message);
        Assert.Equal("42", TestNotebook.Text(done, 2));
        var report = TestNotebook.Read(_folder["report.json"]);
        Assert.Equal(0, (int)report["exitCode"]!);
        Assert.Equal(["FailedAsAllowed", "Ok", "Ok"], report["cells"]!.AsArray().Select(c => (string)c!["status"]!));
    }

    [Theory]
    [InlineData("--cell-timeout", "Cell 2 ran longer than 3 s and was stopped")]
    [InlineData("--total-timeout", "The run took longer than")]
    public void A_cell_that_never_ends_is_stopped(string option, string message)
    {
        // The first cell needs no compiler, which takes its seconds to start on a busy machine.
        TestNotebook.Write(_folder["a.ipynb"], "#!lsmagic", "while (true) { }", "Console.WriteLine(\"after\");");
        Child.Run(_folder.Root, "run", "a.ipynb", option, "3").ExitedWith(124).SaysInErrors(message);
        Assert.Equal(["a.executed.ipynb", "a.ipynb"], _folder.Names);
        var done = TestNotebook.Read(_folder["a.executed.ipynb"]);
        Assert.Contains("#!recon", TestNotebook.Text(done, 0), StringComparison.Ordinal);
        Assert.Equal("TimeoutException", TestNotebook.Error(done, 1)?.Name);
        Assert.Empty(TestNotebook.Outputs(done, 2));
        Assert.Null(TestNotebook.CellOf(done, 2)["execution_count"]);
    }

    [Fact]
    public void A_flood_of_output_is_cut_and_says_so()
    {
        TestNotebook.Write(
            _folder["a.ipynb"],
            "var line = new string('x', 99);\nConsole.WriteLine(\"first\");\nfor (var i = 0; i < 500_000; i++) Console.WriteLine(line);\nConsole.WriteLine(\"last\");",
            "1 + 1");
        Child.Run(_folder.Root, "run", "a.ipynb").ExitedWith(0);
        Assert.InRange(new FileInfo(_folder["a.executed.ipynb"]).Length, 1_000_000, 4_000_000);
        var done = TestNotebook.Read(_folder["a.executed.ipynb"]);
        var text = TestNotebook.Text(done, 0);
        Assert.StartsWith("first\n", text, StringComparison.Ordinal);
        Assert.EndsWith("last\n", text, StringComparison.Ordinal);
        Assert.Contains("bytes of output dropped here", text, StringComparison.Ordinal);
        var dropped = long.Parse(System.Text.RegularExpressions.Regex.Match(text, "([0-9,]+) bytes of output dropped").Groups[1].Value.Replace(",", "", StringComparison.Ordinal));
        var kept = Encoding.UTF8.GetByteCount(string.Concat(TestNotebook.Outputs(done, 0)
            .Where(o => (string?)o["name"] == "stdout").Select(o => TestNotebook.Joined(o["text"]))));
        Assert.Equal(50_000_000 + 6 + 5, dropped + kept);
        Assert.Equal("2", TestNotebook.Text(done, 1));
    }
}
