using Beamline.Arrays;

namespace Beamline.Compute;

/// <summary>Whole volumes, which may be larger than a span.</summary>
public sealed partial class RankGroup
{
    // Elements of a span.
    private const int Stretch = 1 << 28;

    /// <summary>Combines volumes of the same shape voxel by voxel, for instance backprojections of the angles of each rank; all ranks have the result afterwards.</summary>
    /// <param name="volume">Volume of this rank; gets the result.</param>
    /// <param name="reduction">How; in the order of the ranks.</param>
    /// <exception cref="RankException">Another rank makes another call, or has a volume of another shape.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public void AllReduce(Volume volume, Reduction reduction = Reduction.Sum)
    {
        ArgumentNullException.ThrowIfNull(volume);
        using var _ = _transport.State.Enter("AllReduce");
        AgreeOnShape(RankCall.AllReduce, volume, 0, Checked(reduction));
        for (long start = 0; start < volume.Memory.Length; start += Stretch)
        {
            ReduceBlocks(Part(volume, start), reduction, root: null);
        }
    }

    /// <summary>Combines volumes of the same shape voxel by voxel; one rank has the result afterwards, and the volumes of the others stay.</summary>
    /// <param name="volume">Volume of this rank; on the root gets the result.</param>
    /// <param name="root">The rank that gets the result.</param>
    /// <param name="reduction">How; in the order of the ranks.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="RankException">Another rank makes another call, or has a volume of another shape.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public void Reduce(Volume volume, int root = 0, Reduction reduction = Reduction.Sum)
    {
        ArgumentNullException.ThrowIfNull(volume);
        CheckRank(root, nameof(root));
        using var _ = _transport.State.Enter("Reduce");
        AgreeOnShape(RankCall.Reduce, volume, root, Checked(reduction));
        for (long start = 0; start < volume.Memory.Length; start += Stretch)
        {
            ReduceBlocks(Part(volume, start), reduction, root);
        }
    }

    /// <summary>Gives the voxels of one rank's volume to all.</summary>
    /// <param name="volume">On the root what is given, on the others where it goes; of the same shape on each.</param>
    /// <param name="root">The rank whose voxels they are.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="RankException">Another rank makes another call, or has a volume of another shape.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public void Broadcast(Volume volume, int root = 0)
    {
        ArgumentNullException.ThrowIfNull(volume);
        CheckRank(root, nameof(root));
        using var _ = _transport.State.Enter("Broadcast");
        AgreeOnShape(RankCall.Broadcast, volume, root, Reduction.Sum);
        for (long start = 0; start < volume.Memory.Length; start += Stretch)
        {
            BroadcastBlocks(Part(volume, start), root);
        }
    }

    /// <summary>Puts the slices of all ranks on top of each other, in the order of the ranks, on one of them.</summary>
    /// <param name="own">Slices of this rank; their number may differ between ranks, rows and columns may not.</param>
    /// <param name="root">The rank that gets them.</param>
    /// <returns>On the root a new volume of all slices, with voxel size, quantity and provenance of its own part; on the others null.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank.</exception>
    /// <exception cref="RankException">Another rank makes another call, or has slices of another shape.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public Volume? Gather(Volume own, int root = 0)
    {
        ArgumentNullException.ThrowIfNull(own);
        CheckRank(root, nameof(root));
        using var _ = _transport.State.Enter("Gather");
        var card = CallCard.Of<float>(RankCall.Gather, own.SliceCount, root);
        (card.Held<int>(2)[0], card.Held<int>(2)[1]) = (own.RowCount, own.ColumnCount);
        var cards = Agree(card, sameLength: false);
        for (var rank = 1; rank < Size; rank++)
        {
            Same(cards, rank, 2, "slices");
        }

        var starts = Starts(cards);
        if (Rank != root)
        {
            Move(own, 0, own.SliceCount, root, isSend: true);
            return null;
        }

        var whole = new Volume(checked((int)starts[^1]), own.RowCount, own.ColumnCount) { VoxelSize = own.VoxelSize, Quantity = own.Quantity, Provenance = own.Provenance };
        for (var rank = 0; rank < Size; rank++)
        {
            var (first, count) = ((int)starts[rank], (int)(starts[rank + 1] - starts[rank]));
            if (rank != Rank)
            {
                Move(whole, first, count, rank, isSend: false);
                continue;
            }

            for (var z = 0; z < count; z++)
            {
                own.Slice(z).CopyTo(whole.Slice(first + z));
            }
        }

        return whole;
    }

    private static Span<float> Part(Volume volume, long start) => volume.Memory.Span(start, (int)Math.Min(Stretch, volume.Memory.Length - start));

    private unsafe void Move(Volume volume, int first, int count, int peer, bool isSend)
    {
        var slice = (long)volume.RowCount * volume.ColumnCount;
        for (long start = first * slice, end = (first + count) * slice; start < end; start += Stretch)
        {
            var part = volume.Memory.Span(start, (int)Math.Min(Stretch, end - start));
            fixed (float* data = part)
            {
                Transfer([new RankPiece(peer, (nint)data, (long)part.Length * sizeof(float), isSend)]);
            }
        }
    }

    private void AgreeOnShape(RankCall call, Volume volume, int root, Reduction reduction)
    {
        var card = CallCard.Of<float>(call, volume.Memory.Length, root, reduction);
        var shape = card.Held<int>(3);
        (shape[0], shape[1], shape[2]) = (volume.SliceCount, volume.RowCount, volume.ColumnCount);
        var cards = Agree(card);
        for (var rank = 1; rank < Size; rank++)
        {
            Same(cards, rank, 3, "a volume");
        }
    }

    private static void Same(Span<CallCard> cards, int rank, int numbers, string what)
    {
        var first = cards[0].Held<int>(numbers);
        var other = cards[rank].Held<int>(numbers);
        if (!first.SequenceEqual(other))
        {
            throw new RankException($"The shapes differ: rank 0 has {what} of {Shape(first)}, and rank {rank} of {Shape(other)}.");
        }
    }

    private static string Shape(ReadOnlySpan<int> numbers) => string.Join(" x ", numbers.ToArray());
}
