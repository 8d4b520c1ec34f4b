namespace Beamline.Compute;

/// <summary>Bytes that go to another rank, or come from it.</summary>
/// <param name="Peer">The other rank.</param>
/// <param name="Address">Where they lie.</param>
/// <param name="Bytes">How many.</param>
/// <param name="IsSend">Whether they go.</param>
internal readonly record struct RankPiece(int Peer, nint Address, long Bytes, bool IsSend);

/// <summary>Pieces on their way.</summary>
internal interface IPieces
{
    /// <summary>Waits until all have gone and come.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    void Complete(CancellationToken cancellationToken);
}

/// <summary>
/// What carries bytes between the ranks of a group. Everything else (which bytes, sums, checks) is above it, so that results do not depend on
/// which MPI a machine has. Pieces between two ranks with one tag arrive in the order in which they were sent.
/// </summary>
internal interface IRankTransport
{
    int Rank { get; }

    int Size { get; }

    /// <summary>State that all groups of this process share.</summary>
    RankState State { get; }

    /// <summary>Collects a few bytes of each rank, in the order of the ranks.</summary>
    void AllGather(ReadOnlySpan<byte> own, Span<byte> all, CancellationToken cancellationToken);

    /// <summary>Sets pieces on their way.</summary>
    /// <param name="pieces">Where they lie must stay valid and in place until they are complete.</param>
    /// <param name="tag">Tells them from others; 0 to 32,767.</param>
    IPieces Begin(ReadOnlySpan<RankPiece> pieces, int tag);

    /// <summary>The ranks that give the same color, in the order of their keys. All ranks call it.</summary>
    IRankTransport Split(int color, int key);

    /// <summary>The ranks that share this one's memory. All ranks call it.</summary>
    IRankTransport SplitByNode();
}

/// <summary>A group of one: nothing is ever sent.</summary>
internal sealed class LoneTransport : IRankTransport
{
    public int Rank => 0;

    public int Size => 1;

    public RankState State { get; } = new();

    public void AllGather(ReadOnlySpan<byte> own, Span<byte> all, CancellationToken cancellationToken) => own.CopyTo(all);

    public IPieces Begin(ReadOnlySpan<RankPiece> pieces, int tag) => throw new InvalidOperationException("There is nobody to send to.");

    public IRankTransport Split(int color, int key) => new LoneTransport();

    public IRankTransport SplitByNode() => new LoneTransport();
}
