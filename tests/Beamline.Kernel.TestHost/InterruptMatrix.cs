using System.Diagnostics;
using System.Globalization;

namespace Beamline.Kernel.TestHost;

/// <summary>Interrupts cells that would never end, each in a process of its own, and says how it went.</summary>
internal static class InterruptMatrix
{
    // A cell that needs longer than this will not end at all.
    private static readonly TimeSpan Hung = TimeSpan.FromSeconds(60);

    /// <summary>Runs one case in this process and prints "answered MS left|ended" or what went wrong.</summary>
    public static async Task<int> RunCaseAsync(string name)
    {
        using var kernel = new NotebookKernel([]);
        await ExecuteAsync(kernel, InterruptCases.Setup).ConfigureAwait(false);
        var code = "AppContext.SetSwitch(\"case-started\", true); " + InterruptCases.All[name];
        var running = Task.Run(() => ExecuteAsync(kernel, code));
        while (!AppContext.TryGetSwitch("case-started", out _) && !running.IsCompleted)
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

    /// <summary>Runs all cases a number of times and prints what the bar asks for.</summary>
    public static async Task<int> RunAllAsync(int repeats)
    {
        var times = InterruptCases.All.Keys.ToDictionary(n => n, _ => new List<(double Ms, bool Left)>());
        var failures = new List<string>();
        for (var i = 0; i < repeats; i++)
        {
            foreach (var name in InterruptCases.All.Keys)
            {
                var (code, text) = await ChildAsync(name).ConfigureAwait(false);
                if (code == 0 && text.Split(' ') is ["answered", var ms, var end])
                {
                    times[name].Add((double.Parse(ms, CultureInfo.InvariantCulture), end == "left"));
                }
                else
                {
                    failures.Add($"{name}: exit code {code}: {text}");
                }
            }
        }

        foreach (var (name, all) in times.Where(t => t.Value.Count > 0))
        {
            var sorted = all.Select(t => t.Ms).Order().ToArray();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-34} {all.Count,4} of {repeats}  median {sorted[sorted.Length / 2],7:0.0} ms  worst {sorted[^1],7:0.0} ms  thread left behind {all.Count(t => t.Left)}"));
        }

        var every = times.Values.SelectMany(t => t).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"answered {every.Length} of {repeats * times.Count}; worst of those that ended {Worst(false):0.0} ms; worst of all {Worst(true):0.0} ms; crashes and other failures {failures.Count}"));
        failures.ForEach(Console.WriteLine);
        return failures.Count == 0 ? 0 : 1;

        double Worst(bool withLeft) => every.Where(t => withLeft || !t.Left).Select(t => t.Ms).DefaultIfEmpty().Max();
    }

    private static async Task<(int Code, string Text)> ChildAsync(string name)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(InterruptMatrix).Assembly.Location, "interrupt", name])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var child = Process.Start(start)!;
        var error = child.StandardError.ReadToEndAsync();
        var output = await child.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await child.WaitForExitAsync().ConfigureAwait(false);
        return (child.ExitCode, (output + await error.ConfigureAwait(false)).Trim());
    }

    private static async Task<(CellOutcome Outcome, string Result)> ExecuteAsync(NotebookKernel kernel, string code)
    {
        var cell = new NotebookCell(NotebookCellKind.Code, code);
        var sink = new OutputCollector(new DisplayIndex(), cell, (_, _, _) => { });
        var outcome = await kernel.ExecuteAsync(new CellRequest(code, "cell"), sink, CancellationToken.None).ConfigureAwait(false);
        return (outcome, cell.Outputs.LastOrDefault(o => o!["data"] is not null)?["data"]!["text/plain"]!.ToString() ?? "");
    }
}
