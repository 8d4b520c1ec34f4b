using System.Buffers.Binary;
using System.Text;

namespace Beamline.Packages;

/// <summary>What a 64-bit little-endian ELF library says about what it needs. Reads with bounds checked.</summary>
internal sealed class ElfLibrary
{
    private const int SymbolSize = 24;

    private readonly byte[] _bytes;
    private readonly (int Start, int Length) _symbols;
    private readonly (int Start, int Length) _versions;
    private readonly (int Start, int Length) _needs;
    private readonly int _strings;

    private ElfLibrary(string path, byte[] bytes)
    {
        (Path, _bytes) = (path, bytes);
        if (bytes.Length < 64 || U32(0) != 0x464C457F || bytes[4] != 2 || bytes[5] != 1)
        {
            throw new InvalidDataException("no 64-bit little-endian ELF file");
        }

        var (table, size, count) = (checked((int)U64(40)), U16(58), U16(60));
        var dynamic = (Start: 0, Length: 0);
        for (var i = 0; i < count; i++)
        {
            var header = table + (i * size);
            var part = (checked((int)U64(header + 24)), checked((int)U64(header + 32)));
            switch (U32(header + 4))
            {
                case 11: // .dynsym, whose link is .dynstr
                    _symbols = part;
                    _strings = checked((int)U64(table + ((int)U32(header + 40) * size) + 24));
                    break;
                case 6:
                    dynamic = part;
                    break;
                case 0x6fffffff:
                    _versions = part;
                    break;
                case 0x6ffffffe:
                    _needs = part;
                    break;
            }
        }

        var needed = new List<string>();
        for (var at = dynamic.Start; _strings > 0 && at < dynamic.Start + dynamic.Length; at += 16)
        {
            if (U64(at) == 1)
            {
                needed.Add(Text(_strings + (int)U64(at + 8)));
            }
        }

        Needed = needed;
    }

    public string Path { get; }

    /// <summary>File names of the libraries that it needs.</summary>
    public IReadOnlyList<string> Needed { get; }

    /// <summary>Reads a library; null when it is none of this kind. Only its tables are read: some have 460 MB.</summary>
    public static ElfLibrary? TryOpen(string path)
    {
        try
        {
            // Tables lie at both ends of large libraries, so a large one is only looked at when it is small enough to edit.
            return new FileInfo(path).Length <= MostBytes ? new ElfLibrary(path, File.ReadAllBytes(path)) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException
            or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Largest library that is read.</summary>
    public const int MostBytes = 64 << 20;

    /// <summary>Symbols that come from elsewhere, with the version that they need; none when the tables are damaged.</summary>
    public IReadOnlyList<(int Index, string Name, string? Version)> Imports()
    {
        try
        {
            return [.. ReadImports()];
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return [];
        }
    }

    private IEnumerable<(int Index, string Name, string? Version)> ReadImports()
    {
        var names = VersionNames().DistinctBy(v => v.Number).ToDictionary(v => v.Number, v => v.Name);
        for (var i = 1; i < _symbols.Length / SymbolSize; i++)
        {
            var at = _symbols.Start + (i * SymbolSize);
            if (U16(at + 6) == 0)
            {
                yield return (i, Text(_strings + (int)U32(at)), _versions.Length > 0
                    ? names.GetValueOrDefault(U16(_versions.Start + (2 * i)) & 0x7fff) : null);
            }
        }
    }

    /// <summary>A copy of the file in which one import became another, and a version is no longer insisted on.</summary>
    public byte[] Retarget(int symbol, int to, string version)
    {
        var copy = (byte[])_bytes.Clone();
        _bytes.AsSpan(_symbols.Start + (to * SymbolSize), 4).CopyTo(copy.AsSpan(_symbols.Start + (symbol * SymbolSize)));
        _bytes.AsSpan(_versions.Start + (2 * to), 2).CopyTo(copy.AsSpan(_versions.Start + (2 * symbol)));
        foreach (var (name, _, at) in VersionNames())
        {
            if (name == version)
            {
                copy[at + 4] |= 2; // VER_FLG_WEAK
            }
        }

        return copy;
    }

    private IEnumerable<(string Name, int Number, int At)> VersionNames()
    {
        // Only so many entries as fit: damaged tables may lead in a circle.
        var most = _needs.Length / 16;
        for (var file = _needs.Start; _needs.Length > 0;)
        {
            var entry = file + (int)U32(file + 8);
            for (var left = (int)U16(file + 2); left > 0 && most-- > 0; left--)
            {
                yield return (Text(_strings + (int)U32(entry + 8)), U16(entry + 6) & 0x7fff, entry);
                entry += (int)U32(entry + 12);
            }

            var next = (int)U32(file + 12);
            if (next <= 0 || most <= 0)
            {
                yield break;
            }

            file += next;
        }
    }

    private string Text(int at)
    {
        var end = Array.IndexOf(_bytes, (byte)0, at);
        return Encoding.UTF8.GetString(_bytes, at, (end < 0 ? _bytes.Length : end) - at);
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    private ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(at));
}
