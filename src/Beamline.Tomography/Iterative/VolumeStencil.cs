using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>Which of 8 slices have one above and one below, as masks of bits: a difference across the ends of a volume is 0.</summary>
internal readonly record struct DepthMasks(Vector256<float> Above, Vector256<float> Below);

/// <summary>As <see cref="IStencil"/>, for a volume: the slices above and below are one float before and behind.</summary>
internal interface IVolumeStencil
{
    /// <summary>Reads and writes its slabs at an offset from their origins, and may add to a sum.</summary>
    void Apply(long at, in Neighbors to, in DepthMasks depth, Vector256<float> factor, ref Vector256<float> sum);
}

/// <summary>Walks a stencil over slabs that hold a volume in pieces (<see cref="InterleavedSlab.PiecesOfDepth"/>).</summary>
internal static unsafe class VolumeStencil
{
    private const int RowsAPiece = 4;

    /// <summary>The sum over the volume.</summary>
    /// <param name="stencil">What is computed.</param>
    /// <param name="shape">A slab of the shape of all.</param>
    /// <param name="depth">Slices; what lies behind the last one is skipped.</param>
    /// <param name="factor">Goes to the stencil.</param>
    /// <param name="context">Threads and cancellation.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Walk<TStencil>(TStencil stencil, InterleavedSlab shape, int depth, double factor, RunContext context)
        where TStencil : struct, IVolumeStencil
    {
        var rows = new double[shape.OuterCount];
        var run = shape.PiecesOfDepth * shape.Lanes;
        var columns = shape.InnerCount / shape.PiecesOfDepth;
        var stride = shape.RowStride;
        ParallelWork.For((shape.OuterCount + RowsAPiece - 1) / RowsAPiece, context, piece =>
        {
            var end = Math.Min((piece + 1) * RowsAPiece, shape.OuterCount);
            for (var row = piece * RowsAPiece; row < end; row++)
            {
                rows[row] = Row(stencil, shape.OuterCount, columns, stride, run, depth, row, (float)factor);
            }
        });
        GC.KeepAlive(shape);
        return rows.Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Row<TStencil>(TStencil stencil, int rowCount, int columns, long stride, int run, int depth, int row, float factor)
        where TStencil : struct, IVolumeStencil
    {
        var factors = Vector256.Create(factor);
        var (up, down) = (row > 0 ? -stride : 0, row + 1 < rowCount ? stride : 0);
        double total = 0;
        for (var column = 0; column < columns; column++)
        {
            var at = (row * stride) + ((long)column * run);
            var to = new Neighbors(column > 0 ? -run : 0, column + 1 < columns ? run : 0, up, down);
            var sum = Vector256<float>.Zero;
            for (var z = 0; z < depth; z += Vector256<float>.Count)
            {
                var slices = Vector256<int>.Indices + Vector256.Create(z);
                var masks = new DepthMasks(
                    (Vector256.GreaterThan(slices, Vector256<int>.Zero) & Vector256.LessThan(slices, Vector256.Create(depth))).AsSingle(),
                    Vector256.LessThan(slices, Vector256.Create(depth - 1)).AsSingle());
                stencil.Apply(at + z, to, masks, factors, ref sum);
            }

            total += Vector256.Sum(sum);
        }

        return total;
    }
}
