using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Data.Simulation;

namespace Beamline.Tomography.Tests;

/// <summary>What every back end of the vector projector must do, for geometries of every kind; one thin subclass for each.</summary>
public abstract class VectorProjectorTests
{
    protected abstract ProjectorBackend Backend { get; }

    /// <summary>Largest relative difference to the scalar reference.</summary>
    protected abstract double Tolerance { get; }

    public static TheoryData<string> Kinds => [.. SomeGeometries.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Adjoint_is_the_exact_transpose(string kind)
    {
        using var projector = new VectorProjector(SomeGeometries.All[kind], Backend);
        var lanes = Lanes(projector);
        using var x = Random(projector, projector.Domain, lanes, 1, projector.Geometry.SliceCount);
        using var y = Random(projector, projector.Range, lanes, 2, projector.Geometry.RowCount);
        using var ax = projector.Range.Allocate(lanes);
        using var aty = projector.Domain.Allocate(lanes);
        projector.Forward(x, ax);
        projector.Adjoint(y, aty);
        var (left, right) = (TestSlabs.Inner(ax, y), TestSlabs.Inner(x, aty));
        Assert.True(Math.Abs(left) > 1 && Math.Abs(left - right) <= 1e-5 * Math.Abs(left), $"{Backend} {kind}: <Ax,y> = {left}, <x,A'y> = {right}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Equals_the_scalar_reference(string kind)
    {
        using var reference = new VectorProjector(SomeGeometries.All[kind], ProjectorBackend.Scalar);
        using var projector = new VectorProjector(SomeGeometries.All[kind], Backend);
        var lanes = Lanes(projector);
        using var x = Random(projector, projector.Domain, lanes, 3, projector.Geometry.SliceCount);
        using var y = Random(projector, projector.Range, lanes, 4, projector.Geometry.RowCount);
        using var expectedForward = projector.Range.Allocate(lanes);
        using var forward = Random(projector, projector.Range, lanes, 5, projector.Geometry.RowCount);
        using var expectedAdjoint = projector.Domain.Allocate(lanes);
        using var adjoint = Random(projector, projector.Domain, lanes, 6, projector.Geometry.SliceCount);
        reference.Forward(x, expectedForward);
        projector.Forward(x, forward);
        reference.Adjoint(y, expectedAdjoint);
        projector.Adjoint(y, adjoint);
        Assert.InRange(TestSlabs.RelativeDifference(forward, expectedForward), 0, Tolerance);
        Assert.InRange(TestSlabs.RelativeDifference(adjoint, expectedAdjoint), 0, Tolerance);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ellipsoids_project_to_their_line_integrals(string kind)
    {
        var geometry = SomeGeometries.All[kind];
        var phantom = new EllipsoidPhantom([new Ellipsoid(new Vector3D(1, -1.5, 0.5), new Vector3D(6, 5, 4.5), 30, 0.1)]);
        using var projector = new VectorProjector(geometry, Backend);
        using var volume = phantom.ToVolume(16, geometry.ImageSize, 4);
        var vectors = projector.Geometry.IsSliceWise ? projector.Geometry.WithRows(16) : projector.Geometry;
        using var expected = phantom.Project(geometry, 16, 3);
        using var found = new MemoryProjectionStack(expected.AnglesDegrees, expected.RowCount, expected.ColumnCount);
        Forward(projector, volume, found);
        double difference = 0, norm = 0;
        for (var view = 0; view < expected.AngleCount; view++)
        {
            for (var i = 0; i < expected.RowCount * expected.ColumnCount; i++)
            {
                difference += Math.Pow(found.Frame(view)[i] - expected.Frame(view)[i], 2);
                norm += Math.Pow(expected.Frame(view)[i], 2);
            }
        }

        // What is left is the step at the rim, which voxels this size do not have.
        Assert.InRange(Math.Sqrt(difference / norm), 0, kind.Contains("small", StringComparison.Ordinal) ? 0.09 : 0.06);
        Assert.Equal(16, projector.Geometry.IsSliceWise ? vectors.RowCount : projector.Geometry.SliceCount);
    }

    internal static int Lanes(VectorProjector projector) => 16;

    /// <summary>Random where there are slices or rows; the lanes behind the last one stay empty.</summary>
    internal static InterleavedSlab Random(VectorProjector projector, SlabShape shape, int lanes, int seed, int depth)
    {
        var slab = TestSlabs.Random(shape, lanes, seed);
        for (var outer = 0; !projector.Geometry.IsSliceWise && outer < slab.OuterCount; outer++)
        {
            for (var inner = 0; inner < slab.InnerCount; inner++)
            {
                for (var lane = 0; lane < lanes; lane++)
                {
                    slab[outer, inner, lane] = (inner % shape.PiecesOfDepth * lanes) + lane < depth ? slab[outer, inner, lane] : 0;
                }
            }
        }

        return slab;
    }

    private static void Forward(VectorProjector projector, Volume volume, MemoryProjectionStack found)
    {
        using var x = projector.Domain.Allocate(16);
        using var y = projector.Range.Allocate(16);
        if (projector.Geometry.IsSliceWise)
        {
            for (var z = 0; z < 16; z++)
            {
                for (var row = 0; row < volume.RowCount; row++)
                {
                    x.SetRow(row, z, volume.Row(z, row));
                }
            }
        }
        else
        {
            projector.Fill(volume, x);
        }

        projector.Forward(x, y);
        for (var view = 0; view < found.AngleCount; view++)
        {
            for (var row = 0; row < found.RowCount; row++)
            {
                for (var column = 0; column < found.ColumnCount; column++)
                {
                    found.Frame(view)[(row * found.ColumnCount) + column] = projector.Geometry.IsSliceWise
                        ? y[view, column, row]
                        : y[view, (column * projector.Range.PiecesOfDepth) + (row / 16), row % 16];
                }
            }
        }
    }
}

public sealed class ScalarVectorProjectorTests : VectorProjectorTests
{
    protected override ProjectorBackend Backend => ProjectorBackend.Scalar;

    protected override double Tolerance => 0;
}

public sealed class SimdVectorProjectorTests : VectorProjectorTests
{
    protected override ProjectorBackend Backend => ProjectorBackend.Simd;

    protected override double Tolerance => 2e-5;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_number_of_threads_changes_no_bit(string kind)
    {
        using var projector = new VectorProjector(SomeGeometries.All[kind], Backend);
        using var y = Random(projector, projector.Range, 16, 7, projector.Geometry.RowCount);
        using var one = projector.Domain.Allocate(16);
        using var three = projector.Domain.Allocate(16);
        using (RunContext.Use(new RunContext { MaxThreads = 1 }))
        {
            projector.Adjoint(y, one);
        }

        using (RunContext.Use(new RunContext { MaxThreads = 3 }))
        {
            projector.Adjoint(y, three);
        }

        Assert.Equal(0, TestSlabs.RelativeDifference(one, three));
    }

    [Fact]
    public void Slabs_of_32_slices_are_projected_alike()
    {
        using var projector = new VectorProjector(SomeGeometries.All["fan"], Backend);
        using var narrow = TestSlabs.Random(projector.Domain, 16, 8);
        using var wide = projector.Domain.Allocate(32);
        using var y16 = projector.Range.Allocate(16);
        using var y32 = projector.Range.Allocate(32);
        for (var y = 0; y < wide.OuterCount; y++)
        {
            for (var x = 0; x < wide.InnerCount; x++)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    wide[y, x, lane] = narrow[y, x, lane % 16];
                }
            }
        }

        projector.Forward(narrow, y16);
        projector.Forward(wide, y32);
        Assert.Equal(y16[3, 9, 11], y32[3, 9, 27]);
        projector.Adjoint(y16, narrow);
        projector.Adjoint(y32, wide);
        Assert.Equal(narrow[7, 8, 5], wide[7, 8, 21]);
    }
}

/// <summary>The GPU kernels, on ILGPU's simulator unless the run context has a GPU.</summary>
public sealed class IlgpuVectorProjectorTests : VectorProjectorTests
{
    protected override ProjectorBackend Backend => ProjectorBackend.Ilgpu;

    protected override double Tolerance => 1e-4;
}
