using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Beamline.Compute;

namespace Beamline.Tomography.Denoising;

/// <summary>Non-local means, one shift of the picture after the other: the squared differences of a shift serve all patches.</summary>
internal static class PatchMeans
{
    /// <summary>Rows that one thread takes: each shift's differences of them stay in the cache.</summary>
    private const int RowsAPiece = 16;

    private static readonly int Width = Vector256<float>.Count;

    internal static void Apply(float[] frame, int rows, int columns, int half, int search, double sigma, double length, RunContext context)
    {
        var source = MirroredFrame.WithoutEdge(frame, rows, columns, half + search);
        var patch = (2 * half) + 1;
        // exp(-max(sum / n - 2 sigma², 0) / h²)
        var scale = (float)(-1 / (patch * patch * length * length));
        var offset = (float)(2 * sigma * sigma / (length * length));
        ParallelWork.For((rows + RowsAPiece - 1) / RowsAPiece, context, piece =>
        {
            var first = piece * RowsAPiece;
            new Band(source, first, Math.Min(RowsAPiece, rows - first), columns, half, search).Run(frame, scale, offset, context.CancellationToken);
        });
    }

    private sealed class Band(MirroredFrame source, int first, int rows, int columns, int half, int search)
    {
        private readonly int _stride = ((columns + (2 * half) + Width - 1) / Width * Width) + Width;
        private readonly float[] _values = new float[rows * ((columns + Width - 1) / Width * Width)];
        private readonly float[] _weights = new float[rows * ((columns + Width - 1) / Width * Width)];

        internal void Run(float[] frame, float scale, float offset, CancellationToken cancellation)
        {
            var squares = new float[(rows + (2 * half)) * _stride];
            var sums = new float[_stride];
            for (var dy = -search; dy <= search; dy++)
            {
                cancellation.ThrowIfCancellationRequested();
                for (var dx = -search; dx <= search; dx++)
                {
                    Differences(squares, dy, dx);
                    for (var row = 0; row < rows; row++)
                    {
                        SumDown(squares, sums, row);
                        Weigh(sums, row, dy, dx, scale, offset);
                    }
                }
            }

            var line = _values.Length / rows;
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    frame[((first + row) * columns) + column] = _values[(row * line) + column] / _weights[(row * line) + column];
                }
            }
        }

        private void Differences(float[] squares, int dy, int dx)
        {
            ref var from = ref MemoryMarshal.GetArrayDataReference(source.Values);
            ref var to = ref MemoryMarshal.GetArrayDataReference(squares);
            for (var row = 0; row < rows + (2 * half); row++)
            {
                var here = source.At(first + row - half, -half);
                var there = source.At(first + row - half + dy, -half + dx);
                // Vectors may reach into the slack beyond the margin.
                for (var column = 0; column < columns + (2 * half); column += Width)
                {
                    var difference = Vector256.LoadUnsafe(ref from, (nuint)(here + column)) - Vector256.LoadUnsafe(ref from, (nuint)(there + column));
                    (difference * difference).StoreUnsafe(ref to, (nuint)((row * _stride) + column));
                }
            }
        }

        private void SumDown(float[] squares, float[] sums, int row)
        {
            ref var from = ref MemoryMarshal.GetArrayDataReference(squares);
            ref var to = ref MemoryMarshal.GetArrayDataReference(sums);
            for (var column = 0; column <= _stride - Width; column += Width)
            {
                var sum = Vector256.LoadUnsafe(ref from, (nuint)((row * _stride) + column));
                for (var k = 1; k <= 2 * half; k++)
                {
                    sum += Vector256.LoadUnsafe(ref from, (nuint)(((row + k) * _stride) + column));
                }

                sum.StoreUnsafe(ref to, (nuint)column);
            }
        }

        private void Weigh(float[] sums, int row, int dy, int dx, float scale, float offset)
        {
            ref var from = ref MemoryMarshal.GetArrayDataReference(sums);
            ref var picture = ref MemoryMarshal.GetArrayDataReference(source.Values);
            ref var values = ref MemoryMarshal.GetArrayDataReference(_values);
            ref var weights = ref MemoryMarshal.GetArrayDataReference(_weights);
            var (factor, shift) = (Vector256.Create(scale), Vector256.Create(offset));
            var line = _values.Length / rows;
            var there = source.At(first + row + dy, dx);
            for (var column = 0; column < columns; column += Width)
            {
                var sum = Vector256.LoadUnsafe(ref from, (nuint)column);
                for (var k = 1; k <= 2 * half; k++)
                {
                    sum += Vector256.LoadUnsafe(ref from, (nuint)(column + k));
                }

                var at = (nuint)((row * line) + column);
                var weight = Vector256.Exp(Vector256.Min(Vector256.FusedMultiplyAdd(factor, sum, shift), Vector256<float>.Zero));
                (Vector256.LoadUnsafe(ref weights, at) + weight).StoreUnsafe(ref weights, at);
                Vector256.FusedMultiplyAdd(weight, Vector256.LoadUnsafe(ref picture, (nuint)(there + column)), Vector256.LoadUnsafe(ref values, at)).StoreUnsafe(ref values, at);
            }
        }
    }
}
