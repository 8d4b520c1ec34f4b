using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Benchmarks;

/// <summary>How exactly A' is the transpose of A, and how near the back ends are to the reference.</summary>
internal static class OperatorAccuracy
{
    internal static IEnumerable<BenchRow> Rows()
    {
        foreach (var (backend, size, bar) in new[]
        {
            (ProjectorBackend.Scalar, 48, 0.0), (ProjectorBackend.Simd, 128, 1e-5), (ProjectorBackend.Ilgpu, 32, 1e-4),
        })
        {
            var geometry = new ParallelGeometry([.. Enumerable.Range(0, size).Select(i => 180.0 * i / size)], size, new RotationAxis((size / 2.0) + 0.3));
            using var projector = new ParallelProjector(geometry, backend);
            using var x = Random(projector.Domain, 1);
            using var y = Random(projector.Range, 2);
            using var ax = projector.Range.Allocate(16);
            using var aty = projector.Domain.Allocate(16);
            projector.Forward(x, ax);
            projector.Adjoint(y, aty);
            var (left, right) = (Inner(ax, y), Inner(x, aty));
            var on = backend == ProjectorBackend.Ilgpu ? projector.Device.ToString() == "cpu" ? "ILGPU simulator" : projector.Device.ToString() : Machine.Cpu;
            yield return new BenchRow
            {
                Name = $"Adjoint test, {backend}",
                Value = Math.Abs(left - right) / Math.Abs(left),
                Unit = "relative",
                Comparison = "<=",
                Bar = 1e-5,
                Device = on,
                Note = $"{size}x{size}, {size} angles, random data",
            };
            if (bar > 0)
            {
                using var reference = new ParallelProjector(geometry, ProjectorBackend.Scalar);
                using var expected = reference.Range.Allocate(16);
                reference.Forward(x, expected);
                yield return new BenchRow
                {
                    Name = $"{backend} equals Scalar",
                    Value = Difference(ax, expected),
                    Unit = "relative",
                    Comparison = "<=",
                    Bar = bar,
                    Device = on,
                    Note = "forward projection, relative L2",
                };
            }
        }
    }

    private static InterleavedSlab Random(SlabShape shape, int seed)
    {
        var random = new Random(seed);
        var slab = shape.Allocate(16);
        var row = new float[shape.InnerCount];
        for (var outer = 0; outer < shape.OuterCount; outer++)
        {
            for (var lane = 0; lane < 16; lane++)
            {
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = random.NextSingle() - 0.25f;
                }

                slab.SetRow(outer, lane, row);
            }
        }

        return slab;
    }

    private static double Inner(InterleavedSlab a, InterleavedSlab b) => Pairs(a, b).Sum(p => p.A * p.B);

    private static double Difference(InterleavedSlab a, InterleavedSlab b) =>
        Math.Sqrt(Pairs(a, b).Sum(p => (p.A - p.B) * (p.A - p.B)) / Pairs(a, b).Sum(p => p.B * p.B));

    private static IEnumerable<(double A, double B)> Pairs(InterleavedSlab a, InterleavedSlab b)
    {
        for (var outer = 0; outer < a.OuterCount; outer++)
        {
            for (var inner = 0; inner < a.InnerCount; inner++)
            {
                for (var lane = 0; lane < a.Lanes; lane++)
                {
                    yield return (a[outer, inner, lane], b[outer, inner, lane]);
                }
            }
        }
    }
}
