using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>From one rank to another.</summary>
public sealed partial class RankGroup
{
    private const int HighestTag = 30_000;

    /// <summary>Sends values to another rank, which receives them. May wait until it does.</summary>
    /// <typeparam name="T">A value without references.</typeparam>
    /// <param name="values">The values.</param>
    /// <param name="target">The rank that gets them.</param>
    /// <param name="tag">A number, 0 to 30,000, by which the other one tells them from others.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank, it is this one, or the tag is out of range.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public unsafe void Send<T>(ReadOnlySpan<T> values, int target, int tag = 0)
        where T : unmanaged
    {
        CheckPeer(target, tag, nameof(target));
        using var _ = _transport.State.Enter("Send");
        var card = CallCard.Of<T>(RankCall.Send, values.Length);
        fixed (T* from = values)
        {
            Begin(&card, from, values.Length, target, tag).Complete(Cancellation());
        }
    }

    /// <summary>Receives values that another rank sends.</summary>
    /// <typeparam name="T">A value without references.</typeparam>
    /// <param name="values">Gets the values; as many as are sent.</param>
    /// <param name="source">The rank that sends them.</param>
    /// <param name="tag">The number with which it sends them.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank, it is this one, or the tag is out of range.</exception>
    /// <exception cref="RankException">Another number of values was sent, or values of another type.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public void Receive<T>(Span<T> values, int source, int tag = 0)
        where T : unmanaged
    {
        CheckPeer(source, tag, nameof(source));
        using var _ = _transport.State.Enter("Receive");
        Check<T>(Header(source, tag), values.Length, source);
        Take(values, source, tag);
    }

    /// <summary>Receives values that another rank sends, however many.</summary>
    /// <typeparam name="T">A value without references.</typeparam>
    /// <param name="source">The rank that sends them.</param>
    /// <param name="tag">The number with which it sends them.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank, it is this one, or the tag is out of range.</exception>
    /// <exception cref="RankException">Values of another type were sent.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public T[] Receive<T>(int source, int tag = 0)
        where T : unmanaged
    {
        CheckPeer(source, tag, nameof(source));
        using var _ = _transport.State.Enter("Receive");
        var card = Header(source, tag);
        Check<T>(card, card.Length, source);
        var values = GC.AllocateUninitializedArray<T>((int)card.Length);
        Take<T>(values, source, tag);
        return values;
    }

    /// <summary>Sends values to one rank while it receives from another (or the same) one, for instance the edges of neighboring blocks: two that send to each other first would wait for ever.</summary>
    /// <typeparam name="T">A value without references.</typeparam>
    /// <param name="send">Values that go; must not overlap those that come.</param>
    /// <param name="target">The rank that gets them; with this one as target and source they are copied.</param>
    /// <param name="receive">Gets what comes.</param>
    /// <param name="source">The rank that it comes from.</param>
    /// <param name="tag">A number, 0 to 30,000, that both sides give.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such rank, or the tag is out of range.</exception>
    /// <exception cref="RankException">Another number of values was sent, or values of another type.</exception>
    /// <exception cref="OperationCanceledException">The cell was stopped.</exception>
    public unsafe void SendReceive<T>(ReadOnlySpan<T> send, int target, Span<T> receive, int source, int tag = 0)
        where T : unmanaged
    {
        if (target == Rank && source == Rank)
        {
            CheckTag(tag);
            Check<T>(CallCard.Of<T>(RankCall.Send, send.Length), receive.Length, source, isBroken: false);
            send.CopyTo(receive);
            return;
        }

        CheckPeer(target, tag, nameof(target));
        CheckPeer(source, tag, nameof(source));
        using var _ = _transport.State.Enter("SendReceive");
        var card = CallCard.Of<T>(RankCall.Send, send.Length);
        fixed (T* from = send)
        {
            var going = Begin(&card, from, send.Length, target, tag);
            Check<T>(Header(source, tag), receive.Length, source);
            Take(receive, source, tag);
            going.Complete(Cancellation());
        }
    }

    private static CancellationToken Cancellation() => RunContext.Current.CancellationToken;

    private unsafe IPieces Begin<T>(CallCard* card, T* from, int length, int target, int tag)
        where T : unmanaged
    {
        Cancellation().ThrowIfCancellationRequested();
        return _transport.Begin(
            [new RankPiece(target, (nint)card, CallCard.Bytes, IsSend: true), new RankPiece(target, (nint)from, (long)length * sizeof(T), IsSend: true)], tag + 1);
    }

    private unsafe CallCard Header(int source, int tag)
    {
        Cancellation().ThrowIfCancellationRequested();
        CallCard card;
        _transport.Begin([new RankPiece(source, (nint)(&card), CallCard.Bytes, IsSend: false)], tag + 1).Complete(Cancellation());
        return card;
    }

    private unsafe void Take<T>(Span<T> values, int source, int tag)
        where T : unmanaged
    {
        fixed (T* to = values)
        {
            _transport.Begin([new RankPiece(source, (nint)to, (long)values.Length * sizeof(T), IsSend: false)], tag + 1).Complete(Cancellation());
        }
    }

    private void Check<T>(CallCard sent, long length, int source, bool isBroken = true)
        where T : unmanaged
    {
        var wanted = CallCard.Of<T>(RankCall.Send, length);
        if (sent.Fits(wanted) && sent.Length == length)
        {
            return;
        }

        var problem = $"rank {source} made a {sent}, and rank {Rank} receives a {wanted}.";
        if (isBroken)
        {
            // What was sent is still on its way, and would be taken for the next message.
            _transport.State.Broken = problem;
        }

        throw new RankException($"What was sent does not fit: {problem} Receive<T>(source) takes any number.");
    }

    private void CheckPeer(int rank, int tag, string name)
    {
        CheckRank(rank, name);
        CheckTag(tag);
        if (rank == Rank)
        {
            throw new ArgumentOutOfRangeException(name, rank, "This is the rank itself.");
        }
    }

    private static void CheckTag(int tag)
    {
        if (tag is < 0 or > HighestTag)
        {
            throw new ArgumentOutOfRangeException(nameof(tag), tag, $"Tags go from 0 to {HighestTag:N0}.");
        }
    }
}
