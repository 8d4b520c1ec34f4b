using System.IO.Compression;

namespace Beamline.Data.Hdf5.Filters;

/// <summary>Filter 1, deflate ("gzip"): a zlib stream.</summary>
internal sealed class DeflateChunkFilter : ChunkFilter
{
    internal override int Id => 1;

    internal override int Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters, Span<byte> destination) =>
        Inflate(stored, destination);

    /// <summary>Decodes a zlib stream; gives the number of bytes it held.</summary>
    internal static unsafe int Inflate(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        fixed (byte* start = stored)
        {
            using var memory = new UnmanagedMemoryStream(start, stored.Length);
            using var stream = new ZLibStream(memory, CompressionMode.Decompress);
            try
            {
                var count = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
                return count < destination.Length || stream.ReadByte() < 0
                    ? count
                    : throw new InvalidDataException("the deflate stream holds more than a chunk");
            }
            catch (IOException e)
            {
                throw new InvalidDataException("the deflate stream is damaged", e);
            }
        }
    }
}
