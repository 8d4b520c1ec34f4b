using System.Security.Cryptography;

namespace Beamline.Remote;

/// <summary>Hashes what is written and passes it on; large pieces are hashed while they are written, because hashing takes as long as that.</summary>
internal sealed class HashingStream(Stream target) : Stream
{
    // Waking another thread takes as long as hashing some tens of kilobytes.
    private const int WorthAThread = 512 << 10;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    /// <summary>The hash of all that was written, in lower-case hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length < WorthAThread || target == Null)
        {
            _hash.AppendData(buffer);
            target.Write(buffer);
        }
        else
        {
            WriteBeside(buffer);
        }

        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => target.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private unsafe void WriteBeside(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            using var piece = new Piece(_hash, start, buffer.Length);
            ThreadPool.UnsafeQueueUserWorkItem(piece, preferLocal: false);
            try
            {
                target.Write(buffer);
            }
            finally
            {
                // Whatever happened to the writing: nobody may look at the memory after this.
                piece.Finish();
            }
        }
    }

    /// <summary>Is hashed by whoever comes first: a thread of the pool, or the writer when the pool has no time.</summary>
    private sealed unsafe class Piece(IncrementalHash hash, byte* start, int count) : IThreadPoolWorkItem, IDisposable
    {
        private readonly ManualResetEventSlim _done = new();
        private Exception? _error;
        private int _taken;

        public void Execute()
        {
            if (Interlocked.Exchange(ref _taken, 1) != 0)
            {
                return;
            }

            try
            {
                hash.AppendData(new ReadOnlySpan<byte>(start, count));
            }
            catch (CryptographicException e)
            {
                _error = e;
            }

            _done.Set();
        }

        public void Dispose() => _done.Dispose();

        public void Finish()
        {
            Execute();
            _done.Wait();
            if (_error is not null)
            {
                throw new IOException("The hash could not be computed.", _error);
            }
        }
    }
}
