using System.Buffers.Binary;
using System.Text;

namespace Beamline.Data.Matlab;

/// <summary>Reads the parts of one matrix element in their order: flags, size, name, values.</summary>
internal sealed class MatElements(Stream content, bool big, string path)
{
    private const int MostSmall = 1 << 16;

    /// <summary>The header of a full numeric array without an imaginary part; null for cells, structures, text and the like.</summary>
    internal MatArray? Header()
    {
        var flags = Small();
        if (flags.Length < 8)
        {
            throw new InvalidDataException("a variable has no flags");
        }

        var word = UInt(flags);
        var type = TypeOfClass((int)(word & 0xff));
        if (type is null || (word & 0x0800) != 0)
        {
            return null;
        }

        var sizes = Small();
        var shape = new int[sizes.Length / 4];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = (int)UInt(sizes.AsSpan(4 * i));
            if (shape[i] < 0)
            {
                throw new InvalidDataException($"a variable has the size {shape[i]}");
            }
        }

        return new MatArray(Encoding.UTF8.GetString(Small()), shape, type.Value);
    }

    /// <summary>The values; MATLAB stores whole numbers of any class in the smallest type that holds them.</summary>
    internal double[] Values(MatArray array)
    {
        var (kind, size, small) = Tag();
        var type = TypeOfData(kind) ?? throw new InvalidDataException($"the values of {array} have the unknown type {kind}");
        if (size != array.Length * type.Size)
        {
            throw new InvalidDataException($"{array} has {size:N0} bytes of {type}");
        }

        var values = new double[array.Length];
        var buffer = new byte[Math.Min(1 << 20, Math.Max(8, (int)Math.Min(size, int.MaxValue)))];
        if (small is not null)
        {
            small.CopyTo(buffer, 0);
            NumberConversion.ToDoubles(buffer.AsSpan(0, (int)size), type, values);
            return values;
        }

        for (long done = 0; done < values.Length;)
        {
            var count = (int)Math.Min(buffer.Length / type.Size, values.Length - done);
            content.ReadExactly(buffer, 0, count * type.Size);
            NumberConversion.ToDoubles(buffer.AsSpan(0, count * type.Size), type, values.AsSpan((int)done, count));
            done += count;
        }

        return values;
    }

    private byte[] Small()
    {
        var (_, size, small) = Tag();
        if (small is not null)
        {
            return small;
        }

        if (size > MostSmall)
        {
            throw new InvalidDataException($"a header field of {Path.GetFileName(path)} claims {size:N0} bytes");
        }

        var bytes = new byte[size];
        content.ReadExactly(bytes);
        content.ReadExactly(new byte[(8 - (size % 8)) % 8]);
        return bytes;
    }

    // A tag of 8 bytes, or with at most 4 bytes of data packed into it.
    private (uint Kind, long Size, byte[]? Small) Tag()
    {
        var tag = new byte[8];
        content.ReadExactly(tag);
        var first = UInt(tag);
        if (first >> 16 == 0)
        {
            return (first, UInt(tag.AsSpan(4)), null);
        }

        var count = first >> 16;
        return count <= 4 ? (first & 0xffff, count, tag[4..(4 + (int)count)]) : throw new InvalidDataException($"a short field claims {count} bytes");
    }

    private uint UInt(ReadOnlySpan<byte> bytes) =>
        big ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ElementType? TypeOfClass(int code) => code switch
    {
        6 => ElementType.Float64, 7 => ElementType.Float32, 8 => new(ElementKind.Signed, 1), 9 => ElementType.UInt8,
        10 => new(ElementKind.Signed, 2), 11 => ElementType.UInt16, 12 => new(ElementKind.Signed, 4), 13 => ElementType.UInt32,
        14 => new(ElementKind.Signed, 8), 15 => new(ElementKind.Unsigned, 8), _ => null,
    };

    private ElementType? TypeOfData(uint code)
    {
        ElementType? type = code switch
        {
            1 => new(ElementKind.Signed, 1), 2 => ElementType.UInt8, 3 => new(ElementKind.Signed, 2), 4 => ElementType.UInt16,
            5 => new(ElementKind.Signed, 4), 6 => ElementType.UInt32, 7 => ElementType.Float32, 9 => ElementType.Float64,
            12 => new(ElementKind.Signed, 8), 13 => new(ElementKind.Unsigned, 8), _ => null,
        };
        return big && type is { Size: > 1 } ? type.Value.AsBigEndian() : type;
    }
}
