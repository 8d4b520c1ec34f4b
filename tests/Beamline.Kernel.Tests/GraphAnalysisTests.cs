using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel.Tests;

/// <summary>What the compiler says that a cell declares, reads and writes.</summary>
public sealed class GraphAnalysisTests : IDisposable
{
    private readonly NotebookKernel _kernel = new([new GraphExtension()]);

    public void Dispose() => _kernel.Dispose();

    [Theory]

    // cells before | cell | inputs: r read, w written, rw both; in (owner): when the owner is called
    [InlineData("var x = 1;", "var y = x + 1;", "y", "x:r")]
    [InlineData("var x = 1;", "x = 2;", "", "x:w")]
    [InlineData("var x = 1;", "x += 2;", "", "x:rw")]
    [InlineData("var x = 1;", "x++;", "", "x:rw")]
    [InlineData("var x = 1;", "var x = 2; x", "x", "")]
    [InlineData("var x = 1;", "{ var x = 2; Console.WriteLine(x); }", "", "")]
    [InlineData("var x = 1;", "Func<int, int> f = x => x + 1;", "f", "")]
    [InlineData("var x = 1;", "int F(int x) => x;", "F", "")]
    [InlineData("var x = 1;", "int F() => x;", "F", "x:r(F)")]
    [InlineData("var x = 1;", "int F() { int G() => x; return G(); }", "F", "x:r(F)")]
    [InlineData("var x = 1;", "void F() { x = 3; }", "F", "x:w(F)")]
    [InlineData("var x = 1;", "Func<int> f = () => x;", "f", "x:r(f)")]
    [InlineData("var x = 1;", "var f = () => x;", "f", "x:r(f)")]
    [InlineData("var x = 1;", "var l = new[] { 1 }.Select(i => i * x).ToArray();", "l", "x:r")]
    [InlineData("var x = 1;", "var q = new[] { 1 }.Select(i => i * x);", "q", "x:r x:r(q)")]
    [InlineData("var l = new[] { 1 };", "var q = from i in l where i > 0 select i;", "q", "l:r l:r(q)")]
    [InlineData("string s = \"1\";", "int.TryParse(s, out var z);", "z", "s:r")]
    [InlineData("int z = 0;", "int.TryParse(\"1\", out z);", "", "z:w")]
    [InlineData("object o = 1;", "if (o is int i) Console.WriteLine(i);", "i", "o:r")]
    [InlineData("object o = 1;", "o is int i", "i", "o:r")]
    [InlineData("var p = (1, 2);", "var (a, b) = p;", "a b", "p:r")]
    [InlineData("int a = 0, b = 0;", "(a, b) = (1, 2);", "", "a:w b:w")]
    [InlineData("int a = 0, b = 0;", "(a, b) = (b, a);", "", "a:rw b:rw")]
    [InlineData("var l = new List<int>();", "l.Add(1);", "", "l:rw")]
    [InlineData("var l = new List<int>();", "l?.Add(1);", "", "l:rw")]
    [InlineData("var l = new List<int>();", "var n = l.Append(1).Count();", "n", "l:r")]
    [InlineData("var l = new List<int>();", "l.Contains(1)", "", "l:r")]
    [InlineData("var a = new int[3];", "a[1] = 2;", "", "a:rw")]
    [InlineData("var a = new int[3];", "Array.Sort(a);", "", "a:rw")]
    [InlineData("var a = new int[3];", "Array.IndexOf(a, 1)", "", "a:r")]
    [InlineData("var b = new StringBuilder();", "b.Append(1);", "", "b:rw")]
    [InlineData("using System.Collections.Immutable; var i = ImmutableList<int>.Empty;", "var j = i.Add(1);", "j", "i:r")]
    [InlineData("class P { public int Y; public P Q; public void Add(int i) { } } var p = new P();", "p.Y = 3;", "", "p:rw")]
    [InlineData("class P { public int Y; public P Q; public void Add(int i) { } } var p = new P();", "p.Q.Y++;", "", "p:rw")]
    [InlineData("class P { public int Y; public P Q; public void Add(int i) { } } var p = new P();", "p.Add(1);", "", "p:r")]
    [InlineData("class P { public int Y; } int Y = 1;", "var p = new P { Y = 2 };", "p", "P:r")]
    [InlineData("record R(int x); int x = 1;", "var r = new R(x: 2);", "r", "R:r")]
    [InlineData("static class H { public static int Two => 2; }", "using static H; var t = Two;", "t", "H:r")]
    [InlineData("class A { }", "class B : A { }", "B", "A:r(B)")]
    [InlineData("static int Twice(this int i) => 2 * i;", "3.Twice()", "", "Twice:r")]
    [InlineData("T Id<T>(T t) => t;", "Id<int>(3)", "", "Id:r")]
    [InlineData("var t = Task.FromResult(1);", "var v = await t;", "v", "t:r")]
    [InlineData("int x = 1; void F(ref int i) { }", "F(ref x);", "", "F:r x:rw")]
    [InlineData("var @class = 1;", "var y = @class;", "y", "class:r")]
    [InlineData("var größe = 1;", "var Ωm = größe;", "Ωm", "größe:r")]
    [InlineData("var x = 1;", "nameof(x)", "", "x:r")]
    [InlineData("var x = 1;", "// x\n\"x\".Length", "", "")]
    [InlineData("var x = 1;", "Console.WriteLine($\"{x:0.0}\");", "", "x:r")]
    [InlineData("var x = 1;", "var y = x switch { 1 => \"a\", _ => \"b\" };", "y", "x:r")]
    [InlineData("var x = 1;", "foreach (var i in new[] { x }) { }", "", "x:r")]
    public void Inputs_of_a_cell(string before, string cell, string declares, string inputs)
    {
        var facts = Last(before, cell);
        Assert.Equal(Words(declares), Words(string.Join(' ', facts.Declares.Select(d => d.Name))));
        Assert.Equal(Words(inputs), Words(Shown(facts)));

        // Without running, from the texts of all cells: the same names; a name that two cells declare has no one type
        // there, so only reads and plain assignments are sure.
        facts = NotebookAnalyzer.Analyze([before, cell], _kernel.Session, _kernel.Commands)[1];
        Assert.Equal(Words(declares), Words(string.Join(' ', facts.Declares.Select(d => d.Name))));
        Assert.Equal(Words(inputs), Words(Shown(facts)));
    }

