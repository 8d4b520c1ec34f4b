using System.Diagnostics;
using System.Globalization;
using Beamline.Compute;
using Beamline.Extension;
using Beamline.Kernel;
using Beamline.Notebook;

namespace Beamline.Benchmarks;

/// <summary>The bars of cells sent to the endpoint of this machine: round trip, large arrays, maps, how late displays come, how soon a job is cancelled.</summary>
internal static class RemoteCells
{
    private const int Rounds = 30;

    internal static IEnumerable<BenchRow> Rows()
    {
        var home = Directory.CreateTempSubdirectory("beamline-home-").FullName;
        var program = Path.Combine(AppContext.BaseDirectory, "beamline.dll");
        Environment.SetEnvironmentVariable("BEAMLINE_HOME", home);
        Environment.SetEnvironmentVariable("BEAMLINE_PROGRAM", program);
        try
        {
            using var kernel = new NotebookKernel([new BeamlineExtension()]);
            var sink = new TimedSink();
            var first = Run(kernel, sink, "#!remote local\n1 + 1");
            var trivial = Enumerable.Range(0, Rounds).Select(i => Run(kernel, sink, $"#!remote local\n{i} + 1")).ToArray();
            Run(kernel, sink, "var x = 1;");
            var named = Enumerable.Range(0, Rounds).Select(i => Run(kernel, sink, $"#!remote local\nvar y{i} = x + {i};")).ToArray();
            var here = Enumerable.Range(0, Rounds).Select(i => Run(kernel, sink, $"{i} + 1")).ToArray();
            yield return new BenchRow { Name = "Trivial cell on local and back, warm", Value = 1000 * Median(trivial), Unit = "ms", Comparison = "<=", Bar = 60, Note = Text($"median of {Rounds}, least {1000 * trivial.Min():0}, most {1000 * trivial.Max():0}; with a variable there and one back {1000 * Median(named):0} (least {1000 * named.Min():0}); the same cell here {1000 * Median(here):0.0}") };
            yield return new BenchRow { Name = "First cell, which starts the endpoint", Value = first, Unit = "s" };

            sink.Displays.Clear();
            Run(kernel, sink, "#!remote local\nfor (var i = 0; i < 20; i++) { display(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()); Thread.Sleep(100); }");
            var late = sink.Displays.Where(d => d.Text.Length == 13 && long.TryParse(d.Text, CultureInfo.InvariantCulture, out _))
                .Select(d => d.At - long.Parse(d.Text, CultureInfo.InvariantCulture)).Order().ToArray();
            yield return new BenchRow { Name = "A display of the worker in the notebook, the latest of 20", Value = late[^1], Unit = "ms", Comparison = "<=", Bar = 500, Note = Text($"{late.Length} displays, median {late[late.Length / 2]} ms") };

            const int Items = 1000;
            Run(kernel, sink, $"var items = Enumerable.Range(0, {Items}).ToArray();");
            var maps = Enumerable.Range(0, 3).Select(i => Run(kernel, sink, $"#!remote local --map item in items --as r{i}\nitem * 2")).ToArray();
            Run(kernel, sink, $"if (!r2.Results.SequenceEqual(items.Select(i => 2 * i))) throw new Exception(\"wrong results\");");
            yield return new BenchRow { Name = "1,000 trivial tasks through a map on local", Value = Items / Median(maps), Unit = "tasks/s", Comparison = ">=", Bar = 200, Note = Text($"whole cell, median of 3, {Median(maps):0.00} s") };

            Run(kernel, sink, "var data = new float[64 << 20]; new Random(1).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(data.AsSpan()));");
            var plain = new List<double>();
            var journey = new List<double>();
            for (var i = 0; i < 3; i++)
            {
                // Another first value each time: bytes that the endpoint has are not sent again.
                Run(kernel, sink, $"data[0] = {i}f;");
                plain.Add(Run(kernel, sink, $$"""
                    { var path = Path.Combine(@"{{home}}", "plain.npy");
                      using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0)) { file.Write(new byte[128]); file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(data.AsSpan())); }
                      var again = GC.AllocateUninitializedArray<float>(data.Length);
                      using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0)) { file.Position = 128; file.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(again.AsSpan())); }
                      File.Delete(path); }
                    """));
                journey.Add(Run(kernel, sink, $"#!remote local --yes\nvar back{i} = data;") + Run(kernel, sink, $"if (back{i}[0] != {i}f || back{i}[^1] != data[^1]) throw new Exception(\"wrong\");"));
            }

            yield return new BenchRow { Name = "Array of 256 MiB to local and back, over writing and reading it as .npy", Value = Median([.. journey.Zip(plain, (j, p) => j / p)]), Unit = "times", Comparison = "<=", Bar = 2.5, Note = Text($"{Median([.. journey]):0.00} s with its use here; plain {Median([.. plain]):0.00} s; median of 3") };
            sink.Displays.Clear();
            Run(kernel, sink, "#!remote local --yes\nvar length = data.Length;");
            yield return new BenchRow { Name = "A second run with the same 256 MiB, as the cell says it", Unit = "", Note = sink.Displays[^1].Text };
            foreach (var row in RemoteCancel.Rows(kernel, sink, home))
            {
                yield return row;
            }
        }
        finally
        {
            using var stop = Process.Start(new ProcessStartInfo("dotnet", [program, "endpoint", "stop"]) { RedirectStandardOutput = true });
            stop!.WaitForExit();
            Directory.Delete(home, recursive: true);
        }
    }

    private static int _count;

    internal static double Run(NotebookKernel kernel, TimedSink sink, string code)
    {
        var watch = Stopwatch.StartNew();
        var outcome = kernel.ExecuteAsync(new CellRequest(code, $"cell {++_count}"), sink, CancellationToken.None).GetAwaiter().GetResult();
        return outcome.Status == CellStatus.Ok ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException(string.Join('\n', outcome.Error?.Traceback ?? []));
    }

    internal static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    internal static string Text(FormattableString text) => FormattableString.Invariant(text);

    internal sealed class TimedSink : ICellSink
    {
        public List<(string Text, long At)> Displays { get; } = [];

        public void Stream(string name, string text)
        {
        }

        public void Display(MimeBundle bundle, string displayId) => Note(bundle);

        public void UpdateDisplay(MimeBundle bundle, string displayId) => Note(bundle);

        public void Result(MimeBundle bundle)
        {
        }

        public void Error(CellError error)
        {
        }

        public void Clear(bool wait)
        {
        }

        public void Progress(ProgressReport report, TimeSpan elapsed, bool isLast)
        {
        }

        public string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken) => throw new InvalidOperationException("Nobody is there to answer.");

        private void Note(MimeBundle bundle) =>
            Displays.Add((bundle.Parts.GetValueOrDefault(MimeTypes.Text) as string ?? "", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
    }
}
