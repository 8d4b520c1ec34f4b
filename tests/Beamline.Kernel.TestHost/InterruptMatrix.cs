using System.Diagnostics;
using System.Globalization;

namespace Beamline.Kernel.TestHost;

/// <summary>Interrupts cells that would never end and says how it went.</summary>
internal static class InterruptMatrix
{
    // A cell that needs longer than this will not end at all.
    private static readonly TimeSpan Hung = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Runs cases one after the other in one session of this process and prints for each "answered MS left|ended",
    /// up to the first that went wrong.
    /// </summary>
    public static async Task<int> RunCasesAsync(IEnumerable<string> names)
    {
        using var kernel = new NotebookKernel([]);
        await ExecuteAsync(kernel, InterruptCases.Setup).ConfigureAwait(false);
        foreach (var name in names)
        {
            var code = await RunCaseAsync(kernel, name).ConfigureAwait(false);
            if (code != 0)
            {
                return code;
            }
        }

        return 0;
    }

    private static async Task<int> RunCaseAsync(NotebookKernel kernel, string name)
    {
        AppContext.SetSwitch("case-started", false);
        var code = "AppContext.SetSwitch(\"case-started\", true); " + InterruptCases.All[name];
        var running = Task.Run(() => ExecuteAsync(kernel, code));
        while (!(AppContext.TryGetSwitch("case-started", out var started) && started) && !running.IsCompleted)
        {
            await Task.Delay(5).ConfigureAwait(false);
        }

        // Long enough that the code is where it stays: in its loop, its wait, its native call.
        await Task.Delay(250).ConfigureAwait(false);
        if (running.IsCompleted)
        {
            Console.WriteLine($"ended before the interrupt: {(await running.ConfigureAwait(false)).Outcome}");
            return 3;
        }

        var watch = Stopwatch.StartNew();
        kernel.Interrupt();
        if (await Task.WhenAny(running, Task.Delay(Hung)).ConfigureAwait(false) != running)
        {
            Console.WriteLine("not answered");
            return 4;
        }

        var milliseconds = watch.Elapsed.TotalMilliseconds;
        var (outcome, _) = await running.ConfigureAwait(false);
        var next = ExecuteAsync(kernel, "keep + 1");
        if (await Task.WhenAny(next, Task.Delay(Hung)).ConfigureAwait(false) != next ||
            (await next.ConfigureAwait(false)).Result != "42")
        {
            Console.WriteLine($"state lost: {(next.IsCompleted ? next.Result : "no answer")}");
            return 5;
        }

        if (outcome.Status is not CellStatus.Interrupted && name != "cooperative token")
        {
            Console.WriteLine($"answered as {outcome.Status}: {outcome.Error?.Message}");
            return 6;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"answered {milliseconds:0.0} {(outcome.Abandoned ? "left" : "ended")}"));
        return 0;
    }

    private static async Task<(CellOutcome Outcome, string Result)> ExecuteAsync(NotebookKernel kernel, string code)
    {
        var cell = new NotebookCell(NotebookCellKind.Code, code);
        var sink = new OutputCollector(new DisplayIndex(), cell, (_, _, _) => { });
        var outcome = await kernel.ExecuteAsync(new CellRequest(code, "cell"), sink, CancellationToken.None).ConfigureAwait(false);
        return (outcome, cell.Outputs.LastOrDefault(o => o!["data"] is not null)?["data"]!["text/plain"]!.ToString() ?? "");
    }
}
