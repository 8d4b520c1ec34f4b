using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Beamline.Remote;

/// <summary>Arrays as numpy's .npy: any numbers, any number of axes, last axis fastest.</summary>
/// <param name="DType">Type of the numbers as numpy writes it.</param>
/// <param name="Shape">Length of each axis.</param>
/// <param name="DataOffset">Where the numbers begin.</param>
internal sealed partial record NpyFile(string DType, IReadOnlyList<long> Shape, int DataOffset)
{
    // Small enough to be still in the processor's cache when it is written after it was hashed.
    private const int PieceBytes = 1 << 19;

    private const int LongestHeader = 1 << 20;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The bytes before the numbers; a multiple of 64, so that they can be mapped.</summary>
    public static byte[] Header(string dType, IReadOnlyList<long> shape)
    {
        var axes = string.Join(", ", shape) + (shape.Count == 1 ? "," : "");
        var text = $"{{'descr': '{dType}', 'fortran_order': False, 'shape': ({axes}), }}";
        var length = ((10 + text.Length + 1 + 63) / 64 * 64) - 10;
        var bytes = new byte[10 + length];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)length);
        Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n", bytes.AsSpan(10));
        return bytes;
    }

    /// <summary>A file with numbers that lie in memory, written in pieces without another copy of them.</summary>
    /// <param name="dType">Type of the numbers.</param>
    /// <param name="shape">Length of each axis.</param>
    /// <param name="dataBytes">Bytes of all numbers.</param>
    /// <param name="write">Writes them.</param>
    public static ArrayContent Content(string dType, IReadOnlyList<long> shape, long dataBytes, Action<Stream> write)
    {
        var header = Header(dType, shape);
        return new ArrayContent(dType, shape, header.Length + dataBytes, stream =>
        {
            stream.Write(header);
            write(stream);
        });
    }

    /// <summary>A file with the elements of an array of numbers, of any rank.</summary>
    public static ArrayContent Content(Array values, NumberType type)
    {
        var shape = Enumerable.Range(0, values.Rank).Select(values.GetLongLength).ToArray();
        return Content(type.DType, shape, values.LongLength * type.Size, stream => WriteElements(stream, values, type.Size));
    }

    /// <summary>Writes the elements of an array as they lie in memory.</summary>
    public static void WriteElements(Stream stream, Array values, int elementBytes)
    {
        var all = values.LongLength * elementBytes;
        for (long done = 0; done < all; done += PieceBytes)
        {
            stream.Write(BytesOf(values, done, (int)Math.Min(PieceBytes, all - done)));
        }
    }

    /// <summary>Writes memory as it is.</summary>
    public static unsafe void WriteMemory(Stream stream, void* start, long bytes)
    {
        for (long done = 0; done < bytes; done += PieceBytes)
        {
            stream.Write(new ReadOnlySpan<byte>((byte*)start + done, (int)Math.Min(PieceBytes, bytes - done)));
        }
    }

    /// <summary>Some bytes of an array's elements, in place.</summary>
    public static Span<byte> BytesOf(Array values, long offset, int count) =>
        MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(values), (nint)offset), count);

    /// <summary>Reads and checks a header.</summary>
    /// <param name="file">The file, at its start; afterwards where the numbers begin.</param>
    /// <param name="what">What errors call it.</param>
    /// <exception cref="EndpointException">It is no .npy, in Fortran order, of records, cut off, or too large for any file.</exception>
    public static NpyFile Read(FileStream file, string what)
    {
        Span<byte> start = stackalloc byte[12];
        if (file.ReadAtLeast(start, 12, throwOnEndOfStream: false) < 12 || !start[..6].SequenceEqual(Magic) || start[6] is not (1 or 2 or 3))
        {
            throw new EndpointException($"{what} is no .npy file of version 1, 2 or 3.");
        }

        var (length, begin) = start[6] == 1 ? (BinaryPrimitives.ReadUInt16LittleEndian(start[8..]), 10) : (BinaryPrimitives.ReadUInt32LittleEndian(start[8..]), 12);
        if (length > LongestHeader || begin + length > file.Length)
        {
            throw new EndpointException($"{what}: the .npy header is cut off.");
        }

        var bytes = new byte[length];
        file.Position = begin;
        file.ReadExactly(bytes);
        var (dType, shape) = Parse(Encoding.UTF8.GetString(bytes), what);
        var found = new NpyFile(dType, shape, begin + (int)length);
        if (file.Length != found.DataOffset + found.DataBytes(what))
        {
            throw new EndpointException($"{what}: an array of shape ({string.Join(", ", shape)}) of {dType} has {found.DataBytes(what)} bytes, and the file has {file.Length - found.DataOffset} of them.");
        }

        return found;
    }

    /// <summary>Number of elements.</summary>
    /// <exception cref="EndpointException">There are more than can be counted.</exception>
    public static long CountOf(IReadOnlyList<long> shape, int elementBytes, string what)
    {
        try
        {
            // Without zeros first: (0, 2^63, 2^63) has no elements, and still no array can have that shape.
            var product = shape.Where(n => n > 0).Aggregate((long)elementBytes, (a, b) => checked(a * b));
            return shape.Any(n => n < 0) ? throw new OverflowException() : shape.Contains(0) ? 0 : product / elementBytes;
        }
        catch (OverflowException e)
        {
            throw new EndpointException($"{what} has the shape ({string.Join(", ", shape)}), which no array has.", e);
        }
    }

    /// <summary>Bytes of one number.</summary>
    /// <exception cref="EndpointException">It is no type of numbers.</exception>
    public int ElementBytes(string what) =>
        DType.Length >= 3 && int.TryParse(DType.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && (DType[1], size) is
            ('b', 1) or ('i' or 'u', 1 or 2 or 4 or 8) or ('f', 2 or 4 or 8) or ('c', 8 or 16)
            ? size : throw new EndpointException($"{what} has numbers of the type {JobNames.Shown(DType)}, which Beamline does not read.");

    /// <summary>Reads elements into memory, whatever their byte order in the file.</summary>
    /// <param name="file">The file, where they begin.</param>
    /// <param name="destination">All of an array's elements, in pieces of at most 1 GiB.</param>
    /// <param name="what">What errors call it.</param>
    public void ReadElements(FileStream file, Span<byte> destination, string what)
    {
        file.ReadExactly(destination);
        if (DType[0] == '>')
        {
            // Both parts of a complex number are numbers of their own.
            Swap(destination, DType[1] == 'c' ? ElementBytes(what) / 2 : ElementBytes(what));
        }
    }

    private static void Swap(Span<byte> bytes, int size)
    {
        for (var i = 0; i < bytes.Length; i += size)
        {
            bytes.Slice(i, size).Reverse();
        }
    }

    private static (string DType, long[] Shape) Parse(string text, string what)
    {
        var (descr, order, shape) = (Descr().Match(text), FortranOrder().Match(text), ShapeOf().Match(text));
        if (!descr.Success || !order.Success || !shape.Success)
        {
            throw new EndpointException($"{what}: the .npy header cannot be read: {JobNames.Shown(text.Trim())}. Arrays of records do not travel; send their fields.");
        }

        if (order.Groups[1].Value == "True")
        {
            throw new EndpointException($"{what} is in Fortran order. Save it again: numpy.save(path, numpy.ascontiguousarray(a)).");
        }

        var axes = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var lengths = new long[axes.Length];
        for (var i = 0; i < axes.Length; i++)
        {
            if (!long.TryParse(axes[i], NumberStyles.None, CultureInfo.InvariantCulture, out lengths[i]))
            {
                throw new EndpointException($"{what} has the shape ({JobNames.Shown(shape.Groups[1].Value)}), which no array has.");
            }
        }

        return (descr.Groups[1].Value, lengths);
    }

    private long DataBytes(string what) => CountOf(Shape, ElementBytes(what), what) * ElementBytes(what);

    [GeneratedRegex(@"'descr':\s*'([<>|=][a-zA-Z][0-9]{1,4})'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'fortran_order':\s*(True|False)")]
    private static partial Regex FortranOrder();

    [GeneratedRegex(@"'shape':\s*\(([^)]*)\)")]
    private static partial Regex ShapeOf();
}
