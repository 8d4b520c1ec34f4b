using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>
/// Processes that run one cell together and exchange data: all of them (<see cref="Ranks.All"/>), those of one node, or those that chose the same
/// color. All ranks of a group make the same calls in the same order; calls that do not fit together end in an error on all of them. Sums are made in the
/// order of the ranks: the same number of ranks gives the same bits, on any machine, with any MPI. In a group of one every call is there
/// and sends nothing.
/// </summary>
/// <remarks>
/// One thread of a process makes one call at a time. Waiting ends when the cell is stopped, or when another rank of the job has failed; after that the groups cannot be used any more. What is received arrives in the
/// caller's memory without a copy in between, except for small things.
/// </remarks>
public sealed partial class RankGroup
{
    private readonly IRankTransport _transport;
    private readonly CallCard[] _cards;

    internal RankGroup(IRankTransport transport) => (_transport, _cards) = (transport, new CallCard[transport.Size]);

    /// <summary>Number of this process in the group, from 0.</summary>
    public int Rank => _transport.Rank;

    /// <summary>Number of processes in the group.</summary>
    public int Size => _transport.Size;

    private bool IsLone => _transport.Size == 1;

    /// <summary>The share of this process of some pieces of work, such as slices or angles.</summary>
    /// <param name="count">Number of pieces, 0 or more.</param>
    /// <returns>A range of indices from 0; the ranges of all ranks of the group cover each piece once, and differ by one piece at most.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public Range Share(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Ranks.Share(count, Rank, Size);
    }

    /// <summary>Waits until all ranks have come as far.</summary>
    /// <exception cref="RankException">Another rank makes another call.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public void Barrier()
    {
        using var _ = _transport.State.Enter("Barrier");
        Agree(CallCard.Of<byte>(RankCall.Barrier, 0));
    }

    /// <summary>The ranks that give the same color as this one, numbered in the order that they have here.</summary>
    /// <param name="color">Any number of 0 or more, for instance which block of angles a rank works on.</param>
    /// <returns>A group of its own; groups of other colors work beside it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The color is negative.</exception>
    /// <exception cref="RankException">Another rank makes another call.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public RankGroup Split(int color)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(color);
        using var _ = _transport.State.Enter("Split");
        Agree(CallCard.Of<byte>(RankCall.Split, 0));
        return new RankGroup(_transport.Split(color, Rank));
    }

    /// <summary>
    /// The ranks on the node of this one, whose memory is quick to reach: sum there first, then between the nodes
    /// (<c>Split(node.Rank)</c>), as in Hidayetoglu et al., Petascale XCT, arXiv 2009.07226.
    /// </summary>
    /// <returns>A group of its own.</returns>
    /// <exception cref="RankException">Another rank makes another call.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public RankGroup ByNode()
    {
        using var _ = _transport.State.Enter("ByNode");
        Agree(CallCard.Of<byte>(RankCall.ByNode, 0));
        return new RankGroup(_transport.SplitByNode());
    }

    /// <inheritdoc/>
    public override string ToString() => $"Rank {Rank} of {Size}";

    /// <summary>Waits for the cards of all ranks, and checks that they fit.</summary>
    /// <param name="own">The card of this rank.</param>
    /// <param name="sameLength">Whether all must have the same number of values.</param>
    private Span<CallCard> Agree(CallCard own, bool sameLength = true)
    {
        var cancellation = RunContext.Current.CancellationToken;
        cancellation.ThrowIfCancellationRequested();
        _transport.AllGather(
            MemoryMarshal.AsBytes(new ReadOnlySpan<CallCard>(in own)), MemoryMarshal.AsBytes(_cards.AsSpan()), cancellation);
        for (var rank = 1; rank < _cards.Length; rank++)
        {
            if (!_cards[rank].Fits(_cards[0]) || (sameLength && _cards[rank].Length != _cards[0].Length))
            {
                throw new RankException(
                    $"The ranks do not make the same call: rank 0 calls {_cards[0]}, and rank {rank} {_cards[rank]}. " +
                    "All ranks of a group must make the same calls in the same order, on as many values.");
            }
        }

        return _cards;
    }

    private void CheckRank(int rank, string name)
    {
        if ((uint)rank >= (uint)Size)
        {
            throw new ArgumentOutOfRangeException(name, rank, $"The group has the ranks 0 to {Size - 1}.");
        }
    }

    private void Transfer(ReadOnlySpan<RankPiece> pieces) => _transport.Begin(pieces, 0).Complete(RunContext.Current.CancellationToken);
}
