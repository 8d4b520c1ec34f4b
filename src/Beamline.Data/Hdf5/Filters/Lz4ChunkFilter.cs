using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace Beamline.Data.Hdf5.Filters;

/// <summary>Filter 32004, LZ4 of The HDF Group: total size, block size, then blocks with their sizes, all big-endian.</summary>
internal sealed class Lz4ChunkFilter : ChunkFilter
{
    internal override int Id => 32004;

    internal override long DecodedBytes(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters) =>
        stored.Length < 8 ? -1 : BinaryPrimitives.ReadInt64BigEndian(stored);

    internal override int Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters, Span<byte> destination)
    {
        if (stored.Length < 12)
        {
            throw new InvalidDataException("its LZ4 header is cut off");
        }

        var total = Fitting(BinaryPrimitives.ReadInt64BigEndian(stored), destination.Length, "its LZ4 header");
        var blockSize = BinaryPrimitives.ReadInt32BigEndian(stored[8..]);
        if (blockSize < 1)
        {
            throw new InvalidDataException($"its LZ4 header has the block size {blockSize}");
        }

        var rest = stored[12..];
        for (var done = 0; done < total;)
        {
            var length = Math.Min(blockSize, total - done);
            var block = TakeBlock(ref rest);
            var target = destination.Slice(done, length);
            if (block.Length == length)
            {
                // A block that LZ4 could not make smaller is stored as it is.
                block.CopyTo(target);
            }
            else
            {
                DecodeBlock(block, target);
            }

            done += length;
        }

        return total;
    }

    /// <summary>Takes a block behind its big-endian size from the front.</summary>
    internal static ReadOnlySpan<byte> TakeBlock(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 4)
        {
            throw new InvalidDataException("its last blocks are cut off");
        }

        var size = Fitting(BinaryPrimitives.ReadInt32BigEndian(rest), rest.Length - 4, "a block");
        var block = rest.Slice(4, size);
        rest = rest[(4 + size)..];
        return block;
    }

    /// <summary>Decodes one LZ4 block that must fill the destination.</summary>
    internal static void DecodeBlock(ReadOnlySpan<byte> block, Span<byte> destination)
    {
        var count = LZ4Codec.Decode(block, destination);
        if (count != destination.Length)
        {
            throw new InvalidDataException(
                count < 0 ? "an LZ4 block is damaged" : $"an LZ4 block holds {count:N0} bytes where {destination.Length:N0} belong");
        }
    }
}
