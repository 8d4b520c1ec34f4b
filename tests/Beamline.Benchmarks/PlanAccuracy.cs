using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>
/// How well a plan knows what a run takes: expected over measured time for sizes, threads and methods, once with rates that were only
/// just measured, and once more after the model has seen one run of each.
/// </summary>
internal static class PlanAccuracy
{
    private const int Slices = 32;

    internal static IEnumerable<BenchRow> Rows()
    {
        var cache = Directory.CreateTempSubdirectory("beamline-bench-rates").FullName;
        try
        {
            var first = new List<double>();
            var second = new List<double>();
            foreach (var (size, angles, iterations) in new[] { (128, 180, 20), (256, 180, 10), (512, 180, 3), (1024, 120, 1) })
            {
                using var projections = Projections(size, angles);
                foreach (var threads in new[] { 1, 2 })
                {
                    using var scope = RunContext.Use(new RunContext { CacheFolder = cache, MaxThreads = threads, Device = Device.Cpu });
                    foreach (var method in new IterativeMethod?[] { null, IterativeMethod.Sirt, IterativeMethod.Cgls, IterativeMethod.TvFista })
                    {
                        var ratios = (Run(projections, method, iterations), Run(projections, method, iterations));
                        Console.Error.WriteLine($"{size}/{angles}, {threads} threads, {method?.ToString() ?? "Fbp"}: {ratios.Item1:0.00}, then {ratios.Item2:0.00}");
                        first.Add(ratios.Item1);
                        second.Add(ratios.Item2);
                    }
                }
            }

            yield return Row("Plan of a first run, expected over measured, worst factor", first);
            yield return Row("Plan of a second run, expected over measured, worst factor", second);
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private static BenchRow Row(string name, List<double> ratios)
    {
        var sorted = ratios.Order().ToArray();
        var off = ratios.Select(r => Math.Max(r, 1 / r)).Order().ToArray();
        return new BenchRow
        {
            Name = name,
            Value = off[^1],
            Unit = "ratio",
            Threads = RunContext.Default.MaxThreads,
            Note = $"{ratios.Count} runs, 128 to 1024, 1 and 2 threads, FBP, SIRT, CGLS, TV by FISTA; expected/measured: median {sorted[sorted.Length / 2]:0.00}, " +
                $"from {sorted[0]:0.00} to {sorted[^1]:0.00}; median factor off {off[off.Length / 2]:0.00}",
        };
    }

    private static double Run(ProjectionStack projections, IterativeMethod? method, int iterations)
    {
        if (method is not { } one)
        {
            var expected = Reconstruction.Plan(projections).ExpectedTime!.Value;
            using var volume = Reconstruction.Fbp(projections, RotationAxis.Middle(projections.ColumnCount));
            return expected / volume.Timing!.Measured;
        }

        var options = new IterativeOptions { Method = one, Iterations = iterations };
        var planned = IterativeReconstruction.Plan(projections, options).ExpectedTime!.Value;
        using var run = IterativeReconstruction.Run(projections, RotationAxis.Middle(projections.ColumnCount), options);
        return planned / run.Volume.Timing!.Measured;
    }

    private static MemoryProjectionStack Projections(int size, int angles)
    {
        var made = new MemoryProjectionStack([.. Enumerable.Range(0, angles).Select(i => 180.0 * i / angles)], Slices, size) { Quantity = Quantity.LineIntegral };
        var random = new Random(1);
        foreach (ref var value in made.Memory.Span(0, (int)made.Memory.Length))
        {
            value = random.NextSingle();
        }

        return made;
    }
}
