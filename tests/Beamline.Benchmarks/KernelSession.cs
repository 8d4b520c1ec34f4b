using System.Text.Json.Nodes;
using Beamline.Kernel;

namespace Beamline.Benchmarks;

/// <summary>The kernel as a front end feels it, and ipykernel in the same run by turns.</summary>
internal static class KernelSession
{
    private const int Starts = 5;

    internal static IEnumerable<BenchRow> Rows()
    {
        var folder = Directory.CreateTempSubdirectory("beamline-bench").FullName;
        try
        {
            KernelSpecInstaller.Install(
                KernelSpecPlace.Prefix(folder),
                ["dotnet", Path.Combine(AppContext.BaseDirectory, "beamline.dll"), "kernel", "start", "{connection_file}"]);
            foreach (var (name, value) in new[]
            {
                ("JUPYTER_PATH", Path.Combine(folder, "share", "jupyter")), ("JUPYTER_RUNTIME_DIR", Path.Combine(folder, "runtime")),
                ("IPYTHONDIR", Path.Combine(folder, "ipython")), ("XDG_CACHE_HOME", Path.Combine(folder, "cache")),
                ("XDG_DATA_HOME", Path.Combine(folder, "data")), ("BEAMLINE_HISTORY", Path.Combine(folder, "history.jsonl")),
            })
            {
                Environment.SetEnvironmentVariable(name, value);
            }

            foreach (var row in Measure())
            {
                yield return row;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<BenchRow> Measure()
    {
        var ours = new Kernel("beamline");
        var theirs = new Kernel("python3");
        for (var i = 0; i < Starts; i++)
        {
            ours.Run("start");
            theirs.Run("start");
            ours.Run("later");
            theirs.Run("later");
        }

        ours.Run("long");
        theirs.Run("long");
        yield return Row("Ready", "s", 0.7, k => k.Median("start", "ready"), $"median of {Starts} starts, to the idle after kernel_info_reply");
        yield return Row("First cell typed 1.5 s after ready", "s", 0.2, k => k.Median("later", "first"), $"median of {Starts}");
        yield return Row("First cell at once", "s", 1.3, k => k.Median("start", "first"), $"median of {Starts}");
        yield return Row("Warm cell, round trip", "ms", 12, k => k.Median("long", "warm") * 1e3, "median of 50");
        yield return Row("Warm completion", "ms", 30, k => k.Median("long", "complete") * 1e3, "median of 30");
        yield return Row("Memory that 200 cells add", "MB", 80, k => k.Median("long", "rss200"), "resident set, 1 s after the last");
        yield return Row("Memory after 1,000 cells", "MB", 500, k => k.Median("long", "rss1000"), "resident set of the kernel");
        yield return Row("Slow-down after 1,000 cells", "ratio", 1.3, k => k.Median("long", "slowdown"), "median of the last 100 over cells 51 to 150");
        yield return Row("Interrupt of a managed loop", "ms", 50, k => k.Median("long", "interrupt") * 1e3, "slowest of 5, to the idle");
        yield return Row(
            "Control during 50 MB of prints", "ms", 100, k => k.Median("long", "flood_control") * 1e3,
            $"slowest of {ours.Median("long", "flood_asked"):0}; {ours.Median("long", "flood_text"):0.0} MB shown, note: {ours.Text("long", "flood_note")}");
        yield return Row("Peak memory with that", "MB", 600, k => k.Median("long", "peak"), "whole session, 1,000 cells and the flood");
        yield return Row(
            "Display updates sent of 10,000", "updates/s", 30, k => k.Median("long", "update_rate"),
            $"{ours.Median("long", "updates"):0} sent, the last one came: {ours.Text("long", "last_update")}");
        ours.Run("nuget");
        ours.Run("nuget");
        yield return Row("#r nuget, no cache of ours", "s", 2.5, k => k == ours ? k.At("nuget", "seconds", 0) : null, "MathNet.Numerics, package present");
        yield return Row("#r nuget, second time", "s", 0.1, k => k == ours ? k.At("nuget", "seconds", 1) : null, "a new kernel, after one cell");

        BenchRow Row(string name, string unit, double bar, Func<Kernel, double?> value, string note) => new()
        {
            Name = name,
            Value = value(ours),
            Unit = unit,
            Comparison = "<=",
            Bar = bar,
            Threads = Environment.ProcessorCount,
            Note = value(ours) is null ? $"not measured: {ours.Reason}"
                : value(theirs) is { } other ? $"{note}; ipykernel {other:0.###} {unit}"
                : theirs.Reason.Length > 0 ? $"{note}; ipykernel not measured: {theirs.Reason}" : note,
        };
    }

    /// <summary>What was measured of one kernel.</summary>
    private sealed class Kernel(string name)
    {
        private readonly List<(string Part, JsonObject Answer)> _answers = [];

        public string Reason { get; private set; } = "";

        public void Run(string part)
        {
            var (answer, reason) = Peer.Run("kernel_session.py", name, part);
            if (answer is null)
            {
                Reason = $"{part}: {reason}";
            }
            else
            {
                _answers.Add((part, answer));
            }
        }

        public double? Median(string part, string value)
        {
            double[] all = [.. _answers.Where(a => a.Part == part).Select(a => (double)a.Answer[value]!).Order()];
            return all.Length == 0 ? null : all[all.Length / 2];
        }

        public double? At(string part, string value, int place) =>
            _answers.Where(a => a.Part == part).Select(a => (double?)a.Answer[value]).ElementAtOrDefault(place);

        public string Text(string part, string value) => _answers.LastOrDefault(a => a.Part == part).Answer?[value]?.ToString() ?? "?";
    }
}
