using System.Buffers;
using System.Buffers.Binary;

namespace Beamline.Data.Hdf5.Filters;

/// <summary>Filter 32008, bitshuffle: bit planes of blocks of numbers, alone or packed with LZ4 (Eiger detectors) or Zstandard.</summary>
internal sealed class BitshuffleChunkFilter : ChunkFilter
{
    private const uint Lz4 = 2;
    private const uint Zstd = 3;

    internal override int Id => 32008;

    internal override long DecodedBytes(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters) =>
        parameters.Length > 4 && parameters[4] != 0 ? stored.Length < 8 ? -1 : BinaryPrimitives.ReadInt64BigEndian(stored) : stored.Length;

    internal override int Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters, Span<byte> destination)
    {
        var size = parameters.Length > 2 && parameters[2] is > 0 and <= 1024
            ? (int)parameters[2]
            : throw new InvalidDataException("the bitshuffle filter does not say how large a number is");
        var codec = parameters.Length > 4 ? parameters[4] : 0;
        if (codec is not (0 or Lz4 or Zstd))
        {
            throw new InvalidDataException($"bitshuffle with the codec {codec} is not known (0 none, 2 LZ4, 3 Zstandard)");
        }

        if (codec == 0)
        {
            var asked = parameters.Length > 3 && parameters[3] > 0 ? (int)Math.Min(parameters[3], 1 << 20) : DefaultBlock(size);
            return Blocks(stored, stored.Length, size, asked, codec, destination);
        }

        if (stored.Length < 12)
        {
            throw new InvalidDataException("its bitshuffle header is cut off");
        }

        var total = Fitting(BinaryPrimitives.ReadInt64BigEndian(stored), destination.Length, "its bitshuffle header");
        var blockBytes = BinaryPrimitives.ReadInt32BigEndian(stored[8..]);
        return blockBytes >= 8 * size && blockBytes % (8 * size) == 0
            ? Blocks(stored[12..], total, size, blockBytes / size, codec, destination)
            : throw new InvalidDataException($"its bitshuffle header has blocks of {blockBytes:N0} bytes for numbers of {size}");
    }

    private static int Blocks(ReadOnlySpan<byte> rest, int total, int size, int blockNumbers, uint codec, Span<byte> destination)
    {
        var planes = ArrayPool<byte>.Shared.Rent((int)Math.Min((long)blockNumbers * size, Math.Max(1, total)));
        try
        {
            var whole = total / size / 8 * 8 * size;
            for (var done = 0; done < whole;)
            {
                var length = (int)Math.Min((long)blockNumbers * size, whole - done);
                var block = planes.AsSpan(0, length);
                TakeBlock(ref rest, codec, block);
                BitTranspose.Undo(block, size, destination.Slice(done, length));
                done += length;
            }

            // Fewer than eight numbers have no bit planes and are stored as they are.
            if (rest.Length < total - whole)
            {
                throw new InvalidDataException("its last numbers are cut off");
            }

            rest[..(total - whole)].CopyTo(destination[whole..]);
            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(planes);
        }
    }

    private static void TakeBlock(ref ReadOnlySpan<byte> rest, uint codec, Span<byte> block)
    {
        if (codec == Lz4)
        {
            Lz4ChunkFilter.DecodeBlock(Lz4ChunkFilter.TakeBlock(ref rest), block);
        }
        else if (codec == Zstd)
        {
            var count = ZstdChunkFilter.DecodeFrame(Lz4ChunkFilter.TakeBlock(ref rest), block);
            if (count != block.Length)
            {
                throw new InvalidDataException($"a Zstandard block holds {count:N0} bytes where {block.Length:N0} belong");
            }
        }
        else
        {
            rest[..block.Length].CopyTo(block);
            rest = rest[block.Length..];
        }
    }

    // What bitshuffle takes when the parameter is 0: 8 KiB, but at least 128 numbers.
    private static int DefaultBlock(int size) => Math.Max(8192 / size / 8 * 8, 128);
}
