using System.Xml.Linq;

namespace Beamline.Kernel.Tests;

/// <summary>Notes, #!deps and #!rerun in a kernel that runs cells.</summary>
public sealed class GraphKernelTests : IDisposable
{
    private readonly NotebookKernel _kernel = new([new GraphExtension()]);
    private readonly DisplayIndex _displays = new();
    private int _count;

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public async Task A_cell_whose_input_is_out_of_date_gets_one_note_above_its_output()
    {
        await PlainAsync(("a", "var x = 1;"), ("b", "var y = x + 1;"), ("c", "Console.WriteLine(y); y"));
        await RunAsync("a", "var x = 10;");
        var cell = await RunAsync("c", "Console.WriteLine(y); y");
        Assert.Equal("stderr", (string?)cell.Outputs[0]!["name"]);
        var note = (string?)cell.Outputs[0]!["text"];
        Assert.Equal(
            $"{Ansi.Yellow}Warning: This cell uses y of cell 2, which is out of date: cell 4 ran again and made x anew. " +
            $"#!rerun stale runs what is out of date.{Ansi.Reset}\n", note);
        Assert.Equal("2\n", TestKernel.Streams(cell));

        // The same cause once only; a new cause again.
        Assert.Equal("", TestKernel.Streams(await RunAsync("c", "Console.WriteLine(y); y"), "stderr"));
        await RunAsync("a", "var x = 11;");
        Assert.Contains("y of cell 2", TestKernel.Streams(await RunAsync("c", "Console.WriteLine(y); y"), "stderr"));
    }

    [Fact]
    public async Task Notes_can_be_switched_off()
    {
        await PlainAsync(("a", "var x = 1;"), ("b", "var y = x + 1;"));
        await RunAsync("d", "#!deps --warnings off");
        await RunAsync("a", "var x = 10;");
        Assert.Equal("", TestKernel.Streams(await RunAsync("c", "y"), "stderr"));
        await RunAsync("d", "#!deps --warnings on");
        Assert.Contains("y of cell 2", TestKernel.Streams(await RunAsync("e", "y"), "stderr"));
    }

    [Fact]
    public async Task A_function_carries_what_it_reads()
    {
        await PlainAsync(("a", "var x = 1;"), ("b", "int F() => x; int G() => F() + 1;"), ("c", "var z = G();"), ("w", "x = 7;"));
        Assert.Equal([("F", "b"), ("G", "b"), ("x", "a")], Inputs("c"));
        await RunAsync("c2", "var q = G();");
        Assert.Equal([("F", "b"), ("G", "b"), ("x", "w")], Inputs("c2"));
        await RunAsync("w", "x = 8;");
        Assert.Equal(["c2"], Stale());
        await RunAsync("a", "var x = 2;");
        Assert.Equal(["b", "c", "c2", "w"], Stale());
        Assert.Contains("G of cell 2", TestKernel.Streams(await RunAsync("c", "var z = G();"), "stderr"));
    }

    [Fact]
    public async Task A_changed_list_is_not_what_it_was_when_it_is_made_anew()
    {
        await PlainAsync(("a", "var l = new List<int>();"), ("b", "l.Add(1);"), ("c", "l.Count"));
        await RunAsync("a", "var l = new List<int>();");
        Assert.Contains("l has not gone through cell 2 since cell 4 ran again", TestKernel.Streams(await RunAsync("c", "l.Count"), "stderr"));
        Assert.Equal("1", Text(await RunAsync("r", "#!rerun 4")));
    }

    [Fact]
    public async Task Rerun_stale_runs_in_order_what_is_out_of_date_and_nothing_else()
    {
        await PlainAsync(
            ("a", "var x = 1;"), ("b", "var y = x + 1;"), ("other", "var other = Guid.NewGuid();"), ("c", "var z = y * 10; z"), ("d", "#!take z --as t"));
        var other = _kernel.Session.FindVariable("other")!.Value;
        await RunAsync("a", "var x = 4;");
        Assert.Equal(["b", "c", "d"], Stale());
        var cell = await RunAsync("r", "#!rerun stale");
        Assert.Equal("", TestKernel.Streams(cell, "stderr"));
        Assert.Contains("Ran cell 2, cell 4, cell 5.", TestKernel.Streams(cell));
        var shown = cell.Outputs.Where(o => o!["data"] is not null).Select(o => (string?)o!["data"]!["text/plain"]).ToArray();
        Assert.Equal(["--- cell 2 ---", "--- cell 4 ---", "50", "--- cell 5 ---", "50"], shown);
        Assert.Equal((50, other), (_kernel.Session.FindVariable("t")!.Value, _kernel.Session.FindVariable("other")!.Value));
        Assert.Empty(Stale());
        Assert.Contains("Nothing is out of date", TestKernel.Streams(await RunAsync("r", "#!rerun stale")));
    }

