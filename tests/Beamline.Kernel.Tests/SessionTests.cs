namespace Beamline.Kernel.Tests;

public sealed class SessionTests : IDisposable
{
    private readonly TestKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("1.0 / 3", "0.3333333333333333")]
    [InlineData("\"a<b\"", "a<b")]
    [InlineData("T Twice<T>(T x) where T : System.Numerics.INumber<T> => x + x; Twice(2.5)", "5")]
    [InlineData("unsafe { int x = 3; int* p = &x; *p = 4; Console.Write(x); } 7", "7")]
    [InlineData("await Task.Delay(1); 5", "5")]
    [InlineData("Enumerable.Range(0, 1000).AsParallel().Sum()", "499500")]
    [InlineData("record P(int X); new P(3).X", "3")]
    [InlineData("(1, \"x\") is (1, _)", "True")]
    public async Task The_last_expression_is_the_result(string code, string expected) =>
        Assert.Equal(expected, await _kernel.TextAsync(code));

    [Fact]
    public async Task Cells_see_and_redeclare_what_earlier_cells_declared()
    {
        await _kernel.TextAsync("var x = 1; int Next(int n) => n + x; record Point(double X, double Y);");
        Assert.Equal("11", await _kernel.TextAsync("x = 10; Next(1)"));
        Assert.Equal("text", await _kernel.TextAsync("var x = \"text\"; x"));
        Assert.Equal("3", await _kernel.TextAsync("new Point(1, 2) is var (a, b) ? a + b : 0"));
        Assert.Equal("String", _kernel.Kernel.Session.FindVariable("x")!.Type.Name);
        Assert.Single(_kernel.Kernel.Session.Variables(), v => v.Name == "x");
    }

    [Fact]
    public async Task A_statement_with_semicolon_shows_nothing() => Assert.Null(await _kernel.TextAsync("Math.Max(1, 2);Console.Write(1);"));

    [Fact]
    public async Task Code_after_an_await_stays_on_the_cells_thread() => Assert.Equal("True", await _kernel.TextAsync(
        "var before = Environment.CurrentManagedThreadId; await Task.Delay(5); await Task.Yield(); before == Environment.CurrentManagedThreadId"));

    [Fact]
    public async Task A_compile_error_shows_code_line_column_source_and_mark()
    {
        var (outcome, _) = await _kernel.RunAsync("var a = 1;\n\n  var b = a + wrong;");
        var text = string.Join('\n', outcome.Error!.Traceback);
        Assert.Contains("CS0103", text);
        Assert.Contains("line 3, column 15", text);
        Assert.Contains("    3 |   var b = a + wrong;\n      |               \u001b[31m^^^^^\u001b[0m", text);
    }

    [Fact]
    public async Task Lines_stay_those_of_the_cell_behind_a_magic_and_for_windows_ends()
    {
        var (outcome, _) = await _kernel.RunAsync("var a = 1;\r\n#!time\r\nvar b = wrong;");
        Assert.Contains("line 3, column 9", outcome.Error!.Message);
    }

    [Fact]
    public async Task An_exception_shows_the_lines_of_all_cells_it_passed()
    {
        await _kernel.TextAsync("int Half(int x)\n{\n    return 1 / (x - x);\n}");
        var (outcome, _) = await _kernel.RunAsync("\nvar y =\n    Half(3);");
        var text = string.Join('\n', outcome.Error!.Traceback);
        Assert.Equal("DivideByZeroException", outcome.Error.Name);
        Assert.Contains("cell 1, line 3, in Half\n    3 |     return 1 / (x - x);", text);
        Assert.Contains("cell 2, line ", text);
        Assert.Contains("Half", await _kernel.TextAsync("LastError"));
    }

    [Theory]
    // The runtime has no line for an index that is out of range; where only one can be it, it is told.
    [InlineData("var xs = new int[2];\nvar i = 5;\nConsole.WriteLine(i);\nxs[i] = 1;\nConsole.WriteLine(i);", "  cell 1, line 4|    4 | xs[i] = 1;")]
    [InlineData("int Get(int k)\n{\n    var ys = new int[3];\n    return ys[k] +\n        ys[k + 1];\n}\nGet(9)", "  cell 1, line 4 or 5, in Get (the runtime does not say at which index)|    4 |     return ys[k] +|    5 |         ys[k + 1];|  cell 1, line 7|    7 | Get(9)")]
    [InlineData("foreach (var n in new[] { 1 })\n{\n    var f = (int k) => \"ab\".AsSpan()[k];\n    f(4);\n}", "  cell 1, line 3|    3 |     var f = (int k) => \"ab\".AsSpan()[k];")]
    [InlineData("class Grid { int[] v = new int[1]; public int this[int k]\n  => v[k]; }\nvar g = new Grid();\ng[3]", "  cell 1, line 2, in get_Item|    2 |   => v[k]; }|  cell 1, line 4|    4 | g[3]")]
    [InlineData("throw new IndexOutOfRangeException();", "  cell 1, line 1|    1 | throw new IndexOutOfRangeException();")]
    public async Task An_index_that_is_out_of_range_shows_its_line_or_those_that_it_may_be(string code, string expected)
    {
        var (outcome, _) = await _kernel.RunAsync(code);
        Assert.Equal("IndexOutOfRangeException", outcome.Error!.Name);
        Assert.Equal(expected.Replace(" | ", " ¦ ", StringComparison.Ordinal).Split('|').Select(l => l.Replace('¦', '|')), outcome.Error.Traceback.Skip(1).SkipLast(1));
    }

    [Fact]
    public async Task Wrappers_that_say_nothing_are_left_out() => Assert.Equal(("IOException", "disk"),
        (await _kernel.RunAsync("Task.Run(() => { throw new IOException(\"disk\"); }).Wait();")).Outcome.Error is var e
            ? (e!.Name, e.Message) : default);

    [Fact]
    public async Task Inner_exceptions_are_named() => Assert.Contains(
        "caused by", string.Join('\n', (await _kernel.RunAsync(
            "throw new InvalidOperationException(\"a\", new IOException(\"disk\"));")).Outcome.Error!.Traceback));

    [Fact]
    public async Task What_a_failed_cell_declared_before_its_error_stays_and_hides_no_old_value()
    {
        await _kernel.TextAsync("var volume = 42; int Fail() => throw new Exception(\"no\");");
        await _kernel.RunAsync("var early = 5; var volume = Fail();");
        Assert.Equal("47", await _kernel.TextAsync("early + volume"));
    }

    [Fact]
    public async Task A_cell_that_does_not_compile_changes_nothing()
    {
        await _kernel.TextAsync("var x = 1;");
        await _kernel.RunAsync("x = 2; wrong");
        Assert.Equal("1", await _kernel.TextAsync("x"));
    }

    [Fact]
    public async Task Display_works_in_types_and_tasks_of_a_cell()
    {
        var (outcome, cell) = await _kernel.RunAsync(
            "class A { public static void Show() => display(\"in\"); } A.Show(); await Task.Run(() => Display(\"task\")); display(1)");
        Assert.Equal(CellStatus.Ok, outcome.Status);
        Assert.Equal(["in", "task", "1"], cell.Outputs.Select(o => o!["data"]!["text/plain"]!.ToString()));
    }

    [Fact]
    public async Task A_handle_updates_its_output_also_from_a_later_cell()
    {
        var (_, cell) = await _kernel.RunAsync("var handle = display(\"old\"); Console.Write(\"x\");");
        await _kernel.RunAsync("handle.Update(\"new\");");
        Assert.Equal("new", cell.Outputs[0]!["data"]!["text/plain"]!.ToString());
    }
}
