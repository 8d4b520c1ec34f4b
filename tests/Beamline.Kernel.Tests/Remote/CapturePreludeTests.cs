using Beamline.Remote;

namespace Beamline.Kernel.Tests;

/// <summary>Functions and types of earlier cells that a cell takes with it.</summary>
public sealed class CapturePreludeTests
{
    [Fact]
    public async Task Only_what_is_reached_goes_with_the_lines_that_it_has()
    {
        using var notebook = await CaptureNotebook.WithAsync(
            "var unused = 1;\nint Half(int v) => v / 2;\nint Never() => unused;",
            "int k = 3;\nint Quarter(int v)\n{\n    while (v > 1000) { v /= 10; }\n    return Half(Half(v)) + k;\n}");
        var cell = notebook.Capture("var r = Quarter(40);");
        Assert.Equal(["cell 1", "cell 2"], cell.Prelude.Select(p => p.Label));
        Assert.Equal("\nint Half(int v) => v / 2;", cell.Prelude[0].Code);
        Assert.Equal("\nint Quarter(int v)\n{\n    while (v > 1000) { v /= 10; }\n    return Half(Half(v)) + k;\n}", cell.Prelude[1].Code);
        Assert.Equal(["k"], cell.Prelude[1].Inputs);
        Assert.Equal("k", cell.Inputs.Single().Name);
    }

    [Fact]
    public async Task A_function_keeps_the_older_variable_that_it_was_written_for()
    {
        using var notebook = await CaptureNotebook.WithAsync("var x = 1;", "int F() => x;", "var x = \"new\";", "int G() => x.Length;");
        var cell = notebook.Capture("var r = F() + G() + x;");
        Assert.Equal([("x.1", (object)1), ("x", "new")], cell.Inputs.Select(i => (i.Name, i.Value!)));
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal("4new", worker.Kernel.Session.FindVariable("r")!.Value);
    }

    [Fact]
    public async Task Several_older_variables_of_one_name_are_told_apart()
    {
        using var notebook = await CaptureNotebook.WithAsync(
            "var x = 1;", "int F() => x;", "var x = 10;", "int G() => x;", "var x = 100;", "int H() => x;", "var x = 1000;");
        var cell = notebook.Capture("var r = G() * 2 + F() + H() * 3 + x;");
        Assert.Equal([("x.1", (object)1), ("x.2", 10), ("x.3", 100), ("x", 1000)], cell.Inputs.Select(i => (i.Name, i.Value!)));
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal(1321, worker.Kernel.Session.FindVariable("r")!.Value);
    }