    [Fact]
    public async Task Rerun_of_a_cell_runs_what_depends_on_it_and_stops_at_an_error()
    {
        await PlainAsync(("a", "var x = 1;"), ("b", "var y = 10 / x;"), ("c", "y"));
        await RunAsync("z", "x = 0;");
        var (outcome, _) = await ExecuteAsync("r", "#!rerun 2");
        Assert.Equal("DivideByZeroException", outcome.Error!.Name);
        Assert.Contains("cell 2", string.Join('\n', outcome.Error.Traceback));
        (outcome, _) = await ExecuteAsync("r", "#!rerun 99");
        Assert.Contains("no cell that ran is called 99. There are cell 1, cell 2", outcome.Error!.Message);
        await RunAsync("z", "x = 5;");
        Assert.Equal("2", Text(await RunAsync("r", "#!rerun 2")));
    }

    [Fact]
    public async Task Rerun_says_when_a_change_in_place_was_made_twice()
    {
        await PlainAsync(("l", "var l = new List<int>();"), ("q", "var q = 1;"), ("b", "l.Add(q);"), ("c", "l.Count"));
        await RunAsync("q", "var q = 2;");
        var cell = await RunAsync("r", "#!rerun stale");
        Assert.Contains("cell 3 changed l once more", TestKernel.Streams(cell, "stderr"));
        Assert.Contains("#!rerun 1", TestKernel.Streams(cell, "stderr"));
        Assert.Equal("2", Text(cell));
        Assert.Equal("1", Text(await RunAsync("r", "#!rerun 1")));
    }

    [Fact]
    public async Task Types_that_no_script_holds_are_inputs_too()
    {
        await PlainAsync(
            ("a", "static class E { extension(string s) { public int Words => 1; } }"), ("n", "namespace Lab { class Probe { } }"),
            ("b", "var n = \"x\".Words;"), ("c", "var p = new Lab.Probe();"), ("d", "var other = 1;"));
        await RunAsync("a", "static class E { extension(string s) { public int Words => 2; } }");
        Assert.Equal(["b"], Stale());
        await RunAsync("n", "namespace Lab { class Probe { int x; } }");
        Assert.Equal(["b", "c"], Stale());
    }

    [Fact]
    public async Task Restart_run_makes_the_session_new_and_runs_the_cells_in_order()
    {
        Assert.Contains("There was no cell to run", TestKernel.Streams(await RunAsync("r", "#!restart-run")));
        await PlainAsync(("a", "var x = 1;"), ("b", "var l = new List<int>();"), ("c", "l.Add(x); Console.WriteLine(\"c\");"));
        await ExecuteAsync("bad", "var gone = x / 0; throw new InvalidOperationException();");
        await RunAsync("c", "l.Add(x); Console.WriteLine(\"c\");");
        await RunAsync("late", "l.Count");
        await RunAsync("a", "var x = 7;");
        var cell = await RunAsync("r", "#!restart-run");
        Assert.Equal("1", Text(cell));
        Assert.StartsWith("c\nThe C# session is new, and cell ", TestKernel.Streams(cell));
        Assert.Matches("Left out, because they had failed: cell [0-9]+", TestKernel.Streams(cell));
        Assert.Equal(7, _kernel.Session.FindVariable("x")!.Value);
        Assert.Equal(new[] { 7 }, _kernel.Session.FindVariable("l")!.Value);
        Assert.Null(_kernel.Session.FindVariable("gone"));
        Assert.Equal(["bad"], Stale());
        Assert.Contains("a cell of its own", (await TwiceAsync()).Error!.Message);

        async Task<CellOutcome> TwiceAsync()
        {
            await RunAsync("w", "#!restart-run\nvar w = 1;");
            return (await ExecuteAsync("r", "#!restart-run")).Outcome;
        }
    }

