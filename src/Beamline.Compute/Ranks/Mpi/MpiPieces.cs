using System.Runtime.InteropServices;

namespace Beamline.Compute;

/// <summary>
/// Pieces on their way by MPI. Small ones, which may lie where the garbage collector moves things, are copied to memory of their own: when a call is
/// broken off the library may still write there, so that memory is then given up. Large arrays lie in native memory or on the heap of large objects, which stay in place.
/// </summary>
internal sealed unsafe class MpiPieces : IPieces
{
    // Counts of MPI are 32-bit numbers.
    private const int LargestBytes = 1 << 30;
    private const int SmallBytes = 128 << 10;

    private readonly MpiTransport _transport;
    private readonly List<(nint From, nint To, int Bytes)> _arriving = [];
    private readonly byte* _memory;
    private readonly nint* _requests;
    private readonly int _count;

    public MpiPieces(MpiTransport transport, ReadOnlySpan<RankPiece> pieces, int tag)
    {
        _transport = transport;
        long small = 0;
        foreach (var piece in pieces)
        {
            _count += (int)((piece.Bytes + LargestBytes - 1) / LargestBytes);
            small += piece.Bytes < SmallBytes ? piece.Bytes : 0;
        }

        _requests = (nint*)NativeMemory.AllocZeroed((nuint)Math.Max(1, _count), (nuint)sizeof(nint));
        _memory = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, small));
        var request = _requests;
        var free = _memory;

        // What arrives has its place before anything is sent.
        foreach (var isSend in new[] { false, true })
        {
            foreach (ref readonly var piece in pieces)
            {
                if (piece.IsSend == isSend)
                {
                    Start(piece, tag, ref request, ref free);
                }
            }
        }
    }

    public void Complete(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _count; i++)
        {
            _transport.Wait(_requests + i, cancellationToken);
        }

        foreach (var (from, to, bytes) in _arriving)
        {
            NativeMemory.Copy((void*)from, (void*)to, (nuint)bytes);
        }

        NativeMemory.Free(_memory);
        NativeMemory.Free(_requests);
    }

    private void Start(in RankPiece piece, int tag, ref nint* request, ref byte* free)
    {
        if (piece.Bytes < SmallBytes)
        {
            if (piece.Bytes == 0)
            {
                return;
            }

            var bytes = (int)piece.Bytes;
            if (piece.IsSend)
            {
                NativeMemory.Copy((void*)piece.Address, free, (nuint)bytes);
            }
            else
            {
                _arriving.Add(((nint)free, piece.Address, bytes));
            }

            _transport.Start(piece, free, bytes, tag, request++);
            free += bytes;
            return;
        }

        for (long start = 0; start < piece.Bytes; start += LargestBytes)
        {
            _transport.Start(piece, (byte*)piece.Address + start, (int)Math.Min(LargestBytes, piece.Bytes - start), tag, request++);
        }
    }
}
