namespace Beamline.Kernel.Tests;

public sealed class InterruptTests : IDisposable
{
    private readonly TestKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Theory]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("new SemaphoreSlim(0).Wait();")]
    [InlineData("new ManualResetEvent(false).WaitOne();")]
    [InlineData("await new TaskCompletionSource().Task;")]
    [InlineData("await Task.Delay(-1, CellCancellation);")]
    [InlineData("new TaskCompletionSource().Task.Wait();")]
    [InlineData("while (true) Beamline.Compute.RunContext.Current.Report(\"a\", 0);")]
    public async Task Waits_and_cooperative_loops_stop_without_losing_the_thread(string code)
    {
        await _kernel.TextAsync("var keep = 41;");
        var (outcome, _) = await InterruptAsync(code);
        Assert.Equal(CellStatus.Interrupted, outcome.Status);
        Assert.Equal("Interrupted", outcome.Error!.Name);
        Assert.False(outcome.Abandoned);
        Assert.Equal("42", await _kernel.TextAsync("new SemaphoreSlim(1).Wait(100); keep + 1"));
    }

    [Fact]
    public async Task A_native_call_is_left_behind_and_earlier_variables_survive()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "usleep is of Unix");
        await _kernel.TextAsync("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int usleep(uint us); var keep = 41; var ended = false;");
        var (outcome, cell) = await InterruptAsync(
            "var keep = 1; usleep(4000000); keep = 99; ended = true; Console.Write(\"ghost\");");
        Assert.Equal(CellStatus.Interrupted, outcome.Status);
        Assert.True(outcome.Abandoned);
        Assert.Equal("42", await _kernel.TextAsync("keep + 1"));

        // The abandoned code ends now, and neither its state nor its output may come back.
        await _kernel.TextAsync("while (!ended) await Task.Delay(50); await Task.Delay(300);");
        Assert.Equal("42", await _kernel.TextAsync("keep + 1"));
        Assert.Equal("", TestKernel.Streams(cell));
    }

    [Theory]
    [InlineData("Thread.Sleep(-1);")]
    [InlineData("await Task.Delay(-1);")]
    public async Task A_limit_stops_a_cell(string code)
    {
        var (outcome, _) = await _kernel.RunAsync(code, TimeSpan.FromMilliseconds(300));
        Assert.Equal((CellStatus.TimedOut, "TimeoutException"), (outcome.Status, outcome.Error!.Name));
        Assert.Equal("2", await _kernel.TextAsync("1 + 1"));
    }

    [Fact]
    public async Task A_cancellation_of_the_users_own_is_an_error_of_the_cell()
    {
        var (outcome, _) = await _kernel.RunAsync("throw new OperationCanceledException(\"mine\");");
        Assert.Equal(CellStatus.Failed, outcome.Status);
    }

    /// <summary>Interrupts code when it runs: not while it is still compiled, however busy the machine is.</summary>
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
