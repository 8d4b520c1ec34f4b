namespace Beamline.Data.Hdf5.Filters;

/// <summary>Undoes "bitshuffle" (K. Masui et al., Astronomy and Computing 12:181, 2015): first all lowest bits, then all second bits ...</summary>
internal static class BitTranspose
{
    /// <summary>Puts the bits of each number together again.</summary>
    /// <param name="planes">Bit planes: 8 x size of them, each of count / 8 bytes.</param>
    /// <param name="size">Bytes of a number.</param>
    /// <param name="destination">The numbers; their count is a multiple of 8.</param>
    internal static void Undo(ReadOnlySpan<byte> planes, int size, Span<byte> destination)
    {
        var stride = destination.Length / size / 8;
        for (var part = 0; part < size; part++)
        {
            var rows = planes.Slice(part * 8 * stride, 8 * stride);
            for (var eight = 0; eight < stride; eight++)
            {
                ulong bits = 0;
                for (var bit = 7; bit >= 0; bit--)
                {
                    bits = bits << 8 | rows[(bit * stride) + eight];
                }

                bits = Transpose(bits);
                for (int i = 0, to = (eight * 8 * size) + part; i < 8; i++, to += size)
                {
                    destination[to] = (byte)(bits >> (8 * i));
                }
            }
        }
    }

    // An 8 x 8 matrix of bits in one word, by exchanging ever larger blocks (Warren, Hacker's Delight, section 7-3).
    private static ulong Transpose(ulong x)
    {
        var t = (x ^ (x >> 7)) & 0x00aa00aa00aa00aa;
        x ^= t ^ (t << 7);
        t = (x ^ (x >> 14)) & 0x0000cccc0000cccc;
        x ^= t ^ (t << 14);
        t = (x ^ (x >> 28)) & 0x00000000f0f0f0f0;
        return x ^ t ^ (t << 28);
    }
}