    [Fact]
    public async Task Rerun_in_a_cell_that_is_run_again_is_refused()
    {
        await PlainAsync(("a", "var x = 1;"), ("b", "#!rerun stale\nvar y = x;"));
        await RunAsync("a", "var x = 2;");
        var (outcome, _) = await ExecuteAsync("r", "#!rerun stale");
        Assert.Contains("put it into a cell of its own", outcome.Error!.Message);
    }

    [Fact]
    public async Task A_cell_that_does_not_compile_makes_its_users_out_of_date_until_it_runs()
    {
        await PlainAsync(("a", "var x = 1;"), ("b", "var y = x;"));
        await ExecuteAsync("a", "var x = ;");
        Assert.Equal(["a", "b"], Stale());
        Assert.Contains("x of cell 1, which is out of date: cell 1 was changed and did not compile", TestKernel.Streams(await RunAsync("b", "var y = x;"), "stderr"));
        await RunAsync("a", "var x = 1;");
        await RunAsync("b", "var y = x;");
        Assert.Empty(Stale());
    }

    [Fact]
    public async Task A_variable_that_its_cell_no_longer_makes_is_told()
    {
        await PlainAsync(("a", "var x = 1;"), ("b", "var y = x;"));
        await RunAsync("a", "var other = 1;");
        Assert.Contains("x of an earlier run of cell 3, which ran again since and no longer made it", TestKernel.Streams(await RunAsync("b", "var y = x;"), "stderr"));
    }

