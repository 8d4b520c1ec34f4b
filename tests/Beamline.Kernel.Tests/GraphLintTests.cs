namespace Beamline.Kernel.Tests;

/// <summary>Problems found in files, without running them.</summary>
public sealed class GraphLintTests
{
    [Theory]
    [InlineData("defined-below", 1, 1, "uses y, which is defined only below, in cell 2.", "var x = y; x", "var y = 1;")]
    [InlineData("defined-below", 1, 1, "uses y, which is defined only below, in cell 2, which in turn needs cell 1: neither can run first.",
        "var x = y;", "var y = x;", "x + y")]
    [InlineData("defined-below", 2, 1, "uses F, which is defined only below, in cell 3.", "1", "F()", "int F() => 1;")]
    [InlineData("defined-below", 1, 1, "uses s, which is defined only below, in cell 2.", "#!take s", "var s = 1;", "made")]
    [InlineData("undefined", 2, 2, "uses lenght, which no cell defines and no open namespace has. Did you mean length?", "var length = 1;", "\nlength + lenght")]
    [InlineData("undefined", 1, 1, "uses Nothing", "new Nothing()")]
    [InlineData("unused-variable", 1, 2, "makes y, which no cell uses.", "var x = 1;\nvar y = 2;", "x")]
    [InlineData("unused-variable", 2, 1, "makes made, which no cell uses.", "var x = 1;", "#!take x")]
    [InlineData("unused-variable", 1, 1, "makes x, which no cell uses.", "var x = 1;", "x = 2;")]
    [InlineData("changed-type", 2, 1, "declares x again as string; in cell 1 it is int.", "var x = 1; x", "var x = \"\"; x")]
    [InlineData("changed-type", 2, 1, "declares x again as a function; in cell 1 it is int.", "var x = 1; x", "int x() => 2;")]
    [InlineData("hidden-type", 2, 1, "declares the type P again: values that cells made of the one in cell 1 are of another type.", "record P(int X);", "record P(int X, int Y);")]
    [InlineData("hidden-type", 2, 1, "calls something P, which hides the type of that name in cell 1.", "record P(int X);", "var P = 1; P")]
    [InlineData("hidden-type", 1, 1, "calls something Path, which hides the type System.IO.Path in all cells below.", "var Path = \"a\"; Path")]
    [InlineData("old-binding", 3, 1, "declares x again, but F of cell 2 goes on using the x of cell 1.", "var x = 1;", "int F() => x;", "var x = 2;", "F()")]
    [InlineData("syntax", 1, 2, "is no C#:", "var x = 1;\nx +* ;")]
    [InlineData("magic", 2, 2, "#!take has no option --sa. Did you mean --as?", "var x = 1; x", "x\n#!take x --sa y")]
    public void A_problem_has_cell_line_and_rule(string rule, int cell, int line, string message, params string[] cells)
    {
        var found = Lint(cells).Where(p => p.Rule == rule).ToArray();
        var problem = Assert.Single(found);
        Assert.Equal((cell, line), (problem.Cell, problem.Line));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var x = 1;", "x")]
    [InlineData("var x = 1; x", "var x = 2; x")]
    [InlineData("int F() => G(); int G() => 1;", "F()")]
    [InlineData("int A(int n) => n == 0 ? 0 : B(n - 1); int B(int n) => A(n);", "A(3)")]
    [InlineData("#r \"nuget: Far.Away, 1.0\"", "Far.Away.Thing()", "new Other()")]
    [InlineData("#!import \"helpers.ipynb\"", "help()")]
    [InlineData("var _kept = new object();")]
    [InlineData("var l = new List<int>();", "foreach (var i in l) { Console.WriteLine(i); }")]
    [InlineData("dynamic d = 1;", "d.Anything.Goes()")]
    [InlineData("display(1); ClearOutput(); Console.WriteLine(LastError);")]
    [InlineData("using System.Net.Http;", "var c = new HttpClient(); c")]
    [InlineData("record P(int X) { public int Twice => X * 2; }", "var p = new P(X: 1); var q = p with { X = 3 };", "q")]
    [InlineData("var t = (A: 1, B: 2);", "var (a, _) = t;\na + t.B")]
    [InlineData("unsafe { int i = 1; int* p = &i; Console.WriteLine(*p); }")]
    [InlineData("var data = new[] { 3, 1 };", "from d in data orderby d select new { d, Twice = d * 2 }")]
    [InlineData("await foreach (var i in G()) { Console.WriteLine(i); }\nasync IAsyncEnumerable<int> G() { yield return 1; await Task.Yield(); }")]
    [InlineData("int fact(int n) => n < 2 ? 1 : n * fact(n - 1);", "try { Console.WriteLine(fact(3)); } catch (Exception e) when (e.Message != \"\") { Console.WriteLine(e); }")]
    [InlineData("#nullable enable\nstring? s = null;", "s?.Length")]
    [InlineData("enum E { A, B }", "E.A switch { E.A => 1, E.B => 2, _ => 3 }")]
    [InlineData("delegate int D(int i);", "D d = i => i + 1;", "d(1)")]
    [InlineData("goto end;\nend: Console.WriteLine(nameof(String));")]
    [InlineData("namespace Lab { class Probe { } }", "var p = new Lab.Probe();\np")]
    [InlineData("namespace Lab;\nclass Probe { }", "using Lab;\nvar p = new Probe();\np")]
    [InlineData("static class E { extension(string s) { public int Words => 1; } public static int L(this string s) => 2; }", "\"a\".Words + \"a\".L()")]
    public void Good_notebooks_have_no_problems(params string[] cells) =>
        Assert.Empty(Lint(cells));

    [Fact]
    public void Rules_can_be_left_out_and_cells_without_execution_are_not_looked_at()
    {
        var document = Document("var x = 1;");
        Assert.Empty(NotebookLinter.Lint(document, [], ["unused-variable"]));
        document.Cells[0].Metadata["tags"] = new System.Text.Json.Nodes.JsonArray("skip-execution");
        Assert.Empty(NotebookLinter.Lint(document, []));
    }

    [Fact]
    public void Cells_count_over_markdown() =>
        Assert.Equal(3, Assert.Single(NotebookLinter.Lint(new NotebookDocument
        {
            Cells = [new(NotebookCellKind.Markdown, "# x"), new(NotebookCellKind.Raw, "y"), new(NotebookCellKind.Code, "nothing")],
        }, [])).Cell);

    [Fact]
    public void A_notebook_without_cells_has_no_problems()
    {
        Assert.Empty(NotebookLinter.Lint(new NotebookDocument(), []));
        Assert.Empty(NotebookLinter.CheckOrder(new NotebookDocument(), []));
    }

    [Fact]
    public void Another_language_is_refused() => Assert.Throws<NotebookFormatException>(() => NotebookLinter.Lint(
        NotebookDocument.Parse("""{"nbformat":4,"nbformat_minor":5,"metadata":{"language_info":{"name":"python"}},"cells":[]}"""), []));

    [Fact]
    public void Five_hundred_cells_are_looked_at_in_one_go()
    {
        var cells = Enumerable.Range(0, 500).Select(i => i == 0
            ? "var x0 = 1;"
            : $"// step {i}\nvar x{i} = x{i - 1} + Math.Max({i}, 2);\nint F{i}(int a) => a * x{i};\nConsole.WriteLine($\"{{F{i}(2)}}\");").ToArray();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var found = Lint([.. cells, "F7(late) + x499", "var late = 1; late"]);
        TestContext.Current.TestOutputHelper?.WriteLine($"500 cells: {watch.Elapsed.TotalSeconds:0.00} s");
        Assert.Equal("uses late, which is defined only below, in cell 502. Move one of the cells.", Assert.Single(found).Message);

        // The bar is 2 s on a quiet machine; this budget only catches what grows beyond all bounds.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
    }

    private static IReadOnlyList<NotebookProblem> Lint(params string[] cells) =>
        NotebookLinter.Lint(Document(cells), [new GraphExtension()]);

    private static NotebookDocument Document(params string[] cells) =>
        new() { Cells = [.. cells.Select(c => new NotebookCell(NotebookCellKind.Code, c))] };
}
