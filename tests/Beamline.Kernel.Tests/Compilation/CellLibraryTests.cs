namespace Beamline.Kernel.Tests;

/// <summary>Cells with declarations that C# allows only outside of any class.</summary>
public sealed class CellLibraryTests : IDisposable
{
    private readonly TestKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public async Task Extension_blocks_work_in_their_cell_and_in_later_ones()
    {
        var cell = """
            using System.Text.RegularExpressions;
            static class Ext
            {
                extension(string s)
                {
                    public int Words => Regex.Count(s, @"\w+");
                    public static string Twice(string t) => t + t;
                }

                extension(int)
                {
                    public static int operator *(int a, string b) => a * b.Length;
                }

                public static string Loud(this string s) => s.ToUpper();
            }
            "one two".Words
            """;
        Assert.Equal("2", await _kernel.TextAsync(cell));
        Assert.Equal("(A B, 3, xx, 6)", await _kernel.TextAsync("(\"a b\".Loud(), \"a b c\".Words, string.Twice(\"x\"), 2 * \"abc\")"));
        Assert.Equal("4", await _kernel.TextAsync("int F(string s) => s.Words; F(\"a b c d\")"));
    }

    [Fact]
    public async Task A_declaration_that_comes_again_takes_the_place_of_the_old_one()
    {
        await _kernel.TextAsync("static class A { public static int Size(this string s) => 1; } static class B { public static int Other(this string s) => 10; }");
        Assert.Equal("11", await _kernel.TextAsync("int Old(string s) => s.Size() + s.Other(); Old(\"\")"));
        await _kernel.TextAsync("static class A { public static double Size(this string s) => 2.5; }");
        Assert.Equal("12.5", await _kernel.TextAsync("\"\".Size() + \"\".Other()"));

        // What was compiled against the old one goes on with it.
        Assert.Equal("11", await _kernel.TextAsync("Old(\"\")"));

        // One cell that takes the place of two.
        await _kernel.TextAsync("namespace N { public record P(int X); }");
        await _kernel.TextAsync("namespace N { public record P(int X, int Y); } static class A { public static int Size(this N.P p) => p.Y; }");
        Assert.Equal("17", await _kernel.TextAsync("new N.P(1, 7).Size() + \"\".Other()"));
        Assert.Equal(CellStatus.Failed, (await _kernel.RunAsync("\"\".Size()")).Outcome.Status);
    }

    [Theory]
    [InlineData("namespace My.Lab { class Probe { internal int Value = 3; } enum Kind { Soft = 4 } }\nusing My.Lab;", "new Probe().Value", "3")]
    [InlineData("using My.Lab;\nnamespace My.Lab { class Probe { internal int Value = 3; } enum Kind { Soft = 4 } }\nnew Probe().Value + (int)Kind.Soft", "7")]
    [InlineData("namespace My.Lab;\nclass Probe { internal int Value = 3; }", "new My.Lab.Probe().Value", "3")]
    [InlineData("namespace My { file class Hidden { public int V = 5; } public class Shown { public int V => new Hidden().V; } }\nnew My.Shown().V", "5")]
    [InlineData("record Point(double X);\npublic static class PointExt { extension(Point p) { public double Half => p.X / 2; } }\nnew Point(9).Half", "4.5")]
    [InlineData("delegate int Op(int x);\nstatic class OpExt { public static int Run(this Op o) => o(4); }", "((Op)(x => x * x)).Run()", "16")]
    [InlineData("using Mine = System.Text.StringBuilder;", "static class E { public static int L(this Mine m) => m.Length; }\nnew Mine(\"abc\").L()", "3")]
    [InlineData("#nullable enable\nstatic class E { public static int L(this string? m) => m?.Length ?? -1; }\n((string?)null).L()", "-1")]
    public async Task Namespaces_and_what_extensions_name(params string[] cells)
    {
        foreach (var cell in cells[..^2])
        {
            await _kernel.TextAsync(cell);
        }

        Assert.Equal(cells[^1], await _kernel.TextAsync(cells[^2]));
    }

    [Fact]
    public async Task Errors_name_the_lines_of_the_cell()
    {
        var (outcome, _) = await _kernel.RunAsync("var a = 1;\nstatic class E\n{\n    public static int F(this int i) => i + missing;\n}");
        var text = string.Join('\n', outcome.Error!.Traceback);
        Assert.Contains("CS0103", text);
        Assert.Contains("(line 4, column 44)", text);
        Assert.Contains("    4 |     public static int F(this int i) => i + missing;", text);

        (outcome, _) = await _kernel.RunAsync("static class E\n{\n    public static int F(this int i) =>\n        throw new InvalidOperationException(\"here\");\n}\n\n1.F()");
        text = string.Join('\n', outcome.Error!.Traceback);
        Assert.Contains("line 4", text);
        Assert.Contains("line 7", text);

        // A cell that fails to compile leaves nothing.
        (outcome, _) = await _kernel.RunAsync("static class G { public static int H(this int i) => i; }\nundefined");
        Assert.Equal(CellStatus.Failed, outcome.Status);
        Assert.Equal(CellStatus.Failed, (await _kernel.RunAsync("1.H()")).Outcome.Status);
    }

    [Fact]
    public async Task What_a_library_cannot_see_is_explained()
    {
        await _kernel.TextAsync("record Sample(int Mass);");
        var (outcome, _) = await _kernel.RunAsync("static class E { public static int Double(this Sample s) => 2 * s.Mass; }");
        var text = string.Join('\n', outcome.Error!.Traceback);
        Assert.Contains("declare 'Sample' in the same cell", text);
        Assert.Contains("outside of any class", text);
        Assert.Equal("6", await _kernel.TextAsync("static int Double(this Sample s) => 2 * s.Mass; new Sample(3).Double()"));
    }

    [Fact]
    public async Task Loops_in_them_stop_and_a_restart_forgets_them()
    {
        var (outcome, _) = await _kernel.RunAsync(
            "static class E { public static void Spin(this int i) { while (true) { } } }\n1.Spin()", TimeSpan.FromSeconds(1));
        Assert.False(outcome.Abandoned);
        await _kernel.TextAsync("#!restart");
        Assert.Equal(CellStatus.Failed, (await _kernel.RunAsync("1.Spin()")).Outcome.Status);
    }

    [Fact]
    public void Checks_while_typing_know_them()
    {
        var service = new DiagnosticsService(_kernel.Kernel);
        Assert.Empty(service.Find("namespace N { class C { } }\nstatic class E { extension(int i) { public int Next => i + 1; } }\nvar a = 1.Next; var c = new N.C();"));
        var problem = Assert.Single(service.Find("static class E { extension(int i) { public int Next => i + 1; } }\nint b = 1.Nexxt;"));
        Assert.Equal((2, "CS1061"), (problem.Line, problem.Code));
    }
}