    [Fact]
    public async Task Cells_that_read_of_each_other_do_not_go_round_in_circles()
    {
        await PlainAsync(("o", "int x = 0, y = 0;"), ("a", "x = y + 1;"), ("b", "y = x + 1;"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("", TestKernel.Streams(await RunAsync("a", "x = y + 1;"), "stderr"));
            Assert.Equal(["b"], Stale());
            Assert.Equal("", TestKernel.Streams(await RunAsync("b", "y = x + 1;"), "stderr"));
            Assert.Empty(Stale());
        }
    }

    [Fact]
    public async Task A_failed_cell_counts_with_what_it_may_have_written()
    {
        await PlainAsync(("a", "var x = 1;"), ("b", "var y = x;"));
        var (outcome, _) = await ExecuteAsync("a", "var x = 2; throw new Exception(\"no\");");
        Assert.Equal(CellStatus.Failed, outcome.Status);
        Assert.Equal(["b"], Stale());
    }

    [Fact]
    public async Task Without_ids_cells_are_known_by_their_text_and_twins_are_kept_apart()
    {
        await PlainAsync((null, "var x = 1;"), (null, "x++;"), (null, "var y = x;"), (null, "x++;"), (null, "y"));
        Assert.Empty(Stale());
        await RunAsync(null, "var x = 1;");
        Assert.Contains("y of cell 3", TestKernel.Streams(await RunAsync(null, "y + 0"), "stderr"));
    }

    [Fact]
    public async Task What_front_ends_ask_silently_is_no_cell()
    {
        await RunAsync("a", "var x = 1;");
        await _kernel.ExecuteAsync(new CellRequest("var hidden = x;", "hidden cell") { IsTracked = false }, Sink(new NotebookCell(NotebookCellKind.Code, "")), default);
        Assert.Equal("a", string.Join(' ', Read(g => g.Cells.Select(c => c.Key).ToArray())));
    }

    [Fact]
    public async Task Deps_draws_well_formed_escaped_pictures_with_the_same_in_words()
    {
        Assert.Contains("No cell has run yet", Text(await RunAsync("d", "#!deps")));
        await PlainAsync(("a", "var x = \"<script>alert(1)</script> & \\u0001\"; // \u0001"), ("b", "var y = x.Length;"), ("c", "y"));
        await RunAsync("a", "var x = \"<b>\";");
        var cell = await RunAsync("d", "#!deps");
        var data = cell.Outputs[^1]!["data"]!;
        var html = (string)data["text/html"]!;
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("<b>", html);
        Assert.DoesNotContain("http", html.Replace("http://www.w3.org/2000/svg", ""));
        var svg = XElement.Parse(html[html.IndexOf("<svg", StringComparison.Ordinal)..(html.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
        XNamespace ns = "http://www.w3.org/2000/svg";
        Assert.Equal("img", (string?)svg.Attribute("role"));
        var ids = svg.Descendants().Select(e => (string?)e.Attribute("id")).Where(i => i is not null).ToArray();
        Assert.All(((string)svg.Attribute("aria-labelledby")!).Split(' '), id => Assert.Contains(id, ids));
        Assert.Equal(3, svg.Elements(ns + "g").Count());
        Assert.Equal(2, svg.Elements(ns + "path").Count());
        Assert.Equal(2, svg.Descendants(ns + "rect").Count(r => r.Attribute("stroke-dasharray") is not null));
        var text = (string)data["text/plain"]!;
        Assert.Contains("cell 3: makes y; uses x of cell 5; OUT OF DATE: cell 5 ran again and made x anew", text);
        Assert.Contains("2 of 3 cells out of date", text);
        Assert.Contains("A kernel knows only cells that ran", text);
    }

    [Fact]
    public async Task Deps_of_a_name_tells_makers_and_users()
    {
        await PlainAsync(("a", "var x = 1;"), ("b", "var y = x;"), ("c", "var z = y;"), ("w", "x = 3;"));
        Assert.Equal(
            "x is made by cell 1\nx is changed by cell 4 (its present value)\n  which uses x of cell 1\n" +
            "x is used by cell 2, cell 4\nand through them by cell 3", Text(await RunAsync("d", "#!deps x")));
        var (outcome, _) = await ExecuteAsync("d", "#!deps zz");
        Assert.Contains("No cell that ran makes zz. Did you mean z?", outcome.Error!.Message);
    }

    [Fact]
    public async Task Lint_tells_cell_line_and_that_only_cells_that_ran_are_known()
    {
        await RunAsync("b", "int y = 2;");
        await RunAsync("a", "var x = 1;\nvar unused = y;");
        var text = Text(await RunAsync("l", "#!lint"));
        Assert.Contains("cell 2, line 2 (unused-variable): makes unused, which no cell uses.", text);
        Assert.Contains("A kernel knows only cells that ran", text);
        Assert.StartsWith("No problems", Text(await RunAsync("l", "#!lint --ignore unused-variable")));
        var (outcome, _) = await ExecuteAsync("l", "#!lint --ignore unusde-variable");
        Assert.Contains("Did you mean unused-variable?", outcome.Error!.Message);
    }

    private async Task PlainAsync(params (string? Id, string Code)[] cells)
    {
        foreach (var (id, code) in cells)
        {
            Assert.Equal("", TestKernel.Streams(await RunAsync(id, code), "stderr"));
        }

        Assert.Empty(Stale());
    }

    private async Task<NotebookCell> RunAsync(string? id, string code)
    {
        var (outcome, cell) = await ExecuteAsync(id, code);
        Assert.True(outcome.Status == CellStatus.Ok, string.Join('\n', outcome.Error?.Traceback ?? []));
        return cell;
    }

    private async Task<(CellOutcome Outcome, NotebookCell Cell)> ExecuteAsync(string? id, string code)
    {
        var cell = new NotebookCell(NotebookCellKind.Code, code);
        var outcome = await _kernel.ExecuteAsync(new CellRequest(code, $"cell {++_count}") { CellId = id }, Sink(cell), default);
        Assert.Null(_kernel.Graph.Failure);
        return (outcome, cell);
    }

    private OutputCollector Sink(NotebookCell cell) => new(_displays, cell, (_, _, _) => { });

    private string[] Stale() => Read(g => g.AllStale().Select(s => s.Cell.Key).Order(StringComparer.Ordinal).ToArray());

    private (string, string)[] Inputs(string key) => Read(g => g.Find(key)!.Inputs.Select(i => (i.Name, i.Producer.Key)).Order().ToArray());

    private T Read<T>(Func<NotebookGraph, T> read)
    {
        _kernel.Graph.Wait();
        return _kernel.Graph.Read(read);
    }

    private static string? Text(NotebookCell cell) =>
        (string?)cell.Outputs.LastOrDefault(o => o!["data"] is not null)?["data"]!["text/plain"];
}
