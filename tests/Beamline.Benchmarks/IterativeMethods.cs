using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>Quality and speed of the iterative methods, on the phantom of <see cref="FbpQuality"/>.</summary>
internal static class IterativeMethods
{
    private const int Size = 512;
    private const double Disc = 0.95;

    internal static IEnumerable<BenchRow> Rows()
    {
        foreach (var method in new[] { IterativeMethod.Sirt, IterativeMethod.Cgls })
        {
            yield return Speed(method);
        }

        var truth = Phantom.SheppLogan(Size).ToImage(subPixels: 4);
        using var many = Projections(180);
        yield return Quality(many, truth, IterativeMethod.Cgls, 20, 0.026, "bar is ASTRA's CGLS");
        yield return Quality(many, truth, IterativeMethod.Sirt, 100, 0.054, "bar is ASTRA's SIRT");
        using var few = Projections(30);
        var fbp = Enum.GetValues<FbpFilter>().Where(f => f is not FbpFilter.None and not FbpFilter.Butterworth).Min(filter =>
        {
            using var volume = Reconstruction.Fbp(few, RotationAxis.Middle(Size), new FbpOptions { Filter = filter });
            return ImageQuality.Rmse(truth, volume.SliceXY(0), Disc);
        });
        foreach (var method in new[] { IterativeMethod.TvPdhg, IterativeMethod.TvFista })
        {
            yield return Quality(few, truth, method, 200, fbp / 2, $"30 angles; bar is half of the best FBP's {fbp:0.0000}");
        }
    }

    private static BenchRow Quality(ProjectionStack projections, Image truth, IterativeMethod method, int iterations, double bar, string note)
    {
        using var result = IterativeReconstruction.Run(
            projections, RotationAxis.Middle(Size), new IterativeOptions { Method = method, Iterations = iterations });
        return new BenchRow
        {
            Name = $"{method} quality, {iterations} iterations, RMSE",
            Value = ImageQuality.Rmse(truth, result.Volume.SliceXY(0), Disc),
            Unit = "of 0..1",
            Comparison = "<=",
            Bar = bar,
            Threads = RunContext.Default.MaxThreads,
            Note = $"{note}; residual {100 * result.History[^1].RelativeResidual:0.##} %",
        };
    }

    /// <summary>An iteration is the difference between a long and a short run: what a run does once does not count.</summary>
    private static BenchRow Speed(IterativeMethod method)
    {
        const int Lanes = 32;
        const int More = 5;
        using var projections = new MemoryProjectionStack(Angles(180), Lanes, Size) { Quantity = Quantity.LineIntegral };
        using var one = Projections(180);
        for (var a = 0; a < 180; a++)
        {
            for (var row = 0; row < Lanes; row++)
            {
                one.Frame(a).CopyTo(projections.Frame(a)[(row * Size)..]);
            }
        }

        using var scope = RunContext.Use(new RunContext { MaxThreads = 1, Device = Device.Cpu });
        var (wall, cpu) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var run = 0; run < 4; run++)
        {
            var (shortWall, shortCpu) = Run(1);
            var (longWall, longCpu) = Run(1 + More);
            // The first pair warms up.
            if (run > 0)
            {
                (wall, cpu) = (Math.Min(wall, (longWall - shortWall) / More), Math.Min(cpu, (longCpu - shortCpu) / More));
            }
        }

        return new BenchRow
        {
            Name = $"{method}, one core",
            Value = wall / Lanes * 1e3,
            Unit = "ms/slice and iteration",
            Comparison = "<=",
            Bar = 18,
            Note = $"{Size}x{Size}, 180 angles, {Lanes} slices; processor time {cpu / Lanes * 1e3:0.0} ms",
        };

        (double Wall, double Cpu) Run(int iterations)
        {
            using var process = Process.GetCurrentProcess();
            var (watch, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
            IterativeReconstruction.Run(
                projections, RotationAxis.Middle(Size), new IterativeOptions { Method = method, Iterations = iterations }).Dispose();
            process.Refresh();
            return (watch.Elapsed.TotalSeconds, (process.TotalProcessorTime - before).TotalSeconds);
        }
    }

    private static MemoryProjectionStack Projections(int angles)
    {
        var geometry = new ParallelGeometry(Angles(angles), Size);
        var sinogram = Phantom.SheppLogan(Size).AnalyticSinogram(geometry, subRays: 4);
        var projections = new MemoryProjectionStack(geometry.AnglesDegrees, 1, Size) { Quantity = Quantity.LineIntegral };
        for (var a = 0; a < angles; a++)
        {
            sinogram.Row(a).CopyTo(projections.Frame(a));
        }

        return projections;
    }

    private static double[] Angles(int count) => [.. Enumerable.Range(0, count).Select(i => 180.0 * i / count)];
}
