using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>The largest eigenvalue of A'A, on which step lengths depend.</summary>
internal static class OperatorNorm
{
    private const int Lanes = 16;
    private const int PowerSteps = 20;

    internal static double Squared(ILinearOperator a, float[]? mask, bool isProjector) =>
        isProjector ? LargestRowOfNormal(a, mask) : PowerIteration(a, mask);

    /// <summary>Slices of 1 inside the mask.</summary>
    internal static InterleavedSlab Ones(SlabShape shape, int lanes, float[]? mask)
    {
        var slab = shape.Allocate(lanes);
        SlabMath.Apply(default(Fill), slab, slab, slab, mask, null, RunContext.Current);
        return slab;
    }

    /// <summary>What every lane has at each place, [outer, inner]; of a volume, whose lanes differ, [outer, inner, lane].</summary>
    internal static unsafe float[] FirstLane(InterleavedSlab slab)
    {
        if (slab.PiecesOfDepth > 0)
        {
            var all = new float[checked(slab.OuterCount * slab.InnerCount * slab.Lanes)];
            var length = slab.InnerCount * slab.Lanes;
            for (var row = 0; row < slab.OuterCount; row++)
            {
                new Span<float>(slab.Origin + (row * slab.RowStride), length).CopyTo(all.AsSpan(row * length));
            }

            GC.KeepAlive(slab);
            return all;
        }

        var values = new float[slab.OuterCount * slab.InnerCount];
        for (var row = 0; row < slab.OuterCount; row++)
        {
            slab.GetRow(row, 0, values.AsSpan(row * slab.InnerCount, slab.InnerCount));
        }

        return values;
    }

    /// <summary>
    /// No entry of a projector is negative, so the largest row sum of A'A, which is the largest value of A'A 1, is a bound, a few percent
    /// above the eigenvalue; it costs one projection instead of many.
    /// </summary>
    private static double LargestRowOfNormal(ILinearOperator a, float[]? mask)
    {
        using var x = Ones(a.Domain, Lanes, mask);
        using var y = a.Range.Allocate(Lanes);
        a.Forward(x, y);
        a.Adjoint(y, x);
        return FirstLane(x).Max();
    }

    private static double PowerIteration(ILinearOperator a, float[]? mask)
    {
        var context = RunContext.Current;
        using var x = a.Domain.Allocate(Lanes);
        using var y = a.Range.Allocate(Lanes);
        // Noise has a part in every direction, and a fixed seed gives the same norm every time.
        var random = new Random(1);
        var row = new float[x.InnerCount];
        for (var outer = 0; outer < x.OuterCount; outer++)
        {
            foreach (ref var value in row.AsSpan())
            {
                value = random.NextSingle() + 0.1f;
            }

            for (var lane = 0; lane < Lanes; lane++)
            {
                x.SetRow(outer, lane, row);
            }
        }

        SlabMath.Apply(default(Weigh), x, x, x, mask, null, context);
        double largest = 0;
        for (var step = 0; step < PowerSteps; step++)
        {
            var norm = Math.Sqrt(SlabMath.SquaredNorm(x, context)[0]);
            if (!(norm > 0))
            {
                return 0;
            }

            SlabMath.Apply(default(Scale), x, x, x, null, [.. Enumerable.Repeat(1 / norm, Lanes)], context);
            a.Forward(x, y);
            largest = Math.Max(largest, SlabMath.SquaredNorm(y, context)[0]);
            a.Adjoint(y, x);
        }

        // The iteration comes from below.
        return 1.05 * largest;
    }
}
