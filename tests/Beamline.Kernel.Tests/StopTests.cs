using System.Diagnostics;

namespace Beamline.Kernel.Tests;

/// <summary>Which code an interrupt ends, and which it leaves alone.</summary>
public sealed class StopTests : IDisposable
{
    private readonly TestKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("while (true) { try { while (true) ; } catch { } }")]
    [InlineData("void F() { F2(); } void F2() { while (true) { } } F();")]
    [InlineData("var n = 0; again: n++; goto again;")]
    [InlineData("Enumerable.Range(0, int.MaxValue).Count(x => Enumerable.Range(0, 1000).All(y => y >= 0) && x < 0)")]
    [InlineData("class A { public int P { get { while (true) { } } } } new A().P")]
    [InlineData("await foreach (var x in Forever()) { } async IAsyncEnumerable<int> Forever() { while (true) { await Task.Yield(); yield return 1; } }")]
    public async Task Endless_code_ends_without_losing_its_thread(string code)
    {
        await _kernel.TextAsync("var keep = 41;");
        var (outcome, _) = await InterruptAsync(code);
        Assert.Equal((CellStatus.Interrupted, false), (outcome.Status, outcome.Abandoned));
        Assert.Equal("42", await _kernel.TextAsync("keep + 1"));
    }

    [Fact]
    public async Task Finally_blocks_may_call_functions_that_loop()
    {
        await _kernel.TextAsync("var saved = 0; void Save() { for (var i = 0; i < 100; i++) saved++; }");
        await InterruptAsync("try { while (true) { } } finally { Save(); }");
        Assert.Equal("100", await _kernel.TextAsync("saved"));
    }

    [Fact]
    public async Task Who_catches_the_stop_by_name_may_keep_partial_results()
    {
        await _kernel.TextAsync("var part = 0; var kept = 0;");
        var (outcome, _) = await InterruptAsync(
            "try { while (true) part++; } catch (OperationCanceledException) { kept = part; throw; }");
        Assert.Equal(CellStatus.Interrupted, outcome.Status);
        Assert.Equal("True", await _kernel.TextAsync("kept > 0 && kept == part"));
    }

    [Fact]
    public async Task Who_catches_the_stop_for_ever_is_stopped_all_the_same()
    {
        var (outcome, _) = await InterruptAsync("while (true) try { while (true) { } } catch (OperationCanceledException) { }");
        Assert.Equal((CellStatus.Interrupted, false), (outcome.Status, outcome.Abandoned));
    }

    [Fact]
    public async Task A_task_of_an_earlier_cell_goes_on()
    {
        await _kernel.TextAsync("long ticks = 0; var background = Task.Run(async () => { while (true) { ticks++; await Task.Delay(1); } });");
        await InterruptAsync("while (true) { }");
        Assert.Equal("True", await _kernel.TextAsync("var before = ticks; while (ticks == before) await Task.Delay(5); !background.IsCompleted"));
    }

    [Fact]
    public async Task A_task_of_the_stopped_cell_ends_while_the_next_cell_runs()
    {
        await _kernel.TextAsync("Task task = null;");
        await InterruptAsync("task = Task.Run(() => { while (true) { } }); while (true) { }");
        Assert.Equal("True", await _kernel.TextAsync("Task.WaitAny([task], 20000) == 0"));
    }

    [Fact]
    public async Task A_loop_behind_a_long_native_call_ends_although_its_cell_was_left_behind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "usleep is of Unix");
        await _kernel.TextAsync(
            "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int usleep(uint us); var end = new TaskCompletionSource();");
        var (outcome, _) = await InterruptAsync("usleep(4000000); try { while (true) { } } finally { end.SetResult(); }");
        Assert.True(outcome.Abandoned);

        // It comes out of the native call while this cell runs, and this cell is not touched.
        Assert.Equal("1", await _kernel.TextAsync("await end.Task.WaitAsync(TimeSpan.FromSeconds(30)); 1"));
    }

    [Fact]
    public async Task What_a_stopped_cell_still_waits_for_does_not_bring_its_state_back()
    {
        await _kernel.TextAsync("var gate = new TaskCompletionSource();");
        await InterruptAsync("await gate.Task; var late = 1;");
        await _kernel.TextAsync("var newer = 5; gate.SetResult(); await Task.Delay(300);");
        Assert.Equal("6", await _kernel.TextAsync("newer + 1"));
    }

    [Fact]
    public async Task An_exception_of_the_cells_own_stays_an_error_while_nothing_is_stopped() => Assert.Equal(
        "caught", await _kernel.TextAsync("string r = \"\"; try { throw new OperationCanceledException(); } catch { r = \"caught\"; } r"));

    [Fact]
    public async Task An_interrupt_before_the_cell_begins_keeps_it_from_beginning()
    {
        var ticket = _kernel.Kernel.Queue.Add();
        _kernel.Kernel.Interrupt();
        var cell = new NotebookCell(NotebookCellKind.Code, "");
        var sink = new OutputCollector(new DisplayIndex(), cell, (_, _, _) => { });
        var outcome = await _kernel.Kernel.ExecuteAsync(
            new CellRequest("var ran = 1;", "cell") { Ticket = ticket }, sink, CancellationToken.None);
        Assert.Equal(CellStatus.Interrupted, outcome.Status);
        Assert.Contains("before it started", outcome.Error!.Message);
        Assert.DoesNotContain(_kernel.Kernel.Session.Variables(), v => v.Name == "ran");
        Assert.Equal("2", await _kernel.TextAsync("1 + 1"));
    }

    [Fact]
    public async Task A_cancelled_token_keeps_a_cell_from_beginning()
    {
        var (outcome, _) = await _kernel.RunAsync("var ran = 1;", token: new CancellationToken(canceled: true));
        Assert.Equal(CellStatus.Interrupted, outcome.Status);
        Assert.Empty(_kernel.Kernel.Session.Variables());
    }

    [Theory]
    [InlineData("int F(int n)\n{\n    return F(n + 1) + 1;\n}\nF(0)", "F (cell 2, line 2)")]
    [InlineData("class A { public int P => P; } new A().P", "P (cell 2, line 1)")]
    [InlineData("class A { public override string ToString() => $\"<{this}>\"; } new A().ToString()", "ToString (cell 2, line 1)")]
    [InlineData("Func<int, int> f = null; f = x => f(x) + 1; f(1)", "A function (cell 2, line 1)")]
    [InlineData("record R { public R() { new R(); } } new R()", "(cell 2, line 1)")]
    public async Task Endless_recursion_is_an_error_of_the_cell(string code, string place)
    {
        await _kernel.TextAsync("var keep = 41;");
        var watch = Stopwatch.StartNew();
        var (outcome, _) = await _kernel.RunAsync(code);
        TestContext.Current.TestOutputHelper!.WriteLine($"{watch.ElapsedMilliseconds} ms");
        Assert.Equal("InsufficientExecutionStackException", outcome.Error!.Name);
        Assert.Contains(place, outcome.Error.Message);
        Assert.Equal("42", await _kernel.TextAsync("keep + 1"));
    }

    private async Task<(CellOutcome Outcome, NotebookCell Cell)> InterruptAsync(string code)
    {
        var started = $"started-{Guid.NewGuid():N}";
        using var stop = new CancellationTokenSource();
        var running = _kernel.RunAsync($"AppContext.SetSwitch(\"{started}\", true); {code}", token: stop.Token);
        while (!AppContext.TryGetSwitch(started, out _) && !running.IsCompleted)
        {
            await Task.Delay(10);
        }

        await stop.CancelAsync();
        return await running;
    }
}
