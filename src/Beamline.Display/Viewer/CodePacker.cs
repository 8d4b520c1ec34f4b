using System.IO.Compression;

namespace Beamline.Display;

/// <summary>
/// Packs codes without loss: as they are or as differences from the one before, whichever leaves less to store, then gzip.
/// </summary>
/// <param name="Coding">"raw" or "delta".</param>
/// <param name="Base64">The packed bytes.</param>
internal sealed record CodePacker(string Coding, string Base64)
{
    /// <summary>Packs 8-bit codes.</summary>
    public static CodePacker Bytes(byte[] codes)
    {
        var differences = new byte[codes.Length];
        var before = (byte)0;
        for (var i = 0; i < codes.Length; i++)
        {
            differences[i] = (byte)(codes[i] - before);
            before = codes[i];
        }

        return Entropy(differences) < Entropy(codes) ? new("delta", Pack(differences)) : new("raw", Pack(codes));
    }

    /// <summary>Packs 16-bit codes as two planes, high bytes first; differences have their sign in the lowest bit.</summary>
    public static CodePacker Words(ReadOnlySpan<ushort> codes)
    {
        var (raw, differences) = (new byte[2 * codes.Length], new byte[2 * codes.Length]);
        var before = (ushort)0;
        for (var i = 0; i < codes.Length; i++)
        {
            var difference = (short)(codes[i] - before);
            Split(raw, i, codes[i]);
            Split(differences, i, (ushort)((difference << 1) ^ (difference >> 15)));
            before = codes[i];
        }

        return Entropy(differences) < Entropy(raw) ? new("delta", Pack(differences)) : new("raw", Pack(raw));
    }

    private static void Split(byte[] planes, int i, ushort word)
    {
        planes[i] = (byte)(word >> 8);
        planes[(planes.Length / 2) + i] = (byte)word;
    }

    // Bits that each half of the bytes needs at least when they are coded one by one; the halves of words differ much.
    private static double Entropy(ReadOnlySpan<byte> bytes) => HalfEntropy(bytes[..(bytes.Length / 2)]) + HalfEntropy(bytes[(bytes.Length / 2)..]);

    private static double HalfEntropy(ReadOnlySpan<byte> bytes)
    {
        var counts = new int[256];
        foreach (var b in bytes)
        {
            counts[b]++;
        }

        double bits = 0;
        foreach (var n in counts)
        {
            bits -= n > 0 ? n * Math.Log2((double)n / bytes.Length) : 0;
        }

        return bits;
    }

    private static string Pack(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return Convert.ToBase64String(memory.GetBuffer().AsSpan(0, (int)memory.Length));
    }
}
