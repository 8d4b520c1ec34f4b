using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Iterative;

/// <summary>Floats from a pixel to its neighbors; 0 where the image ends, so that a difference across its edge is 0.</summary>
internal readonly record struct Neighbors(long Left, long Right, long Up, long Down);

/// <summary>What is computed at one pixel of 8 slices; a struct that holds the addresses of its slabs.</summary>
internal interface IStencil
{
    /// <summary>Reads and writes its slabs at an offset from their origins, and may add to a sum.</summary>
    void Apply(long at, in Neighbors to, Vector256<float> factor, ref Vector256<float> sum);
}

/// <summary>Walks a stencil over slabs that all have the shape of one image. A stencil must not write what it reads at neighbors.</summary>
internal static unsafe class Stencil
{
    private const int MaxLanes = 32;

    /// <summary>Rows that one thread takes together: what it read for one row serves the next.</summary>
    private const int RowsAPiece = 8;

    /// <summary>The sum of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double[] Walk<TStencil>(TStencil stencil, InterleavedSlab shape, double[]? factors, RunContext context)
        where TStencil : struct, IStencil
    {
        var lanes = shape.Lanes;
        var rows = new double[shape.OuterCount][];
        ParallelWork.For((shape.OuterCount + RowsAPiece - 1) / RowsAPiece, context, piece =>
        {
            var factor = stackalloc float[MaxLanes];
            for (var lane = 0; lane < lanes; lane++)
            {
                factor[lane] = factors is null ? 1 : (float)factors[lane];
            }

            var end = Math.Min((piece + 1) * RowsAPiece, shape.OuterCount);
            for (var row = piece * RowsAPiece; row < end; row++)
            {
                rows[row] = Row(stencil, shape.OuterCount, shape.InnerCount, shape.RowStride, lanes, Math.Max(shape.PiecesOfDepth, 1), row, factor);
            }
        });
        return SlabMath.Total(rows, shape).First;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Row<TStencil>(TStencil stencil, int rowCount, int columns, long stride, int lanes, int pieces, int row, float* factor)
        where TStencil : struct, IStencil
    {
        var sums = stackalloc float[MaxLanes];
        var totals = new double[2 * lanes];
        var (up, down) = (row > 0 ? -stride : 0, row + 1 < rowCount ? stride : 0);
        for (var first = 0; first < columns; first += 128)
        {
            new Span<float>(sums, MaxLanes).Clear();
            for (var column = first; column < Math.Min(first + 128, columns); column++)
            {
                var at = (row * stride) + ((long)column * lanes);
                // The pieces of a volume's depth lie between neighbors.
                var step = (long)pieces * lanes;
                var to = new Neighbors(column >= pieces ? -step : 0, column + pieces < columns ? step : 0, up, down);
                for (var v = 0; v < lanes; v += Vector256<float>.Count)
                {
                    var sum = Vector256.Load(sums + v);
                    stencil.Apply(at + v, to, Vector256.Load(factor + v), ref sum);
                    Vector256.Store(sum, sums + v);
                }
            }

            for (var lane = 0; lane < lanes; lane++)
            {
                totals[lane] += sums[lane];
            }
        }

        return totals;
    }
}
