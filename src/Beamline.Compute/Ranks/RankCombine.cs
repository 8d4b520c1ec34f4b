using System.Numerics;

namespace Beamline.Compute;

/// <summary>Combines values of several ranks in the order of the ranks, so that the result has the same bits however they came.</summary>
internal static unsafe class RankCombine
{
    private const int BlockBytes = 8192;

    /// <summary>Combines arrays into one, which may be one of them.</summary>
    /// <param name="sources">Addresses of the arrays, in the order of the ranks.</param>
    /// <param name="target">Gets the result.</param>
    /// <param name="length">Elements of each.</param>
    /// <param name="reduction">How.</param>
    public static void Run<T>(ReadOnlySpan<nint> sources, T* target, int length, Reduction reduction)
        where T : unmanaged, INumber<T>
    {
        var block = BlockBytes / sizeof(T);
        Span<T> sum = stackalloc T[block];
        for (var start = 0; start < length; start += block)
        {
            var part = sum[..Math.Min(block, length - start)];
            new ReadOnlySpan<T>((T*)sources[0] + start, part.Length).CopyTo(part);
            foreach (var source in sources[1..])
            {
                Add(part, new ReadOnlySpan<T>((T*)source + start, part.Length), reduction);
            }

            part.CopyTo(new Span<T>(target + start, part.Length));
        }
    }

    /// <summary>Combines each value with another one.</summary>
    public static void Add<T>(Span<T> sum, ReadOnlySpan<T> other, Reduction reduction)
        where T : unmanaged, INumber<T>
    {
        var done = 0;
        if (Vector<T>.IsSupported)
        {
            for (; done <= sum.Length - Vector<T>.Count; done += Vector<T>.Count)
            {
                var (a, b) = (new Vector<T>(sum[done..]), new Vector<T>(other[done..]));
                (reduction switch
                {
                    Reduction.Sum => a + b,
                    Reduction.Min => Vector.Min(a, b),
                    Reduction.Max => Vector.Max(a, b),
                    _ => a * b,
                }).CopyTo(sum[done..]);
            }
        }

        for (; done < sum.Length; done++)
        {
            var (a, b) = (sum[done], other[done]);
            sum[done] = reduction switch
            {
                Reduction.Sum => unchecked(a + b),
                Reduction.Min => T.Min(a, b),
                Reduction.Max => T.Max(a, b),
                _ => unchecked(a * b),
            };
        }
    }
}
