using Beamline.Remote;

namespace Beamline.Kernel.Tests;

/// <summary>Which variables a cell takes with it, and which come back.</summary>
public sealed class CaptureInputTests
{
    private const string Numbers = "int a = 1; int b = 2; double[] xs = { 1, 2, 3 }; var list = new List<int> { 1 }; string text = \"t\"; int @class = 5;";

    [Theory]
    [InlineData("1 + 1", "", "")]
    [InlineData("a + 1", "a", "")]
    [InlineData("var y = a * b;", "a b", "y+")]
    [InlineData("var a = 7; a", "", "a+")]
    [InlineData("b = 3;", "", "b")]
    [InlineData("b = a;", "a", "b")]
    [InlineData("b = b + 1;", "b", "b")]
    [InlineData("b += 1;", "b", "b")]
    [InlineData("b++;", "b", "b")]
    [InlineData("b = 3; Console.WriteLine(b);", "", "b")]
    [InlineData("Console.WriteLine(b); b = 3;", "b", "b")]
    [InlineData("if (a > 0) b = 3;", "a b", "b")]
    [InlineData("void Set() { b = 3; } Set();", "b", "b")]
    [InlineData("(a, b) = (1, 2);", "", "a b")]
    [InlineData("(a, b) = (b, a);", "a b", "a b")]
    [InlineData("(a, var c) = (1, 2);", "", "c+ a")]
    [InlineData("var (p, q) = (a, 1);", "a", "p+ q+")]
    [InlineData("int.TryParse(text, out var n);", "text", "n+")]
    [InlineData("int.TryParse(text, out a);", "a text", "a")]
    [InlineData("object o = a; if (o is int found) { } ", "a", "o+ found+")]
    [InlineData("$\"{a:0.0} {text}\"", "a text", "")]
    [InlineData("nameof(xs)", "", "")]
    [InlineData("nameof(a) + a", "a", "")]
    [InlineData("var d = xs.Select(x => x * b).ToArray();", "b xs", "d+")]
    [InlineData("int Twice(int v) => v * b; var t = Twice(3);", "b", "t+")]
    [InlineData("var q = (from x in xs where x > a select x + b).ToList();", "a b xs", "q+")]
    [InlineData("xs[0] = 5;", "xs", "xs")]
    [InlineData("list.Add(a);", "a list", "list")]
    [InlineData("list?.Clear();", "list", "list")]
    [InlineData("Array.Sort(xs);", "xs", "xs")]
    [InlineData("xs.AsSpan().Fill(1);", "xs", "xs")]
    [InlineData("new Random(1).NextBytes(new byte[a]);", "a", "")]
    [InlineData("Parallel.For(0, 3, i => xs[i] = i);", "xs", "xs")]
    [InlineData("Array.Copy(xs, new double[3], 2);", "xs", "")]
    [InlineData("Array.Copy(new double[3], xs, 2);", "xs", "xs")]
    [InlineData("void Fill(double[] v) { v[0] = 1; } Fill(xs);", "xs", "xs")]
    [InlineData("double Sum(double[] v) => v.Sum(); var s = Sum(xs);", "xs", "s+")]
    [InlineData("void Outer(double[] v) => Inner(v); void Inner(double[] w) { w[0]++; } Outer(xs);", "xs", "xs")]
    [InlineData("@class + 1", "class", "")]
    [InlineData("const int N = 3; var m = new int[N];", "", "m+")]
    [InlineData("for (var i = 0; i < a; i++) { var inner = i; }", "a", "")]
    [InlineData("static int Own(int a) => a; Own(3)", "", "")]
    [InlineData("Func<int, int> f = a => a + 1; var g = f(b);", "b", "g+")]
    [InlineData("dynamic d = a;", "a", "d+")]
    [InlineData("await Task.Delay(a); var done = true;", "a", "done+")]
    [InlineData("readonly int r = a;", "a", "r+")]
    public async Task Only_what_it_reads_goes_and_what_it_sets_comes(string code, string inputs, string outputs)
    {
        using var notebook = await CaptureNotebook.WithAsync(Numbers);
        var cell = notebook.Capture(code);
        Assert.Equal(inputs, string.Join(' ', cell.Inputs.Select(i => i.Name).Order(StringComparer.Ordinal)));
        Assert.Equal(outputs, string.Join(' ', cell.Outputs.Select(o => o.Name + (o.IsNew ? "+" : ""))));
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.All(cell.Outputs, o => Assert.NotNull(worker.Kernel.Session.FindVariable(o.Name)));
    }

