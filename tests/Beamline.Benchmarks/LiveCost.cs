using System.Globalization;
using Beamline.Compute;
using Beamline.Extension;
using Beamline.Kernel;
using Beamline.Notebook;

namespace Beamline.Benchmarks;

/// <summary>What a live display takes from the job that it shows: SIRT in cells of a whole kernel, with it and without it by turns.</summary>
internal static class LiveCost
{
    private const int Pairs = 9;

    // A run takes about 2.5 s, of which the display sleeps through half a second at the start.
    private const string Setup = """
        using Beamline.Data.Simulation;
        var geometry = new ParallelGeometry([.. Enumerable.Range(0, 180).Select(i => (double)i)], 512);
        var sinogram = Phantom.SheppLogan(512).AnalyticSinogram(geometry);
        var projections = new MemoryProjectionStack(geometry.AnglesDegrees, 16, 512) { Quantity = Quantity.LineIntegral };
        for (var a = 0; a < 180; a++) for (var row = 0; row < 16; row++) sinogram.Row(a).CopyTo(projections.Frame(a)[(row * 512)..]);
        string Timed(int iterations)
        {
            var (cpu, watch) = (Environment.CpuUsage.TotalTime, System.Diagnostics.Stopwatch.StartNew());
            IterativeReconstruction.Run(projections, RotationAxis.Middle(512), new IterativeOptions { Iterations = iterations }).Dispose();
            var wall = watch.Elapsed.TotalSeconds;
            return FormattableString.Invariant($"{(Environment.CpuUsage.TotalTime - cpu).TotalSeconds} {wall}");
        }
        """;

    internal static IEnumerable<BenchRow> Rows()
    {
        using var kernel = new NotebookKernel([new BeamlineExtension()]);
        var wire = new Wire();
        Run(kernel, wire, Setup);
        var iterations = (int)Math.Clamp(2.5 * 10 / Numbers(Run(kernel, wire, "Timed(10)")).Wall, 10, 400);
        List<(double Cpu, double Wall)> all = [], without = [];
        var (updates, bytes, own) = (0, 0L, 0.0);
        for (var pair = 0; pair <= Pairs; pair++)
        {
            // The order turns round, so that a machine that gets slower or faster favors neither.
            var isOnFirst = pair % 2 == 0;
            var (first, firstShown) = One(isOnFirst);
            var (second, secondShown) = One(!isOnFirst);
            if (pair == 0)
            {
                continue;
            }

            var (on, off, shown) = isOnFirst ? (first, second, firstShown) : (second, first, secondShown);
            all.Add(on);
            without.Add(off);
            (updates, bytes, own) = (updates + shown.Updates, bytes + shown.Bytes, own + shown.Own);
        }

        var run = $"SIRT of 16 slices of 512x512, {iterations} iterations, on and off {Pairs} times in turn; " +
            $"{updates / all.Sum(t => t.Wall):0.0} updates a second of {bytes / Math.Max(1, updates) / 1e3:0} kB";
        yield return Row("processor time of its threads over the solver's", 100 * own / without.Sum(t => t.Cpu), $"{run}; as the system counts it, whatever else runs");
        yield return Row("processor time, least with it over least without", 100 * ((all.Min(t => t.Cpu) / without.Min(t => t.Cpu)) - 1), Spread(t => t.Cpu));
        yield return Row("wall time, least with it over least without", 100 * ((all.Min(t => t.Wall) / without.Min(t => t.Wall)) - 1), Spread(t => t.Wall));

        string Spread(Func<(double Cpu, double Wall), double> value) =>
            $"s: with {string.Join(' ', all.Select(t => $"{value(t):0.00}"))}; without {string.Join(' ', without.Select(t => $"{value(t):0.00}"))}";

        ((double Cpu, double Wall) Time, (int Updates, long Bytes, double Own) Shown) One(bool isOn)
        {
            var (before, beforeBytes, beforeOwn) = (wire.Updates, wire.Bytes, OwnSeconds());
            var time = Numbers(Run(kernel, wire, $"LiveDisplay.Options = new LiveDisplayOptions {{ Enabled = {(isOn ? "true" : "false")} }}; Timed({iterations})"));
            return (time, (wire.Updates - before, wire.Bytes - beforeBytes, isOn ? OwnSeconds() - beforeOwn : 0));
        }
    }

    private static BenchRow Row(string what, double percent, string note) => new()
    {
        Name = $"Live display, {what}", Value = percent, Unit = "%", Comparison = "<=", Bar = 2, Threads = RunContext.Default.MaxThreads, Note = note,
    };

    /// <summary>Processor seconds until now of the threads that draw and send displays.</summary>
    private static double OwnSeconds() => !Directory.Exists("/proc/self/task") ? 0 : Directory.GetDirectories("/proc/self/task").Sum(folder =>
    {
        try
        {
            if (File.ReadAllText(Path.Combine(folder, "comm")).Trim() is not ("Beamline live d" or "Beamline output"))
            {
                return 0;
            }

            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var numbers = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            // In hundredths of a second.
            return (double.Parse(numbers[11], CultureInfo.InvariantCulture) + double.Parse(numbers[12], CultureInfo.InvariantCulture)) / 100;
        }
        catch (IOException)
        {
            // The thread has ended.
            return 0;
        }
    });

    private static (double Cpu, double Wall) Numbers(string text)
    {
        var parts = text.Split(' ');
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static string Run(NotebookKernel kernel, Wire wire, string code)
    {
        var outcome = kernel.ExecuteAsync(new CellRequest(code, "bench"), wire, CancellationToken.None).GetAwaiter().GetResult();
        return outcome.Error is { } error ? throw new InvalidOperationException(string.Join('\n', error.Traceback)) : wire.Text;
    }

    /// <summary>Writes what it gets as a message would carry it, and sends it nowhere.</summary>
    private sealed class Wire : ICellSink
    {
        public int Updates { get; private set; }

        public long Bytes { get; private set; }

        public string Text { get; private set; } = "";

        public void Stream(string name, string text)
        {
        }

        public void Display(MimeBundle bundle, string displayId) => Take(bundle);

        public void UpdateDisplay(MimeBundle bundle, string displayId) => Take(bundle);

        public void Result(MimeBundle bundle) => Text = (string)bundle.Parts[MimeTypes.Text];

        public void Error(CellError error)
        {
        }

        public void Clear(bool wait)
        {
        }

        public void Progress(ProgressReport report, TimeSpan elapsed, bool isLast)
        {
        }

        public string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken) => null;

        private void Take(MimeBundle bundle)
        {
            Updates++;
            Bytes += System.Text.Encoding.UTF8.GetByteCount(MimeJson.Data(bundle).ToJsonString());
        }
    }
}
