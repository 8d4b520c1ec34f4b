using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Beamline.Data.Hdf5.Filters;

namespace Beamline.Data.Zarr;

/// <summary>Undoes the codecs of Zarr chunks: zlib, gzip, Zstandard, LZ4, Blosc, byte shuffle and CRC-32C.</summary>
internal static class ZarrCodecs
{
    /// <summary>Undoes one codec. The result has at most <paramref name="room"/> bytes.</summary>
    internal delegate byte[] Decoder(byte[] stored, int room);

    /// <summary>The decoder of a codec by its name in the metadata; null when it is not known.</summary>
    internal static Decoder? Of(string name, JsonObject settings) => name switch
    {
        "zlib" => (stored, room) => Filled(room, target => DeflateChunkFilter.Inflate(stored, target)),
        "gzip" => Gunzip,
        "zstd" => (stored, room) => Filled(room, target => ZstdChunkFilter.DecodeFrame(stored, target)),
        "blosc" => (stored, room) => Filled(room, target => BloscFrame.Decode(stored, target)),
        "lz4" => Lz4,
        "shuffle" => (stored, room) => Filled(stored.Length, target =>
        {
            ShuffleChunkFilter.Unshuffle(stored, (int?)settings["elementsize"] ?? 4, target);
            return stored.Length;
        }),
        "crc32c" => Crc,
        _ => null,
    };

    private static byte[] Filled(int room, Func<byte[], int> decode)
    {
        var target = new byte[room];
        var count = decode(target);
        return count == room ? target : target[..count];
    }

    private static byte[] Gunzip(byte[] stored, int room)
    {
        try
        {
            using var stream = new GZipStream(new MemoryStream(stored), CompressionMode.Decompress);
            return Filled(room, target => stream.ReadAtLeast(target, room, throwOnEndOfStream: false));
        }
        catch (IOException e)
        {
            throw new InvalidDataException("the gzip stream is damaged", e);
        }
    }

    // numcodecs: the size as 32 bits, then one LZ4 block.
    private static byte[] Lz4(byte[] stored, int room)
    {
        var size = stored.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(stored);
        if (size < 0 || size > room)
        {
            throw new InvalidDataException($"its LZ4 header claims {size:N0} bytes where at most {room:N0} can be");
        }

        var target = new byte[size];
        Lz4ChunkFilter.DecodeBlock(stored.AsSpan(4), target);
        return target;
    }

    private static byte[] Crc(byte[] stored, int room)
    {
        if (stored.Length < 4)
        {
            throw new InvalidDataException("there is no room for its checksum");
        }

        var sum = 0xffffffffu;
        var words = MemoryMarshal.Cast<byte, ulong>(stored.AsSpan(0, stored.Length - 4));
        foreach (var word in words)
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        foreach (var value in stored.AsSpan((words.Length * sizeof(ulong))..^4))
        {
            sum = BitOperations.Crc32C(sum, value);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(stored.AsSpan(stored.Length - 4)) == ~sum
            ? stored[..^4]
            : throw new InvalidDataException("its CRC-32C checksum is wrong");
    }
}