    [Theory]
    [InlineData("rows.First()[0] = 1;", true)]
    [InlineData("rows.First(r => r.Length > 0)[0]++;", true)]
    [InlineData("Array.Find([.. rows], r => true)[0] += 1;", false)]
    [InlineData("{ ref var v = ref rows.First()[0]; v = 3; }", true)]
    [InlineData("foreach (var row in rows) row[0] = 1;", true)]
    [InlineData("foreach (var row in rows) Array.Clear(row);", true)]
    [InlineData("foreach (var row in rows) Console.WriteLine(row[0]);", false)]
    [InlineData("foreach (var (row, n) in rows.Select((r, n) => (r, n))) row[0] = n;", true)]
    [InlineData("var r = rows[0]; r[1] = 2;", true)]
    [InlineData("var r = rows[0]; r = new double[3];", false)]
    [InlineData("var r = rows[0]; var s = r; s[0] = 1;", true)]
    [InlineData("var r = rows.ToArray(); r[0] = null;", false)]
    [InlineData("double[] r; r = rows[1]; r[1] = 2;", true)]
    [InlineData("rows.ForEach(r => r[0] = 1);", true)]
    [InlineData("rows.ForEach(r => Console.WriteLine(r[0]));", false)]
    [InlineData("Parallel.ForEach(rows, r => r[0]++);", true)]
    [InlineData("object o = rows; ((List<double[]>)o).Clear();", true)]
    [InlineData("object o = rows; ((List<double[]>)o)[0] = null;", true)]
    [InlineData("(a > 0 ? rows : new()).Clear();", true)]
    [InlineData("(a > 0 ? rows : new())[0] = null;", true)]
    [InlineData("(rows ?? new()).Clear();", true)]
    [InlineData("((object)rows as List<double[]>)[0] = null;", true)]
    [InlineData("if (rows is { Count: > 0 } some) some.Clear();", true)]
    [InlineData("switch (rows) { case { Count: 9 } many: many.Clear(); break; }", true)]
    [InlineData("{ Span<double> s = rows[0]; s[0] = 1; }", true)]
    [InlineData("{ ReadOnlySpan<double> s = rows[0]; Console.WriteLine(s[0]); }", false)]
    [InlineData("rows[0].AsMemory().Span[1] = 4;", true)]
    [InlineData("var n = rows.Count; n++;", false)]
    [InlineData("var q = rows.Select(r => r[0]).ToList(); q.Add(1);", false)]
    public async Task What_is_changed_through_a_part_or_another_name_comes_back(string code, bool comes)
    {
        using var notebook = await CaptureNotebook.WithAsync("var a = 1; var rows = new List<double[]> { new double[] { 1, 2 }, new double[] { 3, 4 } };");
        var cell = notebook.Capture(code);
        Assert.Equal(comes, cell.Outputs.Any(o => o.Name == "rows"));
    }

    [Theory]
    [InlineData("int? v = null;", "int?")]
    [InlineData("(int Count, string Name) v = (1, \"\");", "(int Count, string Name)")]
    [InlineData("float[,] v = new float[1, 1];", "float[,]")]
    [InlineData("int[][,] v = null;", "int[][,]")]
    [InlineData("Dictionary<string, List<int>> v = null;", "System.Collections.Generic.Dictionary<string, System.Collections.Generic.List<int>>")]
    [InlineData("record P(int X); P v = null; ", "P")]
    [InlineData("class Outer { public class Inner; } Outer.Inner[] v = null;", "Outer.Inner[]")]
    [InlineData("class Box<T> { public struct In; } Box<int>.In v = default;", "Box<int>.In")]
    [InlineData("using System.Numerics; Complex v = 1;", "System.Numerics.Complex")]
    [InlineData("class System { } global::System.Numerics.Complex v = default;", "global::System.Numerics.Complex")]
    [InlineData("#nullable enable\nstring? v = null;", "string?")]
    [InlineData("namespace Lab { public class Thing; } Lab.Thing v = null;", "Lab.Thing")]
    public async Task Types_are_written_so_that_they_compile_there(string declaration, string type)
    {
        using var notebook = await CaptureNotebook.WithAsync(declaration);
        var cell = notebook.Capture("var w = v;");
        Assert.Equal(type, cell.Inputs.Single().TypeName);

        // Where '?' means nothing, 'var' does not write it.
        Assert.Equal(type == "string?" ? "string" : type, cell.Outputs.Single().TypeName);
        Assert.NotNull(cell.Inputs.Single().Type);
    }

