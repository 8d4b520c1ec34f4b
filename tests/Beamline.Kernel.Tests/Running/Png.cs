using System.Buffers.Binary;
using System.IO.Compression;

namespace Beamline.Kernel.Tests;

/// <summary>Writes little PNG files, without a check sum that anyone reads.</summary>
internal static class Png
{
    /// <summary>A picture of 8-bit gray in base64; every row has another filter, which a reader must undo.</summary>
    public static string Gray(int width, int height, Func<int, int, byte> value)
    {
        var rows = new MemoryStream();
        var above = new byte[width];
        for (var y = 0; y < height; y++)
        {
            byte[] row = [.. Enumerable.Range(0, width).Select(x => value(x, y))];
            var kind = y % 3;
            rows.WriteByte((byte)kind);
            for (var x = 0; x < width; x++)
            {
                rows.WriteByte((byte)(row[x] - (kind == 1 ? x > 0 ? row[x - 1] : 0 : kind == 2 ? above[x] : 0)));
            }

            above = row;
        }

        return Convert.ToBase64String(File(width, height, 8, 0, rows.ToArray()));
    }

    public static byte[] File(int width, int height, byte depth, byte color, byte[] rows)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, color);
        var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(rows);
        }

        return [0x89, .. "PNG\r\n\x1a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        return [.. length, .. System.Text.Encoding.ASCII.GetBytes(name), .. data, 0, 0, 0, 0];
    }
}
