using System.Buffers.Binary;

namespace Beamline.Data.Tiff;

/// <summary>
/// Where the pages of a TIFF file begin. The pages are a chain, so that the last of a thousand is found only by way of all others: the
/// chain is walked once, by reading two numbers of each page.
/// </summary>
internal static class TiffPages
{
    /// <summary>The offsets of the pages; empty when the file is not TIFF.</summary>
    /// <exception cref="DataFormatException">The chain of pages leaves the file or never ends.</exception>
    internal static long[] Offsets(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 64);
        Span<byte> bytes = stackalloc byte[16];
        if (file.ReadAtLeast(bytes, 16, throwOnEndOfStream: false) < 16 || bytes[0] != bytes[1] || bytes[0] is not ((byte)'I' or (byte)'M'))
        {
            return [];
        }

        var little = bytes[0] == 'I';
        var isBig = Number(bytes[2..4], little) == 43;
        var offsets = new List<long>();
        var seen = new HashSet<long>();
        for (var next = isBig ? Number(bytes[8..16], little) : Number(bytes[4..8], little); next != 0;)
        {
            if (!seen.Add(next))
            {
                throw new DataFormatException(path, $"the chain of its pages never ends: page {offsets.Count} is a page before it. The file is damaged.");
            }

            if (next < 0 || !TryNext(file, next, isBig, little, out var following))
            {
                throw new DataFormatException(path, $"page {offsets.Count} would lie at byte {next:N0} of a file of {file.Length:N0} bytes. Is it cut off?");
            }

            offsets.Add(next);
            next = following;
        }

        return [.. offsets];
    }

    private static bool TryNext(FileStream file, long page, bool isBig, bool little, out long next)
    {
        next = 0;
        Span<byte> number = stackalloc byte[8];
        var (countBytes, entryBytes, offsetBytes) = isBig ? (8, 20, 8) : (2, 12, 4);
        if (page > file.Length - countBytes)
        {
            return false;
        }

        file.Position = page;
        file.ReadExactly(number[..countBytes]);
        var count = Number(number[..countBytes], little);
        var at = page + countBytes + (count * entryBytes);
        if (count is < 0 or > 65_535 || at > file.Length - offsetBytes)
        {
            return false;
        }

        file.Position = at;
        file.ReadExactly(number[..offsetBytes]);
        next = Number(number[..offsetBytes], little);
        return true;
    }

    private static long Number(ReadOnlySpan<byte> bytes, bool little) => (bytes.Length, little) switch
    {
        (2, true) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (4, true) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        (_, true) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64BigEndian(bytes),
    };
}
