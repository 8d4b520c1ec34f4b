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

    /// <summary>The same for the methods by transforms and by views, and iterations on cone and fan.</summary>
    internal static IEnumerable<BenchRow> OtherRows()
    {
        var cache = Directory.CreateTempSubdirectory("beamline-bench-rates").FullName;
        try
        {
            var (first, second) = (new List<double>(), new List<double>());
            foreach (var (size, angles) in new[] { (128, 180), (256, 180), (512, 180) })
            {
                using var projections = Projections(size, angles);
                foreach (var threads in new[] { 1, 2 })
                {
                    using var scope = RunContext.Use(new RunContext { CacheFolder = cache, MaxThreads = threads, Device = Device.Cpu });
                    foreach (var (name, run) in Others(projections, size))
                    {
                        var ratios = (run(), run());
                        Console.Error.WriteLine($"{size}/{angles}, {threads} threads, {name}: {ratios.Item1:0.00}, then {ratios.Item2:0.00}");
                        first.Add(ratios.Item1);
                        second.Add(ratios.Item2);
                    }
                }
            }

            const string What = "128 to 512, Fourier, log-polar, FDK, rolled FDK, fan, laminography, OS-SART of a fan and a cone";
            yield return Row("Plan of a first run of other methods, expected over measured, worst factor", first, What);
            yield return Row("Plan of a second run of other methods, expected over measured, worst factor", second, What);
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private static IEnumerable<(string Name, Func<double> Run)> Others(ProjectionStack p, int size)
    {
        double[] turn = [.. p.AnglesDegrees.Select(a => 2 * a)];
        var (near, far, pixel) = (Length.FromMillimeters(4 * size), Length.FromMillimeters(6 * size), Length.FromMillimeters(1.5));
        var (axis, fan) = (RotationAxis.Middle(size), new FanGeometry(turn, size, near, far, pixel));
        var (cone, rolled) = (new ConeGeometry(turn, Slices, size, near, far, pixel), new ConeGeometry(turn, Slices, size, near, far, pixel, detectorRollDegrees: 2));
        var tilted = new LaminographyGeometry(turn, Slices, size, 30);
        var few = new IterativeOptions { Method = IterativeMethod.OsSart, Iterations = size < 512 ? 3 : 1 };
        yield return ("Fourier", () => Ratio(Reconstruction.PlanFourier(p), () => Reconstruction.Fourier(p, axis)));
        yield return ("log-polar", () => Ratio(Reconstruction.PlanLogPolar(p), () => Reconstruction.LogPolar(p, axis)));
        yield return ("fan", () => Ratio(Reconstruction.Plan(p, fan), () => Reconstruction.Fan(p, fan)));
        yield return ("FDK", () => Ratio(Reconstruction.Plan(p, cone), () => Reconstruction.Fdk(p, cone)));
        yield return ("FDK, rolled detector", () => Ratio(Reconstruction.Plan(p, rolled), () => Reconstruction.Fdk(p, rolled)));
        yield return ("laminography", () => Ratio(Reconstruction.Plan(p, tilted), () => Reconstruction.Laminography(p, tilted)));
        yield return ("OS-SART, fan", () => Ratio(IterativeReconstruction.Plan(p, fan, few), () => IterativeReconstruction.Run(p, fan, few).Volume));
        yield return ("OS-SART, cone", () => Ratio(IterativeReconstruction.Plan(p, cone, few), () => IterativeReconstruction.Run(p, cone, few).Volume));
    }

    private static double Ratio(ReconstructionPlan plan, Func<Volume> run)
    {
        using var volume = run();
        return plan.ExpectedTime!.Value / volume.Timing!.Measured;
    }

    private static BenchRow Row(string name, List<double> ratios, string what = "128 to 1024, FBP, SIRT, CGLS, TV by FISTA")
    {
        var sorted = ratios.Order().ToArray();
        var off = ratios.Select(r => Math.Max(r, 1 / r)).Order().ToArray();
        return new BenchRow
        {
            Name = name,
            Value = off[^1],
            Unit = "ratio",
            Threads = RunContext.Default.MaxThreads,
            Note = $"{ratios.Count} runs, {what}, 1 and 2 threads; expected/measured: median {sorted[sorted.Length / 2]:0.00}, " +
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
