using System.Diagnostics;
using System.Globalization;
using Beamline.Compute;

namespace Beamline.Benchmarks;

/// <summary>What it costs ranks to exchange data: sums of 64 MiB against copying as much memory, and the latency of a barrier. By mpirun, on this machine.</summary>
internal static class RankSpeed
{
    public const string ChildArea = "rank-part";
    private const int Length = 16 << 20;
    private const double Gigabyte = 1e9;

    // mpirun gives its ranks terminals, to which .NET writes more than is printed.
    private const string Mark = "measured: ";

    internal static IEnumerable<BenchRow> Rows()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/mpirun"))
        {
            yield return new BenchRow { Name = "Ranks that exchange data", Unit = "", Note = "there is no mpirun on this machine" };
            yield break;
        }

        foreach (var (launcher, words) in new (string, string[])[] { ("mpirun", ["--allow-run-as-root", "--oversubscribe"]), ("mpirun.mpich", []) })
        {
            if (!File.Exists($"/usr/bin/{launcher}"))
            {
                continue;
            }

            foreach (var size in new[] { 2, 4 })
            {
                var parts = Run(launcher, words, size);
                var name = $"{(launcher == "mpirun" ? "OpenMPI" : "MPICH")}, {size} ranks on this machine";
                yield return new BenchRow { Name = $"Sum of 64 MiB of floats over all, {name}", Value = parts[0], Unit = "GB/s", Note = Text($"median of 7, bytes of one rank by the time of the slowest; all ranks copying as much at once: {parts[1]:0.0} GB/s each, {parts[1] / parts[0]:0.0} times as quick; broadcast {parts[3]:0.00} GB/s") };
                yield return new BenchRow { Name = $"Barrier, {name}", Value = parts[2], Unit = "µs", Note = "median of 300; there are 2 cores" };
            }
        }
    }

    /// <summary>One rank; the first one writes what all measured.</summary>
    internal static int RunPart()
    {
        var all = Ranks.All;
        var values = GC.AllocateArray<float>(Length, pinned: true);
        var copy = GC.AllocateArray<float>(Length, pinned: true);
        values.AsSpan().Fill(all.Rank);
        var sum = Median(7, () => all.AllReduce(values));
        var plain = Median(7, () => values.CopyTo(copy, 0));
        var barrier = Median(300, () => { });
        var given = Median(7, () => all.Broadcast(values));
        if (all.Rank == 0)
        {
            var bytes = (double)Length * sizeof(float);
            Console.WriteLine(Mark + string.Join(' ', new[] { bytes / sum / Gigabyte, bytes / plain / Gigabyte, barrier * 1e6, bytes / given / Gigabyte }.Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
        }

        return 0;

        // The time until all have done it; with nothing to do it is that of a barrier.
        double Median(int rounds, Action work)
        {
            var times = new double[rounds];
            for (var i = -1; i < rounds; i++)
            {
                all.Barrier();
                var start = Stopwatch.GetTimestamp();
                work();
                all.Barrier();
                if (i >= 0)
                {
                    times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
            }

            return times.Order().ElementAt(rounds / 2);
        }
    }

    private static double[] Run(string launcher, string[] words, int size)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Beamline.Benchmarks.dll");
        var start = new ProcessStartInfo(launcher, [.. words, "-n", $"{size}", Environment.ProcessPath!, program, ChildArea]) { RedirectStandardOutput = true, WorkingDirectory = AppContext.BaseDirectory };
        using var child = Process.Start(start)!;
        var line = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 && line.Split(Mark) is [_, var numbers]
            ? [.. numbers.Trim().Split(' ').Take(4).Select(v => double.Parse(v, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{launcher}: {line}");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
