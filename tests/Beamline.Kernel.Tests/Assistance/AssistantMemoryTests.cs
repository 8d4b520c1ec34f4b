using System.Diagnostics;
using Beamline.Tests;

namespace Beamline.Kernel.Tests;

/// <summary>Each runs in a process of its own, because what is measured is the memory of the process.</summary>
public sealed class AssistantMemoryTests
{
    private const string Variable = "BEAMLINE_ASSISTANT_MEMORY";
    private const int Requests = 1000;

    [Fact]
    public Task A_thousand_light_requests_stay_within_60_MiB() => InChildAsync("light", 60);

    [Fact]
    public Task A_thousand_full_requests_stay_within_250_MiB() => InChildAsync("full", 250);

    private static async Task InChildAsync(string tier, double bound)
    {
        switch (Environment.GetEnvironmentVariable(Variable))
        {
            case null:
                await ChildTests.RunAsync(typeof(AssistantMemoryTests), Variable, tier);
                break;
            case var asked when asked == tier:
                await MeasureAsync(tier, bound);
                break;
        }
    }

    private static async Task MeasureAsync(string tier, double bound)
    {
        using var kernel = new TestKernel();
        for (var i = 0; i < 60; i++)
        {
            await kernel.TextAsync($"var x{i} = {i}; int F{i}(int n) => n + {i}; List<double> list{i} = [{i}]; x{i}");
        }

        var light = new LightAssistant(kernel.Kernel);
        using var full = tier == "full" ? new FullAssistant(kernel.Kernel, light, TimeSpan.FromMinutes(1)) : null;
        ICodeAssistant assistant = full is null ? light : full;
        if (full is not null)
        {
            await full.Ready;
        }

        var before = Resident();
        var times = new List<double>();
        var processor = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Requests; i++)
        {
            // No two texts are the same, as when someone types.
            var (code, wanted) = (i % 5) switch
            {
                0 => ($"var a{i} = 1; list{i % 60}.Whe", "Where"),
                1 => ($"var b{i} = 1; x{i % 60}", $"x{i % 60}"),
                2 => ($"var c{i} = 1; Console.Wri", "WriteLine"),
                3 => ($"var d{i} = list{i % 60}.Select(v => v.CompareT", "CompareTo"),
                _ => ($"var e{i} = new StringBui", "StringBuilder"),
            };
            var watch = Stopwatch.StartNew();
            var found = assistant.Complete(code, code.Length);
            times.Add(watch.Elapsed.TotalMilliseconds);
            Assert.Contains(found.Items, item => item.Text == wanted);
            if (i % 10 == 0)
            {
                Assert.NotNull(assistant.Inspect($"var f{i} = 1; Console.WriteLine(x{i % 60}", 24 + $"{i}".Length, 1));
            }
        }

        var used = (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / Requests;
        var growth = Resident() - before;
        var each = string.Join(' ', Enumerable.Range(0, 5).Select(kind =>
            times.Where((_, i) => i % 5 == kind).Order().ElementAt(Requests / 10).ToString("0.0")));
        times.Sort();
        var report = $"{tier}: {growth:0} MiB more after {Requests} requests ({before:0} before); " +
            $"median {times[Requests / 2]:0.0} ms, 95 % {times[Requests * 95 / 100]:0.0} ms, worst {times[^1]:0} ms; {used:0.0} ms of processor time each; medians of members, names, statics, lambdas, types: {each} ms";
        if (Environment.GetEnvironmentVariable("BEAMLINE_REPORT") is { } path)
        {
            await File.AppendAllTextAsync(path, report + "\n");
        }

        Assert.True(growth < bound, report);
    }

    private static double Resident()
    {
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1048576.0;
    }
}
