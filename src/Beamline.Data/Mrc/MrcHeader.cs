using System.Buffers.Binary;
using Beamline.Arrays;

namespace Beamline.Data.Mrc;

/// <summary>The header of an MRC2014 file (A. Cheng et al., J. Struct. Biol. 192:146, 2015): sections of rows of columns.</summary>
internal sealed record MrcHeader(int Sections, int Rows, int Columns, ElementType Type, long DataOffset, Length? PixelSize)
{
    private const int HeaderBytes = 1024;

    /// <summary>Whether the file carries the mark "MAP " of MRC2014.</summary>
    internal static bool IsMrc(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> start = stackalloc byte[212];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start[208..211].SequenceEqual("MAP"u8);
    }

    /// <summary>Reads and checks a header; the size of the file is checked by who reads the frames.</summary>
    internal static MrcHeader Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var head = new byte[HeaderBytes];
        if (file.ReadAtLeast(head, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            throw new DataFormatException(path, $"this is no MRC file: its header needs {HeaderBytes} bytes and it has {file.Length}.");
        }

        // Old files have no machine stamp: the byte order is the one in which the mode makes sense.
        var big = head[212] == 0x11 || (head[212] != 0x44 && Int(head, 12, false) is < 0 or > 255);
        int Number(int at) => Int(head, at, big);
        float Real(int at) => BitConverter.Int32BitsToSingle(Number(at));
        ElementType? type = Number(12) switch
        {
            0 => new ElementType(ElementKind.Signed, 1),
            1 => new ElementType(ElementKind.Signed, 2),
            2 => ElementType.Float32,
            6 => ElementType.UInt16,
            12 => new ElementType(ElementKind.Float, 2),
            _ => null,
        };
        if (type is null)
        {
            throw new DataFormatException(
                path,
                Number(12) is 3 or 4 or 101
                    ? $"the MRC mode {Number(12)} (complex or packed numbers) cannot be read. Convert it, for instance with IMOD: newstack -mode 2 in out."
                    : $"this is no MRC file: it has the mode {Number(12)}; 0, 1, 2, 6 and 12 can be read.");
        }

        var (columns, rows, sections, extended) = (Number(0), Number(4), Number(8), Number(92));
        if (columns < 1 || rows < 1 || sections < 1 || extended < 0 || (long)columns * rows > Array.MaxLength)
        {
            throw new DataFormatException(
                path, $"the MRC header is damaged: {sections} sections of {rows} rows x {columns} columns, extended header of {extended} bytes.");
        }

        // The cell is in angstrom, over mx intervals.
        var angstrom = Real(40) / Number(28);
        return new MrcHeader(sections, rows, columns, big && type.Value.Size > 1 ? type.Value.AsBigEndian() : type.Value, HeaderBytes + (long)extended,
            angstrom > 0 && float.IsFinite(angstrom) ? Length.FromUnit(angstrom * 0.1, "nm") : null);
    }

    private static int Int(byte[] head, int at, bool big) =>
        big ? BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(at)) : BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(at));
}
