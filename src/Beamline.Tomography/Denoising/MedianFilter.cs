using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Beamline.Compute;
using Beamline.Tomography.Denoising;

namespace Beamline.Tomography;

/// <summary>The median of a square window: <c>scipy.ndimage.median_filter</c>.</summary>
/// <remarks>
/// Keeps straight edges, rounds corners and loses what is thinner than half the window. Beyond the edge the picture is mirrored. Single bright
/// pixels alone are the work of <see cref="ZingerOptions"/>.
/// </remarks>
public sealed record MedianFilter : NoiseFilter
{
    private const int RowsAPiece = 16;

    /// <summary>Edge of the window in pixels: 3, 5, 7, 9 or 11.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number.</exception>
    public int Size
    {
        get;
        init => field = value is 3 or 5 or 7 or 9 or 11
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Size), value, "The window is 3, 5, 7, 9 or 11 pixels wide.");
    } = 3;

    /// <inheritdoc/>
    public override string Name => "median";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, string Value)> Parameters => [("size", $"{Size}")];

    internal override void Run(float[] frame, int rows, int columns, RunContext context)
    {
        var half = Size / 2;
        var source = MirroredFrame.WithEdge(frame, rows, columns, half);
        var offsets = new int[Size * Size];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = (((i / Size) - half) * source.Stride) + (i % Size) - half;
        }

        ParallelWork.For((rows + RowsAPiece - 1) / RowsAPiece, context, piece =>
        {
            Span<Vector256<float>> kept = stackalloc Vector256<float>[(offsets.Length / 2) + 2];
            Span<float> medians = stackalloc float[Vector256<float>.Count];
            ref var first = ref MemoryMarshal.GetArrayDataReference(source.Values);
            for (var row = piece * RowsAPiece; row < Math.Min((piece + 1) * RowsAPiece, rows); row++)
            {
                for (var column = 0; column < columns; column += medians.Length)
                {
                    Median(ref first, source.At(row, column), offsets, kept).CopyTo(medians);
                    medians[..Math.Min(medians.Length, columns - column)].CopyTo(frame.AsSpan((row * columns) + column));
                }
            }
        });
    }

    /// <summary>
    /// The medians of eight neighboring windows. Of one more than half of the values neither the smallest nor the largest can be the median: both
    /// are forgotten, another value comes in, until three are left.
    /// </summary>
    private static Vector256<float> Median(ref float first, int at, int[] offsets, Span<Vector256<float>> kept)
    {
        var next = kept.Length;
        for (var i = 0; i < next; i++)
        {
            kept[i] = Vector256.LoadUnsafe(ref first, (nuint)(at + offsets[i]));
        }

        for (var count = kept.Length; ; count--)
        {
            // The smallest to the front, the largest to the back.
            for (var i = 1; i < count; i++)
            {
                (kept[0], kept[i]) = (Vector256.MinNative(kept[0], kept[i]), Vector256.MaxNative(kept[0], kept[i]));
            }

            for (var i = 1; i < count - 1; i++)
            {
                (kept[i], kept[count - 1]) = (Vector256.MinNative(kept[i], kept[count - 1]), Vector256.MaxNative(kept[i], kept[count - 1]));
            }

            if (count == 3)
            {
                return kept[1];
            }

            // In the place of the smallest; the largest falls off the end.
            kept[0] = Vector256.LoadUnsafe(ref first, (nuint)(at + offsets[next++]));
        }
    }
}
