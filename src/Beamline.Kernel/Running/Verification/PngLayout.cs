using System.Buffers.Binary;

namespace Beamline.Kernel;

/// <summary>How the pixels of a PNG file lie in its rows.</summary>
internal sealed record PngLayout(int Width, int Height, int Depth, int Channels, bool IsIndexed)
{
    public int BytesPerRow => ((Width * Channels * Depth) + 7) / 8;

    public int BytesPerPixel => Math.Max(1, Channels * Depth / 8);

    public static PngLayout Of(byte[]? header, long mostPixels)
    {
        if (header is not { Length: 13 })
        {
            throw new InvalidDataException("it has no header.");
        }

        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        var (depth, color) = (header[8], header[9]);
        var channels = color switch { 0 or 3 => 1, 2 => 3, 4 => 2, 6 => 4, _ => 0 };
        if (width < 1 || height < 1 || channels == 0 || depth is not (1 or 2 or 4 or 8 or 16) || (depth < 8 && color is not (0 or 3)) ||
            (color == 3 && depth == 16))
        {
            throw new InvalidDataException("its header makes no sense.");
        }

        return (long)width * height > mostPixels ? throw new InvalidDataException($"it has {width} x {height} pixels, too many.")
            : header[12] != 0 ? throw new InvalidDataException("it is interlaced, which is not read.")
            : new PngLayout(width, height, depth, channels, color == 3);
    }

    /// <summary>One row as red, green, blue, alpha.</summary>
    public void Row(ReadOnlySpan<byte> row, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> transparency, Span<ushort> rgba)
    {
        for (var x = 0; x < Width; x++)
        {
            var pixel = rgba.Slice(x * 4, 4);
            var first = Sample(row, x * Channels);
            if (IsIndexed)
            {
                if (first * 3 + 3 > palette.Length)
                {
                    throw new InvalidDataException("it names a color that its palette lacks.");
                }

                for (var c = 0; c < 3; c++)
                {
                    pixel[c] = (ushort)(palette[(first * 3) + c] * 257);
                }

                pixel[3] = (ushort)((first < transparency.Length ? transparency[first] : 255) * 257);
                continue;
            }

            var color = Channels >= 3;
            pixel[0] = Scaled(first);
            pixel[1] = color ? Scaled(Sample(row, (x * Channels) + 1)) : pixel[0];
            pixel[2] = color ? Scaled(Sample(row, (x * Channels) + 2)) : pixel[0];
            pixel[3] = Channels is 2 or 4 ? Scaled(Sample(row, (x * Channels) + Channels - 1)) : ushort.MaxValue;
        }
    }

    private ushort Scaled(int sample) => (ushort)(sample * 65535L / ((1 << Depth) - 1));

    private int Sample(ReadOnlySpan<byte> row, int index) => Depth switch
    {
        16 => BinaryPrimitives.ReadUInt16BigEndian(row[(index * 2)..]),
        8 => row[index],
        _ => (row[index * Depth / 8] >> (8 - Depth - (index * Depth % 8))) & ((1 << Depth) - 1),
    };
}
