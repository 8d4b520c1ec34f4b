using ZstdSharp;

namespace Beamline.Data.Hdf5.Filters;

/// <summary>Filter 32015, Zstandard: one frame a chunk.</summary>
internal sealed class ZstdChunkFilter : ChunkFilter
{
    [ThreadStatic]
    private static Decompressor? _decompressor;

    internal override int Id => 32015;

    internal override long DecodedBytes(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters)
    {
        try
        {
            return checked((long)Decompressor.GetDecompressedSize(stored));
        }
        catch (Exception e) when (e is ZstdException or OverflowException)
        {
            return -1;
        }
    }

    internal override int Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters, Span<byte> destination) =>
        DecodeFrame(stored, destination);

    /// <summary>Decodes a Zstandard frame; gives the number of bytes it held.</summary>
    internal static int DecodeFrame(ReadOnlySpan<byte> frame, Span<byte> destination)
    {
        try
        {
            // A decompressor holds 100 kB and more of tables: one for each reading thread.
            return (_decompressor ??= new Decompressor()).Unwrap(frame, destination);
        }
        catch (ZstdException e)
        {
            throw new InvalidDataException($"the Zstandard frame is damaged ({e.Message})", e);
        }
    }
}
