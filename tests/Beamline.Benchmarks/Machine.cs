using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace Beamline.Benchmarks;

/// <summary>The machine that measures, and how time is taken on it.</summary>
internal static class Machine
{
    internal static string Cpu { get; } = CpuName();

    /// <summary>Least wall seconds of some runs after one warm-up: what the code needs when nobody disturbs it.</summary>
    internal static double LeastSeconds(int runs, Action action)
    {
        action();
        var least = double.PositiveInfinity;
        for (var i = 0; i < runs; i++)
        {
            var watch = Stopwatch.StartNew();
            action();
            least = Math.Min(least, watch.Elapsed.TotalSeconds);
        }

        return least;
    }

    private static string CpuName()
    {
        var name = "unknown CPU";
        try
        {
            name = File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("model name", StringComparison.Ordinal)).Split(':', 2)[1].Trim();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            // Only a name for the report: other systems have no /proc.
        }

        var vectors = Vector512.IsHardwareAccelerated ? "AVX-512" : Vector256.IsHardwareAccelerated ? "AVX2" : "no AVX2";
        return $"{name}, {vectors}";
    }
}
