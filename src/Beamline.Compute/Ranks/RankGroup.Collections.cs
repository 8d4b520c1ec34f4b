using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>Values of one rank for all, and of all for one.</summary>
public sealed partial class RankGroup
{
    /// <summary>Gives the values of one rank to all.</summary>
    /// <typeparam name="T">A value without references.</typeparam>
    /// <param name="values">On the root what is given, on the others where it goes; as many on each.</param>
    /// <param name="root">The rank whose values they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="RankException">Another rank makes another call, or has room for another number of values.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public void Broadcast<T>(Span<T> values, int root = 0)
        where T : unmanaged
    {
        CheckRank(root, nameof(root));
        using var _ = _transport.State.Enter("Broadcast");
        var card = CallCard.Of<T>(RankCall.Broadcast, values.Length, root);
        if (IsSmall<T>(values))
        {
            values.CopyTo(card.Held<T>(values.Length));
            Agree(card)[root].Held<T>(values.Length).CopyTo(values);
            return;
        }

        Agree(card);
        BroadcastBlocks(values, root);
    }

    /// <summary>Collects the values of all ranks, in the order of the ranks, on all of them.</summary>
    /// <typeparam name="T">A value without references.</typeparam>
    /// <param name="own">Values of this rank; their number may differ between ranks.</param>
    /// <exception cref="RankException">Another rank makes another call, or all together are too many for an array.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public T[] AllGather<T>(ReadOnlySpan<T> own)
        where T : unmanaged
    {
        using var _ = _transport.State.Enter("AllGather");
        var starts = Starts(Agree(CallCard.Of<T>(RankCall.AllGather, own.Length), sameLength: false));
        var all = NewArray<T>(starts[^1]);
        Collect(own, all, starts, root: null);
        return all;
    }

    /// <summary>Collects the values of all ranks, in the order of the ranks, on one of them.</summary>
    /// <typeparam name="T">A value without references.</typeparam>
    /// <param name="own">Values of this rank; their number may differ between ranks.</param>
    /// <param name="root">The rank that gets them.</param>
    /// <returns>On the root all values, on the others an empty array.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="RankException">Another rank makes another call, or all together are too many for an array.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public T[] Gather<T>(ReadOnlySpan<T> own, int root = 0)
        where T : unmanaged
    {
        CheckRank(root, nameof(root));
        using var _ = _transport.State.Enter("Gather");
        var starts = Starts(Agree(CallCard.Of<T>(RankCall.Gather, own.Length, root), sameLength: false));
        var all = NewArray<T>(starts[^1], Rank == root);
        Collect(own, all, starts, root);
        return all;
    }

    /// <summary>Spreads values of one rank over all, in the order of the ranks.</summary>
    /// <typeparam name="T">A value without references.</typeparam>
    /// <param name="all">On the root the values of all ranks; on the others it is not looked at.</param>
    /// <param name="own">Gets the values of this rank; their number may differ between ranks.</param>
    /// <param name="root">The rank whose values they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="RankException">Another rank makes another call, or the ranks want more or fewer values than the root has.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public unsafe void Scatter<T>(ReadOnlySpan<T> all, Span<T> own, int root = 0)
        where T : unmanaged
    {
        CheckRank(root, nameof(root));
        using var _ = _transport.State.Enter("Scatter");
        var card = CallCard.Of<T>(RankCall.Scatter, own.Length, root);
        card.Held<long>(1)[0] = all.Length;
        var cards = Agree(card, sameLength: false);
        var starts = Starts(cards);
        if (cards[root].Held<long>(1)[0] is var there && there != starts[^1])
        {
            throw new RankException(FormattableString.Invariant(
                $"Rank {root} spreads {there:N0} values, and all ranks together have room for {starts[^1]:N0}. Share(count) gives ranges that fit."));
        }

        var pieces = new List<RankPiece>();
        fixed (T* from = all, to = own)
        {
            if (Rank != root)
            {
                pieces.Add(new RankPiece(root, (nint)to, (long)own.Length * sizeof(T), IsSend: false));
            }
            else
            {
                all.Slice((int)starts[Rank], own.Length).CopyTo(own);
                for (var rank = 0; rank < Size; rank++)
                {
                    if (rank != root)
                    {
                        pieces.Add(new RankPiece(rank, (nint)(from + starts[rank]), (starts[rank + 1] - starts[rank]) * sizeof(T), IsSend: true));
                    }
                }
            }

            if (!IsLone)
            {
                Transfer(CollectionsMarshal.AsSpan(pieces));
            }
        }
    }