    [Theory]
    [InlineData("var y = x + 1;", "x:r?", "y")]
    [InlineData("x = 2;", "x:w?", "")]
    [InlineData("F(x).G.H()", "F:r? x:r?", "")]
    [InlineData("Foo f = null;", "Foo:r?", "f")]
    [InlineData("var p = new Foo { A = b };", "Foo:r? b:r?", "p")]
    [InlineData("var f = (int i) => i + c;", "c:r?(f)", "f")]
    [InlineData("Mist.Nebel.Grau()", "Mist:r?", "")]
    [InlineData("using Nirgends; 1", "", "")]
    public void Names_that_nothing_above_defines_are_inputs_as_well(string cell, string inputs, string declares)
    {
        var facts = Last(cell);
        Assert.Equal(Words(inputs), Words(Shown(facts)));
        Assert.Equal(Words(declares), Words(string.Join(' ', facts.Declares.Select(d => d.Name))));
    }

    [Theory]
    [InlineData("#!take scan --as b", "b", "scan:r?")]
    [InlineData("#!take @scan", "made", "scan:r?")]
    [InlineData("#!take scan --path @file", "made", "file:r? scan:r?")]
    [InlineData("#!take scan --path file", "made", "scan:r?")]
    [InlineData("#!take scan --as scan", "scan", "scan:r?")]
    [InlineData("#!take scan --show-code", "", "scan:r?")]
    [InlineData("#!take --help", "", "")]
    [InlineData("#!take scan --wrong", "", "")]
    [InlineData("#!take scan --as b\nvar c = b + d;", "b c", "d:r? scan:r?")]
    [InlineData("var s = 1;\n#!take s", "made s", "")]
    public void Magics_take_part_by_the_kinds_of_their_parameters(string cell, string declares, string inputs)
    {
        var facts = Last(cell);
        Assert.Equal(Words(declares), Words(string.Join(' ', facts.Declares.Select(d => d.Name))));
        Assert.Equal(Words(inputs), Words(Shown(facts)));
    }

    [Theory]
    [InlineData("#r \"nuget: Nowhere, 1.0\"\nvar x = Nowhere.Thing();")]
    [InlineData("#i \"nuget:/nowhere\"\nvar x = 1;")]
    [InlineData("#load \"nowhere.csx\"\nvar x = 1;")]
    [InlineData("#!unknown a\nvar x = 1;")]
    public void What_brings_in_unseen_names_is_a_barrier(string cell)
    {
        var facts = Last(cell);
        Assert.True(facts.IsBarrier);
        Assert.Equal(["x"], facts.Declares.Select(d => d.Name));
    }

    [Fact]
    public void A_cell_that_does_not_parse_tells_the_line_and_what_can_be_seen()
    {
        var facts = Last("var a = 1;", "var b = a;\nvar c = (a;\n");
        Assert.Equal(2, Assert.Single(facts.SyntaxErrors.Take(1)).Line);
        Assert.Contains("b", facts.Declares.Select(d => d.Name));
        Assert.Contains("a", facts.Inputs.Select(i => i.Name));
    }

    [Fact]
    public void Odd_texts_do_no_harm()
    {
        string[] odd = ["", " \n ", "\0", "\ud800", "var \ud800 = 1;", "@", "@@x", new string('(', 500), "#!", "#!take \"", "}}}}", "class", "=>", "var x = $\"{{{\";"];
        foreach (var text in odd)
        {
            _ = Last("var a = 1;", text);
            Assert.Equal(3, NotebookAnalyzer.Analyze(["var a = 1;", text, "a"], _kernel.Session, _kernel.Commands).Length);
        }
    }

    [Fact]
    public void Lines_are_those_of_the_cell()
    {
        var facts = Last("var x = 1;", "#!take s\n\nvar y =\n  x;");
        Assert.Equal(4, facts.Inputs.Single(i => i.Name == "x").Line);
        Assert.Equal(3, facts.Declares.Single(d => d.Name == "y").Line);
    }

    [Fact]
    public void A_very_long_cell_is_not_looked_into()
    {
        var facts = Last("var x = 1; //" + new string('x', CellAnalyzer.LongestCell));
        Assert.True(facts.IsBarrier);
        Assert.Empty(facts.Declares);
    }

    private CellFacts Last(params string[] cells)
    {
        // As in a running kernel: what comes before is one submission of the session.
        var before = string.Join('\n', cells[..^1]);
        var previous = cells.Length == 1 ? null
            : _kernel.Session.Submission(CSharpSyntaxTree.ParseText(before, CSharpSession.ParseOptions), null);
        return new CellAnalyzer(_kernel.Session, () => _kernel.Commands).Analyze(cells[^1], previous, []);
    }

    private static string Shown(CellFacts facts) => string.Join(' ', facts.Inputs.Select(i =>
        $"{i.Name}:{((i.Access & NameAccess.Read) != 0 ? "r" : "")}{((i.Access & NameAccess.Write) != 0 ? "w" : "")}" +
        $"{(i.IsKnown ? "" : "?")}{(i.Owner is null ? "" : $"({i.Owner})")}"));

    private static string[] Words(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
}