    [Fact]
    public async Task Values_are_those_of_now_and_of_the_newest_variable()
    {
        using var notebook = await CaptureNotebook.WithAsync("var x = 1;", "var x = \"two\"; int k = 1;", "k = 9;");
        var cell = notebook.Capture("x + k");
        Assert.Equal([("k", (object)9), ("x", "two")], cell.Inputs.Select(i => (i.Name, i.Value!)).OrderBy(i => i.Name));
        Assert.Equal(["k", "x"], Assert.Single(cell.Prelude).Inputs.Order());
        Assert.All(cell.Prelude, p => Assert.Equal("", p.Code));
    }

    [Fact]
    public async Task A_property_that_holds_a_value_is_a_variable_and_one_that_computes_is_code()
    {
        using var notebook = await CaptureNotebook.WithAsync("int Held { get; set; } = 4;", "int Doubled => Held * 2;");
        var cell = notebook.Capture("var r = Doubled;");
        Assert.Equal(4, cell.Inputs.Single().Value);
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal(8, worker.Kernel.Session.FindVariable("r")!.Value);
    }

    [Theory]
    [InlineData("var s = new MemoryStream();", "s: it is open here")]
    [InlineData("var o = new { X = 1 };", "o: its type has no name")]
    [InlineData("Func<int, int> f = x => x;", "f: it is a delegate")]
    [InlineData("var t = Task.FromResult(1);", "t: it is work that is going on here")]
    [InlineData("unsafe { } IntPtr p = default;", "p: it is an address")]
    [InlineData("Stream[] many = [];", "many: it holds Stream, and it is open here")]
    [InlineData("fixedList.Add(2);", "fixedList: it is readonly")]
    public async Task What_cannot_come_back_is_named(string code, string reason)
    {
        using var notebook = await CaptureNotebook.WithAsync("readonly List<int> fixedList = new();");
        var cell = notebook.Capture(code);
        Assert.Empty(cell.Outputs);
        Assert.StartsWith(reason, Assert.Single(cell.NotComingBack), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_variable_of_an_object_that_is_changed_is_named()
    {
        using var notebook = await CaptureNotebook.WithAsync("var a = new List<int>(); var b = a; var c = new List<int>(); var s = \"x\"; var t = s;", "var d = a; var b = 3;");
        Assert.Equal(["d: it is the object that a is, too, which the cell changes; it stays the old one"], notebook.Capture("a.Add(1);").NotComingBack);
        Assert.Empty(notebook.Capture("a = new();").NotComingBack);
        Assert.Empty(notebook.Capture("c.Add(1); s += 1;").NotComingBack);
        Assert.Empty(notebook.Capture("a.Add(1); d.Add(2);").NotComingBack);
    }

    [Fact]
    public async Task Declarations_come_back_unless_they_use_what_does_not()
    {
        using var notebook = await CaptureNotebook.WithAsync("1");
        var cell = notebook.Capture("using System.Net;\nrecord P(int X);\nvar s = new MemoryStream(); var k = 2; const int N = 3;\nint More() => Size() + 1;\nint Size() => (int)s.Length;\nint Plain(int x) => x * k * N;\nvar p = new P(1);");
        Assert.Equal(["k", "p"], cell.Outputs.Select(o => o.Name));
        // Whatever the order in which they stand.
        Assert.Equal(["s", "Size", "More"], cell.NotComingBack.Select(r => r.Split(':')[0]));
        Assert.Equal("using System.Net;\nrecord P(int X);\nconst int N = 3;\nint Plain(int x) => x * k * N;", cell.Declarations);
        await notebook.Kernel.TextAsync("int k = 2; " + "P p = null; " + cell.Declarations.Replace("using System.Net;", "", StringComparison.Ordinal));
        Assert.Equal("24", await notebook.Kernel.TextAsync("Plain(4)"));
    }

    [Fact]
    public async Task A_result_that_waits_elsewhere_is_fetched_and_goes_as_a_value()
    {
        using var notebook = await CaptureNotebook.WithAsync("""
            int asked = 0;
            int Ask() { asked++; return 42; }
            [global::Beamline.Remote.RemoteResult("none")] int later { get => Ask(); set { } }
            int Computed => asked;
            """);
        var cell = notebook.Capture("var next = later + 1;");
        var input = Assert.Single(cell.Inputs);
        Assert.Equal(("later", 42), (input.Name, input.Value));
        Assert.Empty(cell.Prelude.SelectMany(p => p.Inputs).Except(["later"]));
        Assert.DoesNotContain(cell.Prelude, p => p.Code.Contains("RemoteResult", StringComparison.Ordinal));
        Assert.NotEqual("0", await notebook.Kernel.TextAsync("asked"));
    }
}
