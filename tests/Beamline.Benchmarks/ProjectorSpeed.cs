using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography;
using Beamline.Tomography.Analytic;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Operators;

namespace Beamline.Benchmarks;

/// <summary>Pixel updates per second of the projectors at 512 x 512, 180 angles, 32 slices.</summary>
internal static class ProjectorSpeed
{
    private const int Size = 512;
    private const int Angles = 180;
    private const int Lanes = 32;
    private const int Runs = 9;
    private const double Updates = (double)Size * Size * Angles * Lanes;

    internal static IEnumerable<BenchRow> Rows()
    {
        var (one, two) = Backproject();
        yield return new BenchRow
        {
            Name = "FBP backprojection, one core",
            Value = Updates / one / 1e9,
            Unit = "Gupdates/s",
            Comparison = ">=",
            Bar = Vector512.IsHardwareAccelerated ? 8 : 4,
            Note = $"{Size}x{Size}, {Angles} angles, {Lanes} slices, least of {Runs} runs; 4 flop an update",
        };
        yield return new BenchRow
        {
            Name = "FBP backprojection, two threads over one",
            Value = one / two,
            Unit = "ratio",
            Comparison = ">=",
            Bar = 1.8,
            Threads = 2,
            Note = $"{Updates / two / 1e9:0.0} Gupdates/s on two threads",
        };
        yield return new BenchRow
        {
            Name = "Joseph forward projection, one core",
            Value = Updates / Forward(1) / 1e9,
            Unit = "Gupdates/s",
        };
        yield return new BenchRow
        {
            Name = "Row filtering, one core",
            Value = Filter(1) / Lanes * 1e3,
            Unit = "ms/slice",
            Note = "FFT of twice the width there and back, Shepp-Logan filter",
        };
    }

    /// <summary>Seconds on one and on two threads, run in turn, so that both see the machine in the same state.</summary>
    private static (double One, double Two) Backproject()
    {
        var geometry = Geometry();
        using var projector = new ParallelProjector(geometry, ProjectorBackend.Simd);
        using var weights = RayTable.Interpolating(geometry.AnglesDegrees, AngularWeights.Compute(geometry.AnglesDegrees));
        using var sinogram = Random(projector.Range);
        using var image = new InterleavedSlab(Size, Size, Lanes, SlabShape.Pad);
        var (one, two) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var run = 0; run < Runs; run++)
        {
            one = Math.Min(one, Seconds(1));
            two = Math.Min(two, Seconds(2));
        }

        return (one, two);

        double Seconds(int threads)
        {
            using var scope = RunContext.Use(new RunContext { MaxThreads = threads, Device = Device.Cpu });
            return Machine.LeastSeconds(1, () => projector.BackprojectBand(sinogram, weights, image, 0));
        }
    }

    private static double Forward(int threads)
    {
        using var scope = RunContext.Use(new RunContext { MaxThreads = threads, Device = Device.Cpu });
        using var projector = new ParallelProjector(Geometry(), ProjectorBackend.Simd);
        using var image = Random(projector.Domain);
        using var sinogram = projector.Range.Allocate(Lanes);
        return Machine.LeastSeconds(5, () => projector.Forward(image, sinogram));
    }

    private static double Filter(int threads)
    {
        var context = new RunContext { MaxThreads = threads };
        using var filter = new SinogramFilter(Size, Lanes, new FbpOptions());
        using var sinogram = Random(new SlabShape(Angles, Size, 0));
        return Machine.LeastSeconds(5, () => filter.Apply(sinogram, context));
    }

    private static ParallelGeometry Geometry() =>
        new([.. Enumerable.Range(0, Angles).Select(i => 180.0 * i / Angles)], Size);

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
}
