using System.Numerics;
using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>Sums and the like over ranks.</summary>
public sealed partial class RankGroup
{
    // Large enough for the network, small enough to stay in caches and not to double the memory of a volume.
    private const int BlockBytes = 16 << 20;

    /// <summary>Combines the values of all ranks, element by element; all ranks have the result afterwards.</summary>
    /// <typeparam name="T">A number, such as float, double, int or long.</typeparam>
    /// <param name="values">Values of this rank, as many on each; gets the result.</param>
    /// <param name="reduction">How; in the order of the ranks.</param>
    /// <exception cref="RankException">Another rank makes another call, or has another number of values.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public void AllReduce<T>(Span<T> values, Reduction reduction = Reduction.Sum)
        where T : unmanaged, INumber<T>
    {
        using var _ = _transport.State.Enter("AllReduce");
        var card = CallCard.Of<T>(RankCall.AllReduce, values.Length, 0, Checked(reduction));
        if (IsSmall(values))
        {
            values.CopyTo(card.Held<T>(values.Length));
            FromCards(Agree(card), values, reduction);
            return;
        }

        Agree(card);
        ReduceBlocks(values, reduction, root: null);
    }

    /// <summary>Combines one value of each rank; all ranks get the result.</summary>
    /// <typeparam name="T">A number, such as float, double, int or long.</typeparam>
    /// <param name="value">Value of this rank.</param>
    /// <param name="reduction">How; in the order of the ranks.</param>
    /// <exception cref="RankException">Another rank makes another call.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public T AllReduce<T>(T value, Reduction reduction = Reduction.Sum)
        where T : unmanaged, INumber<T>
    {
        AllReduce(new Span<T>(ref value), reduction);
        return value;
    }

    /// <summary>Combines the values of all ranks, element by element; one rank has the result afterwards, and the values of the others stay.</summary>
    /// <typeparam name="T">A number, such as float, double, int or long.</typeparam>
    /// <param name="values">Values of this rank, as many on each; on the root gets the result.</param>
    /// <param name="root">The rank that gets the result.</param>
    /// <param name="reduction">How; in the order of the ranks.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="RankException">Another rank makes another call, or has another number of values.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public void Reduce<T>(Span<T> values, int root = 0, Reduction reduction = Reduction.Sum)
        where T : unmanaged, INumber<T>
    {
        CheckRank(root, nameof(root));
        using var _ = _transport.State.Enter("Reduce");
        var card = CallCard.Of<T>(RankCall.Reduce, values.Length, root, Checked(reduction));
        if (IsSmall(values))
        {
            values.CopyTo(card.Held<T>(values.Length));
            var cards = Agree(card);
            if (Rank == root)
            {
                FromCards(cards, values, reduction);
            }

            return;
        }

        Agree(card);
        ReduceBlocks(values, reduction, root);
    }

    private static unsafe bool IsSmall<T>(ReadOnlySpan<T> values)
        where T : unmanaged => (long)values.Length * sizeof(T) <= CallCard.Room;

    private static Reduction Checked(Reduction reduction) =>
        Enum.IsDefined(reduction) ? reduction : throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "Sum, Min, Max or Product.");

    private static void FromCards<T>(Span<CallCard> cards, Span<T> values, Reduction reduction)
        where T : unmanaged, INumber<T>
    {
        cards[0].Held<T>(values.Length).CopyTo(values);
        foreach (ref var card in cards[1..])
        {
            RankCombine.Add(values, card.Held<T>(values.Length), reduction);
        }
    }

    /// <summary>
    /// Each rank combines a share of a block, of which all send it theirs, and sends the result to all or to the root: each value travels
    /// twice, as with a ring, and every sum is made once, in the order of the ranks.
    /// </summary>
    private unsafe void ReduceBlocks<T>(Span<T> values, Reduction reduction, int? root)
        where T : unmanaged, INumber<T>
    {
        if (IsLone)
        {
            return;
        }

        var block = Math.Min(values.Length, BlockBytes / sizeof(T));
        var slot = (block + Size - 1) / Size;
        var staging = (T*)_transport.State.Staging((long)slot * Size * sizeof(T));
        var sources = new nint[Size];
        var pieces = new List<RankPiece>(2 * Size);
        fixed (T* all = values)
        {
            for (var start = 0; start < values.Length; start += block)
            {
                var length = Math.Min(block, values.Length - start);
                var data = all + start;
                var (ownStart, ownLength) = ShareOf(Rank, length);
                pieces.Clear();
                for (var rank = 0; rank < Size; rank++)
                {
                    sources[rank] = rank == Rank ? (nint)(data + ownStart) : (nint)(staging + ((long)rank * slot));
                    if (rank != Rank)
                    {
                        var (first, count) = ShareOf(rank, length);
                        pieces.Add(new RankPiece(rank, sources[rank], (long)ownLength * sizeof(T), IsSend: false));
                        pieces.Add(new RankPiece(rank, (nint)(data + first), (long)count * sizeof(T), IsSend: true));
                    }
                }

                Transfer(CollectionsMarshal.AsSpan(pieces));

                // The values of those that are not to have the result stay as they are.
                var result = root is { } only && only != Rank ? staging + ((long)Rank * slot) : data + ownStart;
                RankCombine.Run(sources, result, ownLength, reduction);
                pieces.Clear();
                for (var rank = 0; rank < Size; rank++)
                {
                    var (first, count) = ShareOf(rank, length);
                    if (rank != Rank && (root is null || root == Rank))
                    {
                        pieces.Add(new RankPiece(rank, (nint)(data + first), (long)count * sizeof(T), IsSend: false));
                    }

                    if (rank != Rank && (root is null || root == rank))
                    {
                        pieces.Add(new RankPiece(rank, (nint)result, (long)ownLength * sizeof(T), IsSend: true));
                    }
                }

                Transfer(CollectionsMarshal.AsSpan(pieces));
            }
        }
    }

    private (int Start, int Length) ShareOf(int rank, int count)
    {
        var (start, length) = Ranks.Share(count, rank, Size).GetOffsetAndLength(count);
        return (start, length);
    }
}
