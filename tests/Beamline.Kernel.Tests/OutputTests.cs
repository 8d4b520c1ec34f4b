using Beamline.Compute;

namespace Beamline.Kernel.Tests;

public sealed class OutputTests : IDisposable
{
    private readonly TestKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public async Task Streams_and_displays_keep_their_order()
    {
        var (_, cell) = await _kernel.RunAsync(
            "Console.Write(\"a\"); Console.Write(\"b\"); display(1); Console.Error.Write(\"e\"); Console.WriteLine(\"c\"); 2");
        Assert.Equal(
            ["stream ab", "display_data", "stream e", "stream c\n", "execute_result"],
            cell.Outputs.Select(o => $"{o!["output_type"]} {o["text"]}".Trim(' ')));
    }

    [Fact]
    public async Task A_flood_of_50_MB_keeps_head_and_tail_and_counts_the_rest()
    {
        var (outcome, cell) = await _kernel.RunAsync(
            "Console.WriteLine(\"FIRST\"); for (var i = 0; i < 500_000; i++) Console.WriteLine(new string('x', 99)); Console.Write(\"LAST\");");
        Assert.Equal(CellStatus.Ok, outcome.Status);
        var text = TestKernel.Streams(cell);
        Assert.StartsWith("FIRST\n", text);
        Assert.EndsWith("LAST", text);
        Assert.InRange(text.Length, 2 << 20, (2 << 20) + 20_000);
        var dropped = 50_000_010 - text.Length;
        Assert.Contains($"[{dropped:N0} bytes of output dropped", TestKernel.Streams(cell, "stderr"));
    }

    [Fact]
    public async Task Output_of_two_flows_reaches_the_cell_that_started_them()
    {
        var (_, first) = await _kernel.RunAsync(
            "var go = new TaskCompletionSource(); var late = Task.Run(async () => { await go.Task; Console.Write(\"late\"); });");
        var (_, second) = await _kernel.RunAsync("Console.Write(\"second\"); go.SetResult(); await late;");
        Assert.Equal("second", TestKernel.Streams(second));
        await _kernel.RunAsync("await Task.Delay(300);");
        Assert.Equal("late", TestKernel.Streams(first));
    }

    [Fact]
    public async Task Clear_output_removes_at_once_or_with_the_next_output()
    {
        var (_, cell) = await _kernel.RunAsync("Console.Write(1); ClearOutput(); Console.Write(2); clear_output(wait: true);");
        Assert.Equal("2", TestKernel.Streams(cell));
        (_, cell) = await _kernel.RunAsync("Console.Write(1); clear_output(true); Console.Write(2);");
        Assert.Equal("2", TestKernel.Streams(cell));
    }

    [Fact]
    public async Task The_cell_has_a_run_context_with_warnings_once_per_text()
    {
        var (_, cell) = await _kernel.RunAsync(
            "for (var i = 0; i < 3; i++) Beamline.Compute.RunContext.Current.Warning!(\"thin\");" +
            "Beamline.Compute.RunContext.Current.CancellationToken.CanBeCanceled");
        Assert.Equal("\u001b[33mWarning: thin\u001b[0m\n", TestKernel.Streams(cell, "stderr"));
        Assert.Equal("True", cell.Outputs[^1]!["data"]!["text/plain"]!.ToString());
        Assert.Null(RunContext.Current.Warning);
    }

    [Fact]
    public async Task Progress_is_silent_in_the_first_second_and_thinned_after_it()
    {
        await _kernel.TextAsync(
            "var w = System.Diagnostics.Stopwatch.StartNew(); while (w.ElapsedMilliseconds < 2000) Beamline.Compute.RunContext.Current.Report(\"a\", 0.5);");
        var thinned = _kernel.Reports[..^1];
        Assert.NotEmpty(thinned);
        Assert.True(thinned[0].Elapsed >= TimeSpan.FromSeconds(1));
        Assert.All(thinned.Zip(thinned.Skip(1)), pair =>
            Assert.True(pair.Second.Elapsed - pair.First.Elapsed >= TimeSpan.FromMilliseconds(200)));
        Assert.Equal([.. thinned.Select(_ => false), true], _kernel.Reports.Select(r => r.IsLast));
    }

    [Fact]
    public async Task Console_input_without_a_front_end_says_so()
    {
        var (outcome, _) = await _kernel.RunAsync("Console.ReadLine()");
        Assert.Contains("without a front end", outcome.Error!.Message);
    }
}
