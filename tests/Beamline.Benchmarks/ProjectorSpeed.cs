using System.Diagnostics;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Operators;

namespace Beamline.Benchmarks;

/// <summary>Pixel updates per second of the projectors at three sizes, 32 slices, and of the row filter.</summary>
internal static class ProjectorSpeed
{
    private const int Lanes = 32;

    /// <summary>Sizes, and the bars of one core with AVX-512: without it, there is one for backprojection at 512 alone.</summary>
    private static readonly Case[] _cases =
    [
        new(512, 180, Runs: 9, Backprojection: Vector512.IsHardwareAccelerated ? 10 : 4, Forward: Wide(7)),
        new(1024, 360, Runs: 4, Backprojection: Wide(7.5), Forward: Wide(5)),
        new(2048, 720, Runs: 2, Backprojection: Wide(7.5), Forward: null),
    ];

    internal static IEnumerable<BenchRow> Rows()
    {
        yield return ThreadYardstick.Row();
        foreach (var size in _cases)
        {
            foreach (var row in Pair("FBP backprojection", size, size.Backprojection, Backproject(size)))
            {
                yield return row;
            }

            foreach (var row in Pair("Joseph forward projection", size, size.Forward, Forward(size)))
            {
                yield return row;
            }
        }

        yield return new BenchRow
        {
            Name = "Row filtering, one core",
            Value = Filter(1) / Lanes * 1e3,
            Unit = "ms/slice",
            Note = "FFT of twice the width there and back, Shepp-Logan filter",
        };
    }

    private static IEnumerable<BenchRow> Pair(string name, Case size, double? bar, (double One, double Two, double Cpu) seconds)
    {
        yield return new BenchRow
        {
            Name = $"{name} {size.Size}/{size.Angles}, one core",
            Value = size.Updates / seconds.One / 1e9,
            Unit = "Gupdates/s",
            Comparison = bar is null ? "" : ">=",
            Bar = bar,
            Note = $"{Lanes} slices, least of {size.Runs} runs; {size.Updates / seconds.Cpu / 1e9:0.0} by processor time; 4 flop an update",
        };
        yield return new BenchRow
        {
            Name = $"{name} {size.Size}/{size.Angles}, two threads over one",
            Value = seconds.One / seconds.Two,
            Unit = "ratio",
            Comparison = ">=",
            Bar = 1.9,
            Threads = 2,
            Note = $"{size.Updates / seconds.Two / 1e9:0.0} Gupdates/s on two threads",
        };
    }

    private static (double One, double Two, double Cpu) Backproject(Case size)
    {
        using var projector = new ParallelProjector(size.Geometry, ProjectorBackend.Simd);
        using var weights = RayTable.Interpolating(size.Geometry.AnglesDegrees, AngularWeights.Compute(size.Geometry.AnglesDegrees));
        using var sinogram = Random(projector.Range);
        using var image = new InterleavedSlab(size.Size, size.Size, Lanes, SlabShape.Pad);
        return InTurn(size.Runs, () => projector.BackprojectBand(sinogram, weights, image, 0));
    }

    private static (double One, double Two, double Cpu) Forward(Case size)
    {
        using var projector = new ParallelProjector(size.Geometry, ProjectorBackend.Simd);
        using var image = Random(projector.Domain);
        using var sinogram = projector.Range.Allocate(Lanes);
        return InTurn(size.Runs, () => projector.Forward(image, sinogram));
    }

    /// <summary>
    /// Least seconds on one and on two threads, run in turn after a warm-up, so that both see the machine in the same state;
    /// and the least processor time of one thread.
    /// </summary>
    private static (double One, double Two, double Cpu) InTurn(int runs, Action action)
    {
        using var process = Process.GetCurrentProcess();
        var (one, two, cpu) = (double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        Seconds(1);
        for (var run = 0; run < runs; run++)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            one = Math.Min(one, Seconds(1));
            process.Refresh();
            cpu = Math.Min(cpu, (process.TotalProcessorTime - before).TotalSeconds);
            two = Math.Min(two, Seconds(2));
        }

        return (one, two, cpu);

        double Seconds(int threads)
        {
            using var scope = RunContext.Use(new RunContext { MaxThreads = threads, Device = Device.Cpu });
            var watch = Stopwatch.StartNew();
            action();
            return watch.Elapsed.TotalSeconds;
        }
    }

    private static double Filter(int threads)
    {
        var context = new RunContext { MaxThreads = threads };
        using var filter = new SinogramFilter(_cases[0].Size, Lanes, new FbpOptions());
        using var sinogram = Random(new SlabShape(_cases[0].Angles, _cases[0].Size, 0));
        return Machine.LeastSeconds(5, () => filter.Apply(sinogram, context));
    }

    private static double? Wide(double bar) => Vector512.IsHardwareAccelerated ? bar : null;

    private static InterleavedSlab Random(SlabShape shape)
    {
        var random = new Random(1);
        var slab = shape.Allocate(Lanes);
        var row = new float[shape.InnerCount];
        for (var outer = 0; outer < shape.OuterCount; outer++)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                foreach (ref var value in row.AsSpan())
                {
                    value = random.NextSingle();
                }

                slab.SetRow(outer, lane, row);
            }
        }

        return slab;
    }

    private sealed record Case(int Size, int Angles, int Runs, double? Backprojection, double? Forward)
    {
        internal ParallelGeometry Geometry { get; } = new([.. Enumerable.Range(0, Angles).Select(i => 180.0 * i / Angles)], Size);

        internal double Updates { get; } = (double)Size * Size * Angles * Lanes;
    }
}
