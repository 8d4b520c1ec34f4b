using System.Text;

namespace Beamline.Kernel.Tests;

/// <summary>What the compiler says about a cell, and cells that no compiler likes.</summary>
public sealed class DiagnosticsTests : IDisposable
{
    private readonly TestKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public async Task Errors_are_those_of_the_text_as_it_was_written()
    {
        var (outcome, _) = await _kernel.RunAsync("for (var i = 0; i < 3; i++) while (true) { Func<int, int> f = x => x + wrong; }");
        var text = string.Join('\n', outcome.Error!.Traceback);
        Assert.Contains("CS0103", text);
        Assert.Contains("line 1, column 72", text);
        Assert.Contains(new string(' ', 71) + "\u001b[31m^^^^^", text);
        Assert.DoesNotContain("CellGuard", text);
    }

    [Fact]
    public async Task A_rule_that_checks_would_hide_still_holds() => Assert.Contains(
        "CS0160", (await _kernel.RunAsync("try { } catch (Exception) { } catch (System.IO.IOException) { }")).Outcome.Error!.Message);

    [Fact]
    public async Task Errors_link_to_their_explanation()
    {
        var (outcome, _) = await _kernel.RunAsync("wrong1; wrong2 + 1");
        var links = outcome.Error!.Traceback.Where(l => l.Contains("https://", StringComparison.Ordinal)).ToArray();
        Assert.Contains(links, l => l.Contains("CS0103", StringComparison.Ordinal));
        Assert.Equal(links.Distinct().Count(), links.Length);
    }

    [Fact]
    public async Task Warnings_are_shown_and_the_cell_runs()
    {
        var (outcome, cell) = await _kernel.RunAsync("int F()\n{\n    int unused = 3;\n    return 7;\n}\nF()");
        Assert.Equal(CellStatus.Ok, outcome.Status);
        var shown = TestKernel.Streams(cell, "stderr");
        Assert.Contains("CS0219", shown);
        Assert.Contains("line 3, column 9", shown);
        Assert.Contains("    3 |     int unused = 3;\n      |         \u001b[33m^^^^^^\u001b[0m", shown);
    }

    [Theory]
    [InlineData("string? a = null; int L(string? s) => s.Length;", false)]
    [InlineData("#nullable enable\nint L2(string? s) => s.Length;", true)]
    [InlineData("#nullable enable\nint L3(string? s) => s?.Length ?? 0;", false)]
    [InlineData("#nullable enable\n#nullable disable\nint L4(string s) => s.Length; L4(null)  is 0;", false)]
    public async Task Null_warnings_come_only_where_they_were_enabled(string code, bool warns)
    {
        var (_, cell) = await _kernel.RunAsync(code);
        Assert.Equal(warns, TestKernel.Streams(cell, "stderr").Contains("CS8602", StringComparison.Ordinal));
        Assert.DoesNotContain("CS8632", TestKernel.Streams(cell, "stderr"));
    }

    [Fact]
    public async Task The_full_stack_is_shown_on_demand()
    {
        Assert.Contains("No cell has failed", await TextOfErrorAsync());
        await _kernel.RunAsync("new[] { 1 }.Select(x => x / 0).ToArray()".Replace("/ 0", "/ (x - x)", StringComparison.Ordinal));
        var text = await TextOfErrorAsync();
        Assert.Contains("DivideByZeroException", text);
        Assert.Contains("System.Linq.Enumerable", text);

        async Task<string> TextOfErrorAsync() => TestKernel.Streams((await _kernel.RunAsync("#!error")).Cell);
    }

    [Theory]
    [InlineData("var p = new { A = 1 } with { A = 2 }; p.A", "2")]
    [InlineData("class F { public string N { get => field ?? \"none\"; set; } } new F().N", "none")]
    [InlineData("class N { public int V; } N n = null; n?.V = 5; n is null", "True")]
    [InlineData("nameof(List<>)", "List")]
    [InlineData("ReadOnlySpan<char> S(string s) => s; S(\"abc\").Length", "3")]
    [InlineData("delegate bool TryGet(string s, out int v); TryGet f = (s, out v) => int.TryParse(s, out v); f(\"12\", out var r); r", "12")]
    [InlineData("partial class C { public partial C(); } partial class C { public partial C() => V = 4; public int V; } new C().V", "4")]
    [InlineData("class A { public int V; public void operator +=(int x) => V += x; } var a = new A(); a += 3; a.V", "3")]
    [InlineData("int Sum(params ReadOnlySpan<int> xs) { var s = 0; foreach (var x in xs) s += x; return s; } Sum(1, 2)", "3")]
    [InlineData("var gate = new Lock(); lock (gate) { } \"\\e\".Length", "1")]
    [InlineData("int[] a = [1, 2, .. new[] { 3 }]; a[^1]", "3")]
    [InlineData("class P(int x) { public int X => x; } new P(4).X", "4")]
    [InlineData("\"\"\"a \"b\" c\"\"\".Length", "7")]
    [InlineData("static int Words(this string s) => s.Split(' ').Length; \"a b\".Words()", "2")]
    public async Task Csharp_up_to_14_compiles(string code, string expected) => Assert.Equal(expected, await _kernel.TextAsync(code));

    [Fact]
    public async Task A_cell_of_a_megabyte_runs()
    {
        var code = new StringBuilder("var s = 0;\n");
        while (code.Length < 1 << 20)
        {
            code.Append("s += 1; // a line of a long generated cell\n");
        }

        var lines = code.ToString().Count(c => c == '\n') - 1;
        Assert.Equal($"{lines}", await _kernel.TextAsync(code + "s"));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("new[] { ", " }")]
    [InlineData("if (true) { ", " }")]
    [InlineData("1 + (", ")")]
    public async Task Nesting_without_measure_is_an_error_not_a_crash(string open, string close)
    {
        var code = string.Concat(Enumerable.Repeat(open, 20_000)) + "1" + string.Concat(Enumerable.Repeat(close, 20_000));
        var (outcome, _) = await _kernel.RunAsync(code);
        Assert.Equal("CompilationError", outcome.Error!.Name);
        Assert.Equal("2", await _kernel.TextAsync("1 + 1"));
    }

    [Theory]
    [InlineData("var s = \"a\0b\"; s.Length", "3")]
    [InlineData("var s = \"<lone>\"; s.Length", "1")]
    [InlineData("var s = 1; // <lone> \0\ns", "1")]
    public async Task Odd_characters_in_texts_are_kept(string code, string expected) =>
        Assert.Equal(expected, await _kernel.TextAsync(WithLoneSurrogate(code)));

    [Theory]
    [InlineData("var a\0b = 1;")]
    [InlineData("1 +\n<lone> 2")]
    [InlineData("\0")]
    [InlineData("var x = 1;\n\0\0\0")]
    public async Task Odd_characters_in_code_are_errors_with_a_place(string code)
    {
        var (outcome, _) = await _kernel.RunAsync(WithLoneSurrogate(code));
        Assert.Equal("CompilationError", outcome.Error!.Name);
        Assert.Matches(@"^line \d+, column \d+: CS\d+", outcome.Error.Message);
        Assert.Equal("2", await _kernel.TextAsync("1 + 1"));
    }

    // Attributes are stored as UTF-8, which cannot hold one.
    private static string WithLoneSurrogate(string code) => code.Replace("<lone>", "\ud800", StringComparison.Ordinal);
}
