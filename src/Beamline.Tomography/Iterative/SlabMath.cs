using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>What is computed from one value of each slab; a struct, so that the loop around it is made for it alone.</summary>
internal interface ILaneOperation
{
    /// <summary>The new target value from the old one, two other slabs, a weight of the place and a factor of the slice.</summary>
    Vector256<float> Apply(
        Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
        ref Vector256<float> first, ref Vector256<float> second);
}

/// <summary>Two sums for each slice of a slab.</summary>
internal readonly record struct LaneSums(double[] First, double[] Second);

/// <summary>
/// Arithmetic on slabs. Sums are made row by row and then over the rows in order, so they do not depend on the number of
/// threads; every slice has its own, so a slice comes out the same in any company.
/// </summary>
internal static unsafe class SlabMath
{
    /// <summary>Columns after which the sums in single precision go to double precision.</summary>
    private const int ColumnsASum = 128;

    private const int MaxLanes = 32;

    /// <summary>target = operation(target, a, b, weights, factors) everywhere inside the padding.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="target">Read and written.</param>
    /// <param name="a">Read; may be the target.</param>
    /// <param name="b">Read; may be the target.</param>
    /// <param name="weights">One for each place, [outer, inner], or [outer, inner, lane]; null means 1.</param>
    /// <param name="factors">One for each lane; null means 1.</param>
    /// <param name="context">Threads and cancellation.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static LaneSums Apply<TOperation>(
        TOperation operation, InterleavedSlab target, InterleavedSlab a, InterleavedSlab b, float[]? weights, double[]? factors, RunContext context)
        where TOperation : struct, ILaneOperation
    {
        var lanes = target.Lanes;
        var columns = target.InnerCount;
        var rows = new double[target.OuterCount][];
        var forEachLane = weights is not null && weights.LongLength == (long)target.OuterCount * columns * lanes;
        var weightStep = forEachLane ? lanes : 1;
        ParallelWork.For(target.OuterCount, context, row =>
        {
            var sums = stackalloc float[2 * MaxLanes];
            var factor = stackalloc float[MaxLanes];
            var totals = new double[2 * lanes];
            for (var lane = 0; lane < lanes; lane++)
            {
                factor[lane] = factors is null ? 1 : (float)factors[lane];
            }

            fixed (float* weight = weights)
            {
                var place = weight is null ? null : weight + ((long)row * columns * weightStep);
                for (var first = 0; first < columns; first += ColumnsASum)
                {
                    new Span<float>(sums, 2 * MaxLanes).Clear();
                    var offset = (long)first * lanes;
                    Columns(
                        operation, target.Origin + (row * target.RowStride) + offset, a.Origin + (row * a.RowStride) + offset,
                        b.Origin + (row * b.RowStride) + offset, place is null ? null : place + ((long)first * weightStep), forEachLane, factor,
                        sums, Math.Min(ColumnsASum, columns - first), lanes);
                    for (var lane = 0; lane < lanes; lane++)
                    {
                        totals[lane] += sums[lane];
                        totals[lanes + lane] += sums[MaxLanes + lane];
                    }
                }
            }

            rows[row] = totals;
        });
        GC.KeepAlive(target);
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        return Total(rows, target);
    }

    /// <summary>Sums each lane's values over the rows, in order; where the lanes are parts of one volume each gets the sum over all.</summary>
    internal static LaneSums Total(double[][] rows, InterleavedSlab slab)
    {
        var lanes = slab.Lanes;
        var (one, two) = (new double[lanes], new double[lanes]);
        foreach (var row in rows)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                one[lane] += row[lane];
                two[lane] += row[lanes + lane];
            }
        }

        return slab.PiecesOfDepth == 0 ? new LaneSums(one, two) : new LaneSums(Together(one), Together(two));

        static double[] Together(double[] values) => [.. Enumerable.Repeat(values.Sum(), values.Length)];
    }

    /// <summary>Copies everything, padding included; the slabs have the same shape.</summary>
    internal static void Copy(InterleavedSlab source, InterleavedSlab target)
    {
        Buffer.MemoryCopy(
            source.Origin - source.OriginOffset, target.Origin - target.OriginOffset,
            target.FloatCount * sizeof(float), source.FloatCount * sizeof(float));
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    /// <summary>Copies the lanes that are chosen.</summary>
    internal static void CopyLanes(InterleavedSlab source, InterleavedSlab target, bool[] chosen, RunContext context)
    {
        if (source.PiecesOfDepth > 0)
        {
            // A volume is one problem, which lane 0 speaks for.
            chosen = [.. Enumerable.Repeat(chosen[0], chosen.Length)];
        }

        if (Array.TrueForAll(chosen, c => !c))
        {
            return;
        }

        Apply(default(Choose), target, source, source, null, Array.ConvertAll(chosen, c => c ? 1.0 : 0.0), context);
    }

    /// <summary>|x|² of each lane.</summary>
    internal static double[] SquaredNorm(InterleavedSlab x, RunContext context) =>
        Apply(default(Squares), x, x, x, null, null, context).First;

    /// <summary>x + factor * a, and the squares of the step and of the result.</summary>
    internal static LaneSums Add(InterleavedSlab x, InterleavedSlab a, double[] factors, RunContext context) =>
        Apply(default(AddScaled), x, a, a, null, factors, context);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<TOperation>(
        TOperation operation, float* target, float* a, float* b, float* weights, bool forEachLane, float* factor, float* sums,
        int count, int lanes)
        where TOperation : struct, ILaneOperation
    {
        var weight = Vector256<float>.One;
        for (var column = 0; column < count; column++, target += lanes, a += lanes, b += lanes)
        {
            if (weights is not null && !forEachLane)
            {
                weight = Vector256.Create(weights[column]);
            }

            for (var v = 0; v < lanes; v += Vector256<float>.Count)
            {
                if (forEachLane)
                {
                    weight = Vector256.Load(weights + ((long)column * lanes) + v);
                }

                var first = Vector256.Load(sums + v);
                var second = Vector256.Load(sums + MaxLanes + v);
                var made = operation.Apply(
                    Vector256.Load(target + v), Vector256.Load(a + v), Vector256.Load(b + v), weight, Vector256.Load(factor + v), ref first, ref second);
                Vector256.Store(made, target + v);
                Vector256.Store(first, sums + v);
                Vector256.Store(second, sums + MaxLanes + v);
            }
        }
    }

    private readonly struct Choose : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(
            Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
            ref Vector256<float> first, ref Vector256<float> second) =>
            Vector256.ConditionalSelect(Vector256.GreaterThan(factor, Vector256<float>.Zero), a, target);
    }

    private readonly struct Squares : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(
            Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
            ref Vector256<float> first, ref Vector256<float> second)
        {
            first = Vector256.FusedMultiplyAdd(a, a, first);
            return target;
        }
    }

    private readonly struct AddScaled : ILaneOperation
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<float> Apply(
            Vector256<float> target, Vector256<float> a, Vector256<float> b, Vector256<float> weight, Vector256<float> factor,
            ref Vector256<float> first, ref Vector256<float> second)
        {
            var step = factor * a;
            var sum = target + step;
            first = Vector256.FusedMultiplyAdd(step, step, first);
            second = Vector256.FusedMultiplyAdd(sum, sum, second);
            return sum;
        }
    }
}
