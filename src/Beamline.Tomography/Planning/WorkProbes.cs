using System.Diagnostics;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Tomography.Filtering;
using Beamline.Tomography.Iterative;
using Beamline.Tomography.Operators;

namespace Beamline.Tomography.Planning;

/// <summary>Measures kinds of work on small pieces, with the code that will do them.</summary>
internal static class WorkProbes
{
    private const double LeastSeconds = 0.02;
    private const int LeastRuns = 3;
    private const long MostSlabBytes = 32L << 20;

    internal static double Backproject(WorkScale scale)
    {
        const int BandRows = 32;
        using var scope = RunContext.Use(scale.Context);
        using var projector = new ParallelProjector(Geometry(scale, Math.Min(128, scale.Columns)));
        using var weights = RayTable.Interpolating(projector.Geometry.AnglesDegrees, [.. projector.Geometry.AnglesDegrees.Select(_ => 1.0)]);
        using var sinogram = projector.Range.Allocate(scale.Lanes);
        using var band = new InterleavedSlab(BandRows, scale.Columns, scale.Lanes, SlabShape.Pad);
        return Rate(
            (double)BandRows * scale.Columns * projector.Geometry.AngleCount * scale.Lanes,
            () => projector.BackprojectBand(sinogram, weights, band, (scale.Columns - BandRows) / 2));
    }

    internal static double Forward(WorkScale scale)
    {
        // A whole image is projected, so a large one would take more memory than a plan may.
        scale = scale with { Columns = Math.Min(scale.Columns, 1024) };
        using var scope = RunContext.Use(scale.Context);
        using var projector = new ParallelProjector(Geometry(scale, scale.Columns >= 1024 ? 8 : 16));
        using var image = projector.Domain.Allocate(scale.Lanes);
        using var sinogram = projector.Range.Allocate(scale.Lanes);
        return Rate(
            (double)scale.Columns * scale.Columns * projector.Geometry.AngleCount * scale.Lanes, () => projector.Forward(image, sinogram));
    }

    internal static double Filter(WorkScale scale)
    {
        const int Rows = 64;
        using var filter = new SinogramFilter(scale.Columns, scale.Lanes, new FbpOptions());
        using var rows = new InterleavedSlab(Rows, scale.Columns, scale.Lanes, SlabShape.Pad);
        return Rate(Rows * scale.Lanes * FilterUnits(filter.Length), () => filter.Apply(rows, scale.Context));
    }

    /// <summary>Units of <see cref="WorkKind.Filter"/> of one row.</summary>
    internal static double FilterUnits(int paddedLength) => paddedLength * Math.Log2(paddedLength);

    internal static double Interleave(WorkScale scale)
    {
        const int Rows = 64;
        var row = scale.Lanes * scale.Columns;
        using var values = ArrayMemory.Allocate<float>((long)Rows * row);
        using var slab = new InterleavedSlab(Rows, scale.Columns, scale.Lanes, SlabShape.Pad);
        return Rate(
            (double)Rows * row * sizeof(float),
            () => ParallelWork.For(Rows, scale.Context, i => slab.SetLanes(i, values.Span((long)i * row, row), scale.Columns, scale.Lanes)));
    }

    internal static double Pass(WorkScale scale)
    {
        using var x = Slab(scale);
        using var y = Slab(scale);
        var factors = new double[scale.Lanes];
        return Rate((double)x.OuterCount * x.InnerCount * x.Lanes, () => SlabMath.Add(x, y, factors, scale.Context));
    }

    internal static unsafe double Stencil(WorkScale scale)
    {
        using var u = Slab(scale);
        using var x = Slab(scale);
        using var px = Slab(scale);
        using var py = Slab(scale);
        return Rate(2.0 * u.OuterCount * u.InnerCount * u.Lanes, () =>
        {
            Iterative.Stencil.Walk(
                new FromDual(x.Origin, px.Origin, py.Origin, u.Origin, float.NegativeInfinity, float.PositiveInfinity), x, null, scale.Context);
            Iterative.Stencil.Walk(new DualAscent(u.Origin, px.Origin, py.Origin, 1 / 8f), x, null, scale.Context);
        });
    }

    internal static double Allocate(WorkScale scale) =>
        Rate(MostSlabBytes, () =>
        {
            // Large arrays take their pages only when they are touched.
            using var memory = ArrayMemory.Allocate<float>(MostSlabBytes / sizeof(float));
            memory.Clear();
        });

    internal static double Scratch(WorkScale scale)
    {
        const int Bytes = 16 << 20;
        var path = Path.Combine(scale.Context.ScratchFolder, $"beamline-rate-{Guid.NewGuid():N}.raw");
        var values = new byte[Bytes];
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
        var offset = 0L;
        return Rate(Bytes, () =>
        {
            RandomAccess.Write(file, values, offset);
            offset += Bytes;
        });
    }

    /// <summary>Units a second: the median of some runs after one that compiles.</summary>
    internal static double Rate(double units, Action work)
    {
        work();
        var seconds = new List<double>();
        var all = Stopwatch.StartNew();
        while (seconds.Count < LeastRuns || (all.Elapsed.TotalSeconds < LeastSeconds && seconds.Count < 100))
        {
            var watch = Stopwatch.StartNew();
            work();
            seconds.Add(watch.Elapsed.TotalSeconds);
        }

        seconds.Sort();
        return units / Math.Max(seconds[seconds.Count / 2], 1e-9);
    }

    private static ParallelGeometry Geometry(WorkScale scale, int angles) =>
        new([.. Enumerable.Range(0, angles).Select(i => 180.0 * i / angles)], scale.Columns, RotationAxis.Middle(scale.Columns));

    private static InterleavedSlab Slab(WorkScale scale)
    {
        var rows = (int)Math.Clamp(MostSlabBytes / ((long)scale.Columns * scale.Lanes * sizeof(float)), 16, scale.Columns);
        return new InterleavedSlab(rows, scale.Columns, scale.Lanes, SlabShape.Pad, SlabShape.Pad);
    }
}
