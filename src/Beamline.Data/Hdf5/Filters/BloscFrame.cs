using System.Buffers;
using System.Buffers.Binary;

namespace Beamline.Data.Hdf5.Filters;

/// <summary>
/// One Blosc 1 buffer, as HDF5's filter 32001 and Zarr store them: a header of 16 bytes, where each block starts, and the blocks,
/// shuffled by bytes or bits and packed with BloscLZ, LZ4, zlib or Zstandard.
/// </summary>
internal static class BloscFrame
{
    private const int HeaderBytes = 16;
    private const int MostSplits = 16;
    private const int LeastSplitBytes = 128;

    /// <summary>Decodes a buffer; gives the number of bytes.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or packed with Snappy.</exception>
    internal static int Decode(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        if (stored.Length < HeaderBytes)
        {
            throw new InvalidDataException("its Blosc header is cut off");
        }

        var flags = stored[2];
        var size = Math.Max((byte)1, stored[3]);
        var total = Within(BinaryPrimitives.ReadInt32LittleEndian(stored[4..]), destination.Length, "its Blosc header");
        var blockSize = BinaryPrimitives.ReadInt32LittleEndian(stored[8..]);
        var packed = Within(BinaryPrimitives.ReadInt32LittleEndian(stored[12..]), stored.Length, "its Blosc header");
        if (stored[0] is 0 or > 2 || (blockSize < 1 && total > 0))
        {
            throw new InvalidDataException($"its Blosc header is not of version 1 or 2 (version {stored[0]}, blocks of {blockSize:N0} bytes)");
        }

        stored = stored[..packed];
        if ((flags & 2) != 0)
        {
            stored.Slice(HeaderBytes, Within(total, packed - HeaderBytes, "its Blosc header")).CopyTo(destination);
            return total;
        }

        var blocks = total == 0 ? 0 : ((total - 1) / blockSize) + 1;
        Within(4L * blocks, packed - HeaderBytes, "its list of Blosc blocks");
        var scratch = ArrayPool<byte>.Shared.Rent(Math.Min(blockSize, Math.Max(1, total)));
        try
        {
            for (var block = 0; block < blocks; block++)
            {
                var start = Within(BinaryPrimitives.ReadInt32LittleEndian(stored[(HeaderBytes + (4 * block))..]), packed, "a Blosc block");
                var length = Math.Min(blockSize, total - (block * blockSize));
                var target = destination.Slice(block * blockSize, length);
                DecodeBlock(stored[start..], flags, size, length == blockSize, scratch.AsSpan(0, length), target);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }

        return total;
    }

    private static void DecodeBlock(
        ReadOnlySpan<byte> stored, byte flags, int size, bool whole, Span<byte> scratch, Span<byte> destination)
    {
        var shuffled = (flags & 1) != 0 && size > 1;
        var bitShuffled = (flags & 4) != 0 && destination.Length >= size;
        var plain = shuffled || bitShuffled ? scratch : destination;

        // The byte planes of a whole block are packed one by one, unless bit 4 says otherwise.
        var split = (flags & 16) == 0 && whole && size <= MostSplits && destination.Length / size >= LeastSplitBytes;
        var parts = split ? size : 1;
        var partBytes = destination.Length / parts;
        for (var part = 0; part < parts; part++)
        {
            if (stored.Length < 4)
            {
                throw new InvalidDataException("a Blosc block is cut off");
            }

            var packed = Within(BinaryPrimitives.ReadInt32LittleEndian(stored), stored.Length - 4, "a Blosc block");
            Unpack(flags >> 5, stored.Slice(4, packed), plain.Slice(part * partBytes, partBytes));
            stored = stored[(4 + packed)..];
        }

        if (shuffled)
        {
            ShuffleChunkFilter.Unshuffle(scratch, size, destination);
        }
        else if (bitShuffled)
        {
            UndoBitShuffle(scratch, size, destination);
        }
    }

    private static void Unpack(int codec, ReadOnlySpan<byte> packed, Span<byte> destination)
    {
        if (packed.Length == destination.Length)
        {
            packed.CopyTo(destination);
            return;
        }

        var count = codec switch
        {
            0 => BloscLz.Decode(packed, destination),
            1 => K4os.Compression.LZ4.LZ4Codec.Decode(packed, destination),
            3 => DeflateChunkFilter.Inflate(packed, destination),
            4 => ZstdChunkFilter.DecodeFrame(packed, destination),
            2 => throw new InvalidDataException("it is packed with Snappy, which Beamline cannot decode; write it with LZ4 or Zstandard"),
            _ => throw new InvalidDataException($"it is packed with the unknown Blosc codec {codec}"),
        };
        if (count != destination.Length)
        {
            throw new InvalidDataException("a Blosc block is damaged");
        }
    }

    private static void UndoBitShuffle(ReadOnlySpan<byte> planes, int size, Span<byte> destination)
    {
        // Blosc leaves a block alone whose count of numbers is no multiple of eight.
        var count = destination.Length / size;
        var bytes = count % 8 == 0 ? count * size : 0;
        if (bytes > 0)
        {
            BitTranspose.Undo(planes[..bytes], size, destination[..bytes]);
        }

        planes[bytes..].CopyTo(destination[bytes..]);
    }

    private static int Within(long size, int room, string what) => size >= 0 && size <= room
        ? (int)size
        : throw new InvalidDataException($"{what} claims {size:N0} bytes where at most {room:N0} can be");
}
