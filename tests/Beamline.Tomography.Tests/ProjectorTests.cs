using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Tests;

/// <summary>What every back end of the projector must do; one thin subclass for each.</summary>
public abstract class ProjectorTests
{
    protected abstract ProjectorBackend Backend { get; }

    /// <summary>Largest relative difference to the scalar reference.</summary>
    protected abstract double Tolerance { get; }

    /// <summary>Image size, angles, lanes: small enough for the slowest back end.</summary>
    protected virtual IReadOnlyList<(int Size, int Angles, int Lanes)> Shapes => [(24, 17, 16), (33, 20, 32), (64, 45, 32)];

    [Fact]
    public void Adjoint_is_the_exact_transpose()
    {
        foreach (var (size, angles, lanes) in Shapes)
        {
            foreach (var geometry in Geometries(size, angles))
            {
                using var projector = new ParallelProjector(geometry, Backend);
                using var x = TestSlabs.Random(projector.Domain, lanes, 1);
                using var y = TestSlabs.Random(projector.Range, lanes, 2);
                using var ax = projector.Range.Allocate(lanes);
                using var aty = projector.Domain.Allocate(lanes);
                projector.Forward(x, ax);
                projector.Adjoint(y, aty);
                var left = TestSlabs.Inner(ax, y);
                var right = TestSlabs.Inner(x, aty);
                Assert.True(
                    Math.Abs(left - right) <= 1e-5 * Math.Abs(left),
                    $"{Backend} {size}/{angles}/{lanes} axis {geometry.Axis.Column}: <Ax,y> = {left}, <x,A'y> = {right}");
            }
        }
    }

    [Fact]
    public void Equals_the_scalar_reference()
    {
        foreach (var (size, angles, lanes) in Shapes)
        {
            foreach (var geometry in Geometries(size, angles))
            {
                using var reference = new ParallelProjector(geometry, ProjectorBackend.Scalar);
                using var projector = new ParallelProjector(geometry, Backend);
                using var x = TestSlabs.Random(projector.Domain, lanes, 3);
                using var y = TestSlabs.Random(projector.Range, lanes, 4);
                using var expectedForward = projector.Range.Allocate(lanes);
                using var forward = projector.Range.Allocate(lanes);
                using var expectedAdjoint = projector.Domain.Allocate(lanes);
                using var adjoint = projector.Domain.Allocate(lanes);
                reference.Forward(x, expectedForward);
                projector.Forward(x, forward);
                reference.Adjoint(y, expectedAdjoint);
                projector.Adjoint(y, adjoint);
                Assert.InRange(TestSlabs.RelativeDifference(forward, expectedForward), 0, Tolerance);
                Assert.InRange(TestSlabs.RelativeDifference(adjoint, expectedAdjoint), 0, Tolerance);
            }
        }
    }

    [Fact]
    public void Padding_stays_zero()
    {
        var geometry = Geometries(24, 17)[0];
        using var projector = new ParallelProjector(geometry, Backend);
        using var x = TestSlabs.Random(projector.Domain, 16, 5);
        using var y = projector.Range.Allocate(16);
        projector.Forward(x, y);
        projector.Adjoint(y, x);
        AssertPaddingZero(x);
        AssertPaddingZero(y);
    }

    [Fact]
    public void A_disc_projects_to_its_chords()
    {
        // Independent of any projector: the line integral through a disc is twice the root of r^2 - t^2.
        const int Size = 64;
        const double Radius = 20;
        var geometry = new ParallelGeometry([0, 30, 45, 90, 135, 200], Size);
        using var projector = new ParallelProjector(geometry, Backend);
        using var image = projector.Domain.Allocate(16);
        using var sinogram = projector.Range.Allocate(16);
        for (var y = 0; y < Size; y++)
        {
            for (var x = 0; x < Size; x++)
            {
                image[y, x, 3] = Coverage(x - geometry.ImageCenter, y - geometry.ImageCenter, Radius);
            }
        }

        projector.Forward(image, sinogram);
        for (var a = 0; a < geometry.AngleCount; a++)
        {
            for (var d = 0; d < Size; d++)
            {
                var t = d - geometry.Axis.Column;
                // Within two pixels of the rim the pixels of the disc are not the disc.
                if (Math.Abs(Math.Abs(t) - Radius) > 2)
                {
                    var chord = Math.Abs(t) < Radius ? 2 * Math.Sqrt((Radius * Radius) - (t * t)) : 0;
                    Assert.Equal(chord, sinogram[a, d, 3], 0.4);
                }
            }
        }
    }

    internal static ParallelGeometry[] Geometries(int size, int angles)
    {
        var uneven = Enumerable.Range(0, angles).Select(i => (i * 180.0 / angles) + (i % 3 * 0.37)).ToArray();
        double[] special = [0, 45, 90, 135, 180, 270, 360, -90, 1e-5, 89.99999];
        return
        [
            new ParallelGeometry(uneven, size),
            new ParallelGeometry(special, size, new RotationAxis((size * 0.4) + 0.25)),
            new ParallelGeometry(uneven, size + 7, new RotationAxis(size / 2.0), imageSize: size),
            new ParallelGeometry(uneven, size / 2, imageSize: size),
        ];
    }

