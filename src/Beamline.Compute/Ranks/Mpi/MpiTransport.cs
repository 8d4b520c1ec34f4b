using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>A communicator of MPI. Nothing in it blocks in the library: a wait can be broken off, and looks at what else happens.</summary>
internal sealed unsafe class MpiTransport : IRankTransport
{
    private readonly MpiLibrary _mpi;
    private readonly nint _group;

    // The cards of one call; the library may write into it after a call was broken off, so it lives as long as the process.
    private readonly byte* _cards;
    private readonly nint* _request;

    public MpiTransport(MpiLibrary mpi, nint group, RankState state)
    {
        (_mpi, _group, State) = (mpi, group, state);
        int rank, size;
        mpi.Check(mpi.RankOf(group, &rank), "Asking for the rank");
        mpi.Check(mpi.SizeOf(group, &size), "Asking for the size");
        (Rank, Size) = (rank, size);
        _request = (nint*)NativeMemory.AllocZeroed((nuint)sizeof(nint));
        _cards = (byte*)NativeMemory.AllocZeroed((nuint)(size + 1), CallCard.Bytes);
    }

    public int Rank { get; }

    public int Size { get; }

    public RankState State { get; }

    public void AllGather(ReadOnlySpan<byte> own, Span<byte> all, CancellationToken cancellationToken)
    {
        var mine = _cards + (own.Length * Size);
        own.CopyTo(new Span<byte>(mine, own.Length));
        Check(_mpi.AllGather((nint)mine, own.Length, _mpi.Byte, (nint)_cards, own.Length, _mpi.Byte, _group, _request));
        Wait(_request, cancellationToken);
        new Span<byte>(_cards, all.Length).CopyTo(all);
    }

    public IPieces Begin(ReadOnlySpan<RankPiece> pieces, int tag) => new MpiPieces(this, pieces, tag);

    public IRankTransport Split(int color, int key)
    {
        nint group = 0;
        Check(_mpi.Split(_group, color, key, &group));
        return new MpiTransport(_mpi, group, State);
    }

    public IRankTransport SplitByNode()
    {
        nint group = 0;
        Check(_mpi.SplitType(_group, _mpi.TypeShared, Rank, _mpi.InfoNull, &group));
        return new MpiTransport(_mpi, group, State);
    }

    /// <summary>Sets a piece on its way.</summary>
    internal void Start(in RankPiece piece, byte* data, int bytes, int tag, nint* request) => Check(piece.IsSend
        ? _mpi.Send((nint)data, bytes, _mpi.Byte, piece.Peer, tag, _group, request)
        : _mpi.Receive((nint)data, bytes, _mpi.Byte, piece.Peer, tag, _group, request));

    /// <summary>Waits for one piece; meanwhile the library moves all others on.</summary>
    internal void Wait(nint* request, CancellationToken cancellationToken)
    {
        var wait = new RankWait(cancellationToken);
        try
        {
            for (var done = 0; ;)
            {
                Check(_mpi.Test(request, &done, _mpi.StatusIgnore));
                if (done != 0)
                {
                    return;
                }

                wait.Once();
            }
        }
        catch (OperationCanceledException)
        {
            State.Broken ??= "a call was stopped while the others waited for this rank.";
            throw;
        }
        catch (RankException exception)
        {
            State.Broken ??= exception.Message;
            throw;
        }
    }

    private void Check(int code) => _mpi.Check(code, "A message between ranks");
}
