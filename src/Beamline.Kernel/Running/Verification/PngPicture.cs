using System.Buffers.Binary;
using System.IO.Compression;

namespace Beamline.Kernel;

/// <summary>The pixels of a PNG file as red, green, blue and alpha of 16 bits. Interlaced files are refused.</summary>
internal sealed record PngPicture(int Width, int Height, ushort[] Rgba)
{
    // A picture in a notebook is on a screen; more is a bomb of zeros.
    private const long MostPixels = 1L << 26;

    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <exception cref="InvalidDataException">It is no PNG file, broken, or of a kind that is not read.</exception>
    public static PngPicture Decode(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Magic))
        {
            throw new InvalidDataException("it is not PNG.");
        }

        var (header, palette, transparency, packed) = ((byte[]?)null, Array.Empty<byte>(), Array.Empty<byte>(), new MemoryStream());
        for (var place = Magic.Length; place + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file[place..]);
            if (length < 0 || length > file.Length - place - 12)
            {
                throw new InvalidDataException("it ends in the middle.");
            }

            var data = file.Slice(place + 8, length);
            switch (BinaryPrimitives.ReadUInt32BigEndian(file[(place + 4)..]))
            {
                case 0x49484452: header = data.ToArray(); break; // IHDR
                case 0x504C5445: palette = data.ToArray(); break; // PLTE
                case 0x74524E53: transparency = data.ToArray(); break; // tRNS
                case 0x49444154: packed.Write(data); break; // IDAT
            }

            place += 12 + length;
        }

        return Pixels(PngLayout.Of(header, MostPixels), palette, transparency, packed);
    }

    private static PngPicture Pixels(PngLayout layout, byte[] palette, byte[] transparency, MemoryStream packed)
    {
        packed.Position = 0;
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        var (line, above) = (new byte[layout.BytesPerRow + 1], new byte[layout.BytesPerRow + 1]);
        var rgba = new ushort[layout.Width * layout.Height * 4];
        for (var y = 0; y < layout.Height; y++)
        {
            try
            {
                unpacked.ReadExactly(line);
            }
            catch (EndOfStreamException exception)
            {
                throw new InvalidDataException("its pixels end in the middle.", exception);
            }

            Unfilter(line[0], line.AsSpan(1), above.AsSpan(1), layout.BytesPerPixel);
            layout.Row(line.AsSpan(1), palette, transparency, rgba.AsSpan(y * layout.Width * 4, layout.Width * 4));
            (line, above) = (above, line);
        }

        return new PngPicture(layout.Width, layout.Height, rgba);
    }

    /// <summary>Undoes the prediction of a row from its left and upper neighbors.</summary>
    private static void Unfilter(byte kind, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var left = i >= step ? row[i - step] : 0;
            row[i] += (byte)(kind switch
            {
                0 => 0,
                1 => left,
                2 => above[i],
                3 => (left + above[i]) / 2,
                4 => Paeth(left, above[i], i >= step ? above[i - step] : 0),
                _ => throw new InvalidDataException($"it uses a filter of number {kind}."),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (l, u, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return l <= u && l <= c ? left : u <= c ? up : corner;
    }
}