    private static float Coverage(double x, double y, double radius)
    {
        const int Sub = 5;
        var inside = 0;
        for (var i = 0; i < Sub * Sub; i++)
        {
            var (dx, dy) = (x + (((i % Sub) + 0.5) / Sub) - 0.5, y + (((i / Sub) + 0.5) / Sub) - 0.5);
            inside += (dx * dx) + (dy * dy) <= radius * radius ? 1 : 0;
        }

        return inside / (float)(Sub * Sub);
    }

    private static unsafe void AssertPaddingZero(InterleavedSlab slab)
    {
        for (var outer = -slab.OuterPad; outer < slab.OuterCount + slab.OuterPad; outer++)
        {
            for (var inner = -slab.Pad; inner < slab.InnerCount + slab.Pad; inner++)
            {
                if (outer < 0 || outer >= slab.OuterCount || inner < 0 || inner >= slab.InnerCount)
                {
                    Assert.Equal(0, slab.Origin[(outer * slab.RowStride) + (inner * slab.Lanes)]);
                }
            }
        }
    }
}

public sealed class ScalarProjectorTests : ProjectorTests
{
    protected override ProjectorBackend Backend => ProjectorBackend.Scalar;

    protected override double Tolerance => 0;

    protected override IReadOnlyList<(int Size, int Angles, int Lanes)> Shapes => [(24, 17, 16)];
}

public sealed class SimdProjectorTests : ProjectorTests
{
    protected override ProjectorBackend Backend => ProjectorBackend.Simd;

    protected override double Tolerance => 1e-5;

    /// <summary>Less than a block, blocks and a rest, and more angles than go into one task.</summary>
    protected override IReadOnlyList<(int Size, int Angles, int Lanes)> Shapes => [.. base.Shapes, (9, 5, 16), (41, 130, 16)];

    [Fact]
    public void Threads_do_not_change_a_bit()
    {
        foreach (var geometry in Geometries(150, 70))
        {
            using var shapes = new ParallelProjector(geometry, Backend);
            using var x = TestSlabs.Random(shapes.Domain, 16, 6);
            using var y = TestSlabs.Random(shapes.Range, 16, 7);
            var expected = Both(geometry, x, y, threads: 1);
            Assert.Equal(expected, Both(geometry, x, y, threads: 2));
            Assert.Equal(expected, Both(geometry, x, y, threads: 7));
        }
    }

    [Fact]
    public void A_slice_does_not_depend_on_the_lanes_beside_it()
    {
        foreach (var geometry in Geometries(37, 21))
        {
            using var projector = new ParallelProjector(geometry, Backend);
            using var x = TestSlabs.Random(projector.Domain, 16, 8);
            using var y = TestSlabs.Random(projector.Range, 16, 9);
            using var wideX = Twice(x, projector.Domain);
            using var wideY = Twice(y, projector.Range);
            var narrow = Both(geometry, x, y, threads: 1);
            var wide = Both(geometry, wideX, wideY, threads: 1);
            for (var i = 0; i < narrow.Length; i++)
            {
                var j = (i / 16 * 32) + (i % 16);
                Assert.True(narrow[i] == wide[j] && narrow[i] == wide[j + 16], $"value {i}");
            }
        }
    }

    /// <summary>A x and A' y, one after the other, lane fastest.</summary>
    private float[] Both(ParallelGeometry geometry, InterleavedSlab x, InterleavedSlab y, int threads)
    {
        using var scope = RunContext.Use(new RunContext { MaxThreads = threads });
        using var projector = new ParallelProjector(geometry, Backend);
        using var ax = projector.Range.Allocate(x.Lanes);
        using var aty = projector.Domain.Allocate(x.Lanes);
        projector.Forward(x, ax);
        projector.Adjoint(y, aty);
        return [.. Values(ax), .. Values(aty)];
    }

    private static unsafe float[] Values(InterleavedSlab slab) =>
        new Span<float>(slab.Origin - slab.OriginOffset, (int)slab.FloatCount).ToArray();

    private static InterleavedSlab Twice(InterleavedSlab slab, SlabShape shape)
    {
        var twice = shape.Allocate(32);
        for (var outer = 0; outer < slab.OuterCount; outer++)
        {
            for (var inner = 0; inner < slab.InnerCount; inner++)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    twice[outer, inner, lane] = slab[outer, inner, lane % 16];
                }
            }
        }

        return twice;
    }
}

/// <summary>The GPU kernels, on ILGPU's simulator unless the run context has a GPU.</summary>
public sealed class IlgpuProjectorTests : ProjectorTests
{
    protected override ProjectorBackend Backend => ProjectorBackend.Ilgpu;

    protected override double Tolerance => 1e-4;

    protected override IReadOnlyList<(int Size, int Angles, int Lanes)> Shapes => [(24, 17, 16)];
}