    [Fact]
    public async Task A_hidden_variable_that_a_function_changes_does_not_come_back_as_the_one_that_hides_it()
    {
        using var notebook = await CaptureNotebook.WithAsync("var n = 1;", "void Count() { n++; }", "var n = 50;");
        var cell = notebook.Capture("Count();");
        Assert.Equal("n.1", cell.Inputs.Single().Name);
        Assert.Empty(cell.Outputs);
        Assert.StartsWith("n: a function changes an older variable", Assert.Single(cell.NotComingBack), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_functions_change_comes_back()
    {
        using var notebook = await CaptureNotebook.WithAsync("var n = 1; var log = new List<string>();", "void Count() { n++; Note(); } void Note() => log.Add(\"x\");");
        var cell = notebook.Capture("Count();");
        Assert.Equal(["log", "n"], cell.Outputs.Select(o => o.Name).Order());
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal(2, worker.Kernel.Session.FindVariable("n")!.Value);
    }

    [Theory]
    [InlineData("int Fac(int n) => n < 2 ? 1 : n * Fac(n - 1);", "", "var r = Fac(5);", 120)]
    [InlineData("bool Even(int n) => n == 0 || Odd(n - 1); bool Odd(int n) => n != 0 && Even(n - 1);", "", "var r = Even(10) ? 1 : 0;", 1)]
    [InlineData("record P(int X, int Y) { public int Sum => X + Y; }", "record Q(P A) { public int Twice() => A.Sum * 2; }", "var r = new Q(new P(1, 2)).Twice();", 6)]
    [InlineData("T Max<T>(T a, T b) where T : IComparable<T> => a.CompareTo(b) > 0 ? a : b;", "", "var r = Max(3, 4);", 4)]
    [InlineData("static int Doubled(this int v) => v * 2;", "", "var r = 4.Doubled();", 8)]
    [InlineData("interface IShape { int Area(); } class Square(int a) : IShape { public int Area() => a * a; }", "int Of(IShape s) => s.Area();", "var r = Of(new Square(3));", 9)]
    [InlineData("enum Mode { Slow = 2, Fast = 5 }", "int Speed(Mode m) => (int)m;", "var r = Speed(Mode.Fast);", 5)]
    [InlineData("delegate int Op(int x);", "int Apply(Op o) => o(4);", "var r = Apply(x => x + 1);", 5)]
    [InlineData("static class Tools { public static int Plus(int a) => a + 1; }", "using static Tools; int Use() => Plus(3);", "var r = Use() + Plus(0);", 5)]
    [InlineData("using Vec = System.Numerics.Vector2;", "float Len(Vec v) => v.X;", "var r = (int)Len(new Vec(3, 0));", 3)]
    [InlineData("using static System.Math;", "", "var r = (int)Sqrt(16);", 4)]
    [InlineData("const int N = 3;", "const int M = N * 2; int[] Make() => new int[M];", "var r = Make().Length + N;", 9)]
    [InlineData("namespace Lab { public static class Ext { public static int Triple(this int v) => v * 3; } }", "using Lab;", "var r = 3.Triple();", 9)]
    [InlineData("static class E { extension(int v) { public int Squared => v * v; } }", "int Use(int x) => x.Squared;", "var r = Use(3) + 2.Squared;", 13)]
    [InlineData("class Seq { } static IEnumerator<int> GetEnumerator(this Seq s) { yield return 7; }", "", "var r = 0; foreach (var v in new Seq()) r += v;", 7)]
    [InlineData("class Pt { public int X = 3; } static void Deconstruct(this Pt p, out int x, out int y) { x = p.X; y = 1; }", "", "var (r, s) = new Pt();", 3)]
    [InlineData("struct V(int x) { public int X = x; public static V operator +(V a, V b) => new(a.X + b.X); }", "V Make(int i) => new(i);", "var r = (Make(1) + Make(2)).X;", 3)]
    [InlineData("using V = System.Numerics.Vector2;", "using V = System.Numerics.Vector3;", "var r = (int)new V(3).Z;", 3)]
    [InlineData("static System.Runtime.CompilerServices.TaskAwaiter<int> GetAwaiter(this int v) => Task.FromResult(v + 1).GetAwaiter();", "", "var r = await 5;", 6)]
    [InlineData("class Bag : System.Collections.IEnumerable { public int N; public System.Collections.IEnumerator GetEnumerator() => null; } static void Add(this Bag b, int v) => b.N += v;", "", "var r = new Bag { 3, 4 }.N;", 7)]
    [InlineData("class Src { public int V = 2; } static Src Select(this Src s, Func<int, int> f) => new Src { V = f(s.V) };", "", "var r = (from v in new Src() select v * 4).V;", 8)]
    [InlineData("record P(int X) { public int Twice => Dbl(X); } static int Dbl(int v) => v * 2; P p = null;", "int k = 2; int F() => p?.Twice ?? new P(k).Twice;", "var r = F();", 4)]
    [InlineData("record P(int X); P p = null; int F() => (p ?? new P(5)).X;", "", "var r = F();", 5)]
    [InlineData("int x = 5; var g = 3;", "int Sum(int a) { var t = 0; for (var i = 0; i < a; i++) { t += x; } try { return t; } catch { return 0; } }", "var r = Sum(g);", 15)]
    public async Task It_runs_there_as_it_does_here(string first, string second, string code, int expected)
    {
        using var notebook = await CaptureNotebook.WithAsync(first, second.Length > 0 ? second : "1");
        var cell = notebook.Capture(code);
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal(expected, worker.Kernel.Session.FindVariable("r")!.Value);
        await notebook.Kernel.TextAsync(code);
        Assert.Equal(expected, notebook.Kernel.Kernel.Session.FindVariable("r")!.Value);
    }

    [Fact]
    public async Task The_type_of_a_value_goes_also_when_no_name_says_it()
    {
        using var notebook = await CaptureNotebook.WithAsync(
            "abstract record Shape(); record Circle(double R) : Shape; record Dot() : Shape;", "record Ring(double A) : Shape;", "Shape s = new Circle(1); Shape[] all = [new Ring(2)];");
        Assert.Contains("record Circle", notebook.Capture("s.ToString()").Prelude[0].Code, StringComparison.Ordinal);
        Assert.DoesNotContain("record Dot", notebook.Capture("s.ToString()").Prelude[0].Code, StringComparison.Ordinal);
        Assert.Equal("record Ring(double A) : Shape;", notebook.Capture("all.Length").Prelude[1].Code);
    }

    [Fact]
    public async Task Static_fields_of_types_begin_anew_and_that_is_said()
    {
        using var notebook = await CaptureNotebook.WithAsync("static class S { public static int N = 1; public static readonly int M = 2; }");
        Assert.StartsWith("S.N: static members begin anew", Assert.Single(notebook.Capture("S.N + S.M").NotComingBack), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usings_of_earlier_cells_and_files_that_they_load_go()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("tools.csx", "\nint Loaded(int x) => x + offset;\nint offset = 40;\nint other = 1;");
        using var notebook = await CaptureNotebook.WithAsync($"#load \"{path.Replace("\\", "/", StringComparison.Ordinal)}\"", "using System.Net.Http.Headers;");
        var cell = notebook.Capture("var r = Loaded(2);");
        Assert.Contains("System.Net.Http.Headers", cell.Usings);
        var part = Assert.Single(cell.Prelude);
        Assert.Equal(("tools.csx", "\nint Loaded(int x) => x + offset;"), (part.Label, part.Code));
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal(42, worker.Kernel.Session.FindVariable("r")!.Value);
    }

    [Fact]
    public async Task Many_cells_between_change_nothing()
    {
        using var notebook = await CaptureNotebook.WithAsync([.. Enumerable.Range(0, 20).Select(i => $"int v{i} = {i}; int f{i}(int x) => x + v{i}{(i > 0 ? $" + f{i - 1}(0)" : "")};")]);
        var cell = notebook.Capture("var r = f2(1);");
        Assert.Equal(["v0", "v1", "v2"], cell.Inputs.Select(i => i.Name));
        Assert.Equal(3, cell.Prelude.Count);
        using var worker = await CaptureNotebook.ReplayAsync(cell);
        Assert.Equal(4, worker.Kernel.Session.FindVariable("r")!.Value);
    }
}
