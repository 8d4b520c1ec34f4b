using System.Buffers.Binary;

namespace Beamline.Data.Hdf5.Filters;

/// <summary>Filter 3, fletcher32: a checksum behind the chunk, compared when reading.</summary>
internal sealed class Fletcher32ChunkFilter : ChunkFilter
{
    internal override int Id => 3;

    internal override int Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters, Span<byte> destination)
    {
        if (stored.Length < 4)
        {
            throw new InvalidDataException("there is no room for its checksum");
        }

        var data = stored[..^4];
        var written = BinaryPrimitives.ReadUInt32LittleEndian(stored[^4..]);
        var sum = Checksum(data);

        // libhdf5 before 1.6.3 swapped the bytes of the sums on little-endian machines; libhdf5 accepts both, too.
        var swapped = ((sum & 0x00ff00ff) << 8) | ((sum >> 8) & 0x00ff00ff);
        if (written != sum && written != swapped)
        {
            throw new InvalidDataException($"its checksum is {sum:x8}, but {written:x8} was written");
        }

        data.CopyTo(destination);
        return data.Length;
    }

    // Fletcher's sums over big-endian 16-bit words, as libhdf5 takes them (H5_checksum_fletcher32).
    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        const int WordsBeforeOverflow = 360;
        uint sum1 = 0, sum2 = 0;
        var position = 0;
        for (var words = data.Length / 2; words > 0;)
        {
            var run = Math.Min(words, WordsBeforeOverflow);
            words -= run;
            for (; run > 0; run--, position += 2)
            {
                sum1 += BinaryPrimitives.ReadUInt16BigEndian(data[position..]);
                sum2 += sum1;
            }

            (sum1, sum2) = (Fold(sum1), Fold(sum2));
        }

        if (data.Length % 2 != 0)
        {
            sum1 += (uint)data[^1] << 8;
            sum2 += sum1;
            (sum1, sum2) = (Fold(sum1), Fold(sum2));
        }

        return Fold(sum2) << 16 | Fold(sum1);
    }

    private static uint Fold(uint sum) => (sum & 0xffff) + (sum >> 16);
}