    /// <summary>The root deals shares of a block out, which the others then give to each other: it sends each value about twice, however many they are.</summary>
    private unsafe void BroadcastBlocks<T>(Span<T> values, int root)
        where T : unmanaged
    {
        if (IsLone)
        {
            return;
        }

        var block = Math.Max(1, BlockBytes / sizeof(T));
        var pieces = new List<RankPiece>(2 * Size);
        fixed (T* all = values)
        {
            for (var start = 0; start < values.Length; start += block)
            {
                var length = Math.Min(block, values.Length - start);
                Deal(all + start, length);
                Transfer(CollectionsMarshal.AsSpan(pieces));
                Pass(all + start, length);
                Transfer(CollectionsMarshal.AsSpan(pieces));
            }
        }

        void Deal(T* data, int length)
        {
            pieces.Clear();
            for (var rank = 0; rank < Size; rank++)
            {
                if (rank != root && (Rank == root || Rank == rank))
                {
                    pieces.Add(Piece(data, length, rank, Rank == root ? rank : root, isSend: Rank == root));
                }
            }
        }

        void Pass(T* data, int length)
        {
            pieces.Clear();
            for (var rank = 0; rank < Size; rank++)
            {
                if (rank == Rank)
                {
                    continue;
                }

                if (Rank != root)
                {
                    pieces.Add(Piece(data, length, rank, rank, isSend: false));
                }

                if (rank != root)
                {
                    pieces.Add(Piece(data, length, Rank, rank, isSend: true));
                }
            }
        }

        RankPiece Piece(T* data, int length, int share, int peer, bool isSend)
        {
            var (first, count) = ShareOf(share, length);
            return new RankPiece(peer, (nint)(data + first), (long)count * sizeof(T), isSend);
        }
    }

    private unsafe void Collect<T>(ReadOnlySpan<T> own, Span<T> all, long[] starts, int? root)
        where T : unmanaged
    {
        var gets = root is null || root == Rank;
        if (gets)
        {
            own.CopyTo(all[(int)starts[Rank]..]);
        }

        if (IsLone)
        {
            return;
        }

        var pieces = new List<RankPiece>(2 * Size);
        fixed (T* from = own, to = all)
        {
            for (var rank = 0; rank < Size; rank++)
            {
                if (rank != Rank && gets)
                {
                    pieces.Add(new RankPiece(rank, (nint)(to + starts[rank]), (starts[rank + 1] - starts[rank]) * sizeof(T), IsSend: false));
                }

                if (rank != Rank && (root is null || root == rank))
                {
                    pieces.Add(new RankPiece(rank, (nint)from, (long)own.Length * sizeof(T), IsSend: true));
                }
            }

            Transfer(CollectionsMarshal.AsSpan(pieces));
        }
    }

    /// <summary>Where the values of each rank begin, and, last, how many they are.</summary>
    private static long[] Starts(ReadOnlySpan<CallCard> cards)
    {
        var starts = new long[cards.Length + 1];
        for (var rank = 0; rank < cards.Length; rank++)
        {
            starts[rank + 1] = starts[rank] + cards[rank].Length;
        }

        return starts;
    }

    private static T[] NewArray<T>(long length, bool isWanted = true)
        where T : unmanaged
    {
        if (length > Array.MaxLength)
        {
            throw new RankException(FormattableString.Invariant($"All ranks together have {length:N0} values, more than an array holds. Gather volumes, or in parts."));
        }

        return isWanted ? GC.AllocateUninitializedArray<T>((int)length) : [];
    }
}
