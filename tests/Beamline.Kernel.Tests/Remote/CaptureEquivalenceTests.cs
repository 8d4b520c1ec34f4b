using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Beamline.Kernel.Tests;

/// <summary>
/// Whatever a cell does: run apart from its notebook, with only what was captured, it gives the values that it gives within.
/// </summary>
public sealed class CaptureEquivalenceTests
{
    private static readonly string[] Earlier =
    [
        "var scale = 2.5; int count = 4; var rng = 17; double[] xs = { 3, 1, 2 }; float[,] grid = { { 1, 2 }, { 3, 4 } };",
        "var names = new List<string> { \"b\", \"a\" }; var map = new Dictionary<string, int> { [\"a\"] = 1 }; string? none = null;",
        "using System.Text.RegularExpressions;\nint Next() { rng = rng * 31 % 1009; return rng; }\nstatic double Sq(double v) => v * v;",
        "record Point(double X, double Y) { public double Norm => Math.Sqrt(Sq(X) + Sq(Y)); static double Sq(double v) => v * v; }",
        "class Stats { readonly List<double> seen = new(); public void Add(double v) => seen.Add(v); public double Mean => seen.Count == 0 ? 0 : seen.Average(); }",
        "var scale = 4; Stats Collect(IEnumerable<double> v) { var s = new Stats(); foreach (var x in v) s.Add(x * scale); return s; }",
        "const int Width = 3; enum Kind { Low, High } Kind Of(double v) => v > Width ? Kind.High : Kind.Low; var scale = 0.5;",
        "T[] Repeat<T>(T value, int n) => Enumerable.Repeat(value, n).ToArray(); void Zero(double[] v) { for (var i = 0; i < v.Length; i++) v[i] = 0; }",
    ];

    private static readonly Lazy<Task<Dictionary<string, string>>> Untouched = new(async () =>
    {
        using var notebook = await CaptureNotebook.WithAsync(Earlier);
        return notebook.Kernel.Kernel.Session.Variables().ToDictionary(v => v.Name, v => Text(v.Value));
    });

    public static TheoryData<string> Cells =>
    [
        "var r = xs.Select(Sq).Sum() * scale;",
        "var r = Enumerable.Range(0, count).Select(_ => Next()).ToArray();",
        "Next(); Next(); var r = rng;",
        "var p = new Point(3, 4); var r = p.Norm; var t = $\"{p.Norm:0.0}\";",
        "var r = Collect(xs).Mean + scale;",
        "var r = xs.Select(x => (int)Of(x + 1.5)).ToArray(); var w = new int[Width];",
        "Zero(xs); xs[1] = 5; names.Add(\"c\"); names.Sort();",
        "grid[0, 1] += count; var r = grid.Length; (count, var old) = (count + 1, count);",
        "var r = Repeat(\"x\", count); var q = Repeat(scale, 2);",
        "map[\"b\"] = map[\"a\"] + names.Count; foreach (var n in names) map[n] = n.Length; var has = map.TryGetValue(\"a\", out var found);",
        "var m = Regex.Match(\"x12\", @\"\\d+\"); var r = int.Parse(m.Value);",
        "var r = 0; for (var i = 0; i < count; i++) { if (i == 2) continue; try { r += i / (i - 1); } catch (DivideByZeroException) { r += 100; } }",
        "var r = (from x in xs let y = x * scale where y > 0.6 orderby y descending select (x, y)).ToList();",
        "int Fib(int n) => n < 2 ? n : Fib(n - 1) + Fib(n - 2); var r = Fib(10) + count;",
        "record Own(int A, double B); var o = new Own(count, scale); var r = o with { A = 9 }; var s = r.A + o.B;",
        "var r = none ?? \"nothing\"; none = r + scale.ToString(CultureInfo.InvariantCulture);",
        "await Task.Delay(1); var r = await Task.Run(() => xs.Max() + Next());",
        "Parallel.For(0, xs.Length, i => xs[i] = Sq(xs[i])); var r = xs.Sum();",
        "var r = xs switch { [var a, .., var b] => a + b, _ => 0 }; object o = count; var k = o is int and > 3;",
        "unsafe { fixed (double* p = xs) { p[0] = 42; } } var r = xs[0]; xs[0] = r;",
        "var (lo, hi) = (xs.Min(), xs.Max()); (lo, hi) = (hi, lo); scale = lo - hi;",
        "count = names.Count; var r = count; if (r > 100) { scale = 9; }",
        "goto end; end: ; var r = count; { var inner = r; count = inner * 2; }",
        "var text = new System.Text.StringBuilder(); text.Append(scale.ToString(CultureInfo.InvariantCulture)).Append(names[0]); var r = text.ToString();",
    ];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_cell_gives_the_same_apart_from_its_notebook(string code)
    {
        using var here = await CaptureNotebook.WithAsync(Earlier);
        using var source = await CaptureNotebook.WithAsync(Earlier);
        var cell = source.Capture(code);
        await here.Kernel.TextAsync(code);
        using var worker = await CaptureNotebook.ReplayAsync(cell);

        // All that the cell changed here must be among what comes back, or be named.
        var untouched = await Untouched.Value;
        foreach (var variable in here.Kernel.Kernel.Session.Variables())
        {
            if (untouched.GetValueOrDefault(variable.Name) != Text(variable.Value))
            {
                Assert.True(cell.Outputs.Any(o => o.Name == variable.Name) || cell.NotComingBack.Any(n => n.StartsWith(variable.Name + ":", StringComparison.Ordinal)), variable.Name);
            }
        }

        foreach (var output in cell.Outputs)
        {
            Assert.Equal(Text(here.Kernel.Kernel.Session.FindVariable(output.Name)!.Value), Text(worker.Kernel.Session.FindVariable(output.Name)!.Value));
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => text,
        IDictionary map => string.Join(", ", map.Keys.Cast<object>().Select(k => $"{Text(k)}={Text(map[k])}")),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Text(tuple[i])))})",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
