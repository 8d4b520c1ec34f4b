using System.Diagnostics;
using System.Globalization;

namespace Beamline.Benchmarks;

/// <summary>Whole runs of <c>beamline run</c> as child processes: seconds and peak memory.</summary>
internal static class CommandLineRuns
{
    internal static IEnumerable<BenchRow> Rows()
    {
        var folder = Directory.CreateTempSubdirectory("beamline-bench").FullName;
        try
        {
            foreach (var row in Rows(folder))
            {
                yield return row;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<BenchRow> Rows(string folder)
    {
        var small = Path.Combine(folder, "one.ipynb");
        File.WriteAllText(small, Notebook("1 + 1"));
        var runs = Enumerable.Range(0, 4).Select(_ => Run(folder, small)).ToList();
        yield return new BenchRow
        {
            Name = "beamline run, one-cell notebook",
            Value = runs.Skip(1).Min(r => r.Seconds),
            Unit = "s",
            Comparison = "<=",
            Bar = 3,
            Threads = Environment.ProcessorCount,
            Note = $"built, least of 3 after one; worst {runs.Max(r => r.Seconds):0.00} s; exit {runs[^1].ExitCode}",
        };

        var tutorial = Repository("notebooks/01-first-reconstruction.ipynb");
        var sample = Repository("data-samples/foam.h5");
        if (tutorial is null || sample is null)
        {
            yield return new BenchRow { Name = "Notebook 01 on the sample", Unit = "s", Note = "not measured: run from the repository" };
            yield break;
        }

        var run = Run(folder, tutorial, "-p", $"data={sample}", "-p", $"results={folder}", "--html", Path.Combine(folder, "page.html"));
        yield return new BenchRow
        {
            Name = "Notebook 01 on the sample",
            Value = run.ExitCode == 0 ? run.Seconds : null,
            Unit = "s",
            Comparison = "<=",
            Bar = 60,
            Threads = Environment.ProcessorCount,
            Note = $"exit {run.ExitCode}, with the web page",
        };
        yield return new BenchRow
        {
            Name = "Notebook 01 on the sample, peak memory",
            Value = run.ExitCode == 0 ? run.PeakBytes / 1e9 : null,
            Unit = "GB",
            Comparison = "<=",
            Bar = 1,
            Threads = Environment.ProcessorCount,
            Note = "peak resident set of the process",
        };
        yield return MemoryLimit(folder);
    }

    /// <summary>A volume four times larger than the limit.</summary>
    private static BenchRow MemoryLimit(string folder)
    {
        const long Limit = 400_000_000;
        const int Columns = 1024;
        const int Rows = 384;
        var notebook = Path.Combine(folder, "large.ipynb");
        File.WriteAllText(notebook, Notebook(
            $$"""
            class Discs(int rows) : ProjectionStack(Enumerable.Range(0, 24).Select(i => i * 7.5).ToArray(), rows, {{Columns}})
            {
                protected override void ReadCore(StackRegion region, Span<float> destination)
                {
                    for (var i = 0; i < destination.Length; i++)
                    {
                        var t = (i % {{Columns}}) - {{(Columns - 1) / 2.0}};
                        destination[i] = t * t < 160000 ? (float)(0.002 * Math.Sqrt(160000 - t * t)) : 0;
                    }
                }
            }
            var volume = Reconstruction.Fbp(new Discs({{Rows}}) { Quantity = Quantity.LineIntegral }, RotationAxis.Middle({{Columns}}));
            """));
        var run = Run(folder, notebook, "--memory-limit", $"{Limit}");
        var volumeBytes = (double)Rows * Columns * Columns * sizeof(float);
        return new BenchRow
        {
            Name = "Peak memory over --memory-limit, volume 4 times larger",
            Value = run.ExitCode == 0 ? run.PeakBytes / (double)Limit : null,
            Unit = "ratio",
            Comparison = "<=",
            Bar = 1,
            Threads = Environment.ProcessorCount,
            Note = $"limit {Limit / 1e6:0} MB, volume {volumeBytes / 1e6:0} MB, peak {run.PeakBytes / 1e6:0} MB of the whole process, {run.Seconds:0.0} s, exit {run.ExitCode}",
        };
    }

    private static (double Seconds, long PeakBytes, int ExitCode) Run(string folder, string notebook, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] all =
        [
            Path.Combine(AppContext.BaseDirectory, "beamline.dll"), "run", notebook, "-o", Path.Combine(folder, "done.ipynb"), .. arguments,
        ];
        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["TMPDIR"] = folder;
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        long peak = 0;
        while (!process.WaitForExit(20))
        {
            peak = Math.Max(peak, PeakOf(process.Id));
        }

        return (watch.Elapsed.TotalSeconds, peak, process.ExitCode);
    }

    /// <summary>The high-water mark that the kernel keeps, so that nothing between two looks is missed but the last moment.</summary>
    private static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            // The process has just ended.
            return 0;
        }
    }

    private static string Notebook(string code) => new System.Text.Json.Nodes.JsonObject
    {
        ["cells"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
        {
            ["cell_type"] = "code",
            ["id"] = "only",
            ["execution_count"] = null,
            ["metadata"] = new System.Text.Json.Nodes.JsonObject(),
            ["outputs"] = new System.Text.Json.Nodes.JsonArray(),
            ["source"] = code,
        }),
        ["metadata"] = new System.Text.Json.Nodes.JsonObject(),
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }.ToJsonString();

    private static string? Repository(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Interactive.sln")))
            {
                var path = Path.Combine(folder.FullName, relative);
                return File.Exists(path) ? path : null;
            }
        }

        return null;
    }
}
