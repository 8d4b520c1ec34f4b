using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Beamline.Data.Npy;

/// <summary>The header of a numpy .npy file: type, shape and where the values start.</summary>
internal sealed partial record NpyHeader(ElementType Type, long[] Shape, long DataOffset)
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    internal static bool IsNpy(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> start = stackalloc byte[6];
        return file.ReadAtLeast(start, 6, throwOnEndOfStream: false) == 6 && start.SequenceEqual(Magic);
    }

    /// <summary>Reads and checks a header.</summary>
    /// <exception cref="DataFormatException">It is not npy, in Fortran order, of a type that is no number, or cut off.</exception>
    internal static NpyHeader Read(string path)
    {
        if (!File.Exists(path))
        {
            throw MissingFile.Error(path);
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> start = stackalloc byte[12];
        var read = file.ReadAtLeast(start, 12, throwOnEndOfStream: false);
        if (read < 10 || !start[..6].SequenceEqual(Magic))
        {
            throw new DataFormatException(path, "this is not an npy file (it does not start with \\x93NUMPY). Write it with numpy.save.");
        }

        var (length, offset) = start[6] switch
        {
            1 => (BinaryPrimitives.ReadUInt16LittleEndian(start[8..]), 10),
            2 or 3 when read == 12 => (BinaryPrimitives.ReadUInt32LittleEndian(start[8..]), 12),
            var version => throw new DataFormatException(path, $"npy version {version} is not known. Versions are 1, 2 and 3."),
        };
        if (offset + length > file.Length)
        {
            throw new DataFormatException(path, $"the header is cut off: it has {length:N0} bytes and the file {file.Length:N0}.");
        }

        var bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        var header = Parse(path, Encoding.UTF8.GetString(bytes), offset + length);
        var needed = NeededBytes(path, header);
        if (file.Length < needed)
        {
            throw new DataFormatException(
                path,
                $"the file is cut off: an array of shape ({string.Join(", ", header.Shape)}) of {header.Type} needs {needed:N0} bytes " +
                $"and the file has {file.Length:N0}. Was it copied completely?");
        }

        return header;
    }

    /// <summary>The bytes of a header, padded so that the values start at a multiple of 64.</summary>
    internal static byte[] Write(ElementType type, params ReadOnlySpan<long> shape)
    {
        var letter = type.Kind switch { ElementKind.Float => 'f', ElementKind.Signed => 'i', _ => 'u' };
        var order = type.Size == 1 ? '|' : type.BigEndian ? '>' : '<';
        var axes = string.Join(", ", shape.ToArray()) + (shape.Length == 1 ? "," : "");
        var text = $"{{'descr': '{order}{letter}{type.Size}', 'fortran_order': False, 'shape': ({axes}), }}";
        var padded = ((10 + text.Length + 1 + 63) / 64 * 64) - 10;
        text = text.PadRight(padded - 1) + "\n";
        var bytes = new byte[10 + padded];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)padded);
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        return bytes;
    }

    private static long NeededBytes(string path, NpyHeader header)
    {
        try
        {
            return checked(header.DataOffset + header.Shape.Aggregate((long)header.Type.Size, (a, b) => checked(a * b)));
        }
        catch (OverflowException e)
        {
            throw new DataFormatException(
                path, $"the npy header promises the shape ({string.Join(", ", header.Shape)}), more than any file can hold.", null, e);
        }
    }

    private static NpyHeader Parse(string path, string text, long dataOffset)
    {
        var descr = Descr().Match(text);
        var order = FortranOrder().Match(text);
        var shape = ShapeOf().Match(text);
        if (!descr.Success || !order.Success || !shape.Success)
        {
            throw new DataFormatException(
                path, $"the npy header cannot be read: {text.Trim()}. Arrays of records are not supported; save one field of them.");
        }

        if (order.Groups[1].Value == "True")
        {
            throw new DataFormatException(
                path,
                "the array is in Fortran order (columns first), which Beamline does not read. " +
                "Save it again: numpy.save(path, numpy.ascontiguousarray(a)).");
        }

        ElementType type;
        try
        {
            type = ElementType.Parse(descr.Groups[1].Value);
        }
        catch (FormatException e)
        {
            throw new DataFormatException(path, e.Message, null, e);
        }

        try
        {
            var axes = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new NpyHeader(type, Array.ConvertAll(axes, a => (long)ulong.Parse(a)), dataOffset);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new DataFormatException(path, $"the npy header has the shape ({shape.Groups[1].Value}), which is no shape.", null, e);
        }
    }

    [GeneratedRegex(@"'descr':\s*'([^']+)'")]
    private static partial Regex Descr();

    [GeneratedRegex(@"'fortran_order':\s*(True|False)")]
    private static partial Regex FortranOrder();

    [GeneratedRegex(@"'shape':\s*\(([^)]*)\)")]
    private static partial Regex ShapeOf();
}
