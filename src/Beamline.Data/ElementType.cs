namespace Beamline.Data;

/// <summary>How the numbers of a file are stored.</summary>
public enum ElementKind
{
    /// <summary>Whole numbers from 0 up.</summary>
    Unsigned,

    /// <summary>Whole numbers of both signs (two's complement).</summary>
    Signed,

    /// <summary>IEEE 754 floating point.</summary>
    Float,
}

/// <summary>The stored type of one number, for instance uint16 or big-endian float32.</summary>
/// <param name="Kind">Unsigned, signed or floating point.</param>
/// <param name="Size">Bytes of one number: 1, 2, 4 or 8; floating point has no 1.</param>
/// <param name="BigEndian">Whether the most significant byte comes first.</param>
public readonly record struct ElementType(ElementKind Kind, int Size, bool BigEndian = false)
{
    /// <summary>8-bit whole numbers, 0 to 255.</summary>
    public static ElementType UInt8 => new(ElementKind.Unsigned, 1);

    /// <summary>16-bit whole numbers, 0 to 65535: what most cameras write.</summary>
    public static ElementType UInt16 => new(ElementKind.Unsigned, 2);

    /// <summary>32-bit whole numbers.</summary>
    public static ElementType UInt32 => new(ElementKind.Unsigned, 4);

    /// <summary>32-bit floating point: what reconstructions are.</summary>
    public static ElementType Float32 => new(ElementKind.Float, 4);

    /// <summary>64-bit floating point.</summary>
    public static ElementType Float64 => new(ElementKind.Float, 8);

    /// <summary>The same type with the most significant byte first.</summary>
    public ElementType AsBigEndian() => this with { BigEndian = true };

    /// <summary>Reads "uint16", "u2", "float32", "&gt;f4" and the like (numpy's names).</summary>
    /// <param name="text">The name; a leading "&gt;" or "big-endian " means most significant byte first.</param>
    /// <exception cref="FormatException">There is no such type.</exception>
    public static ElementType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var name = text.Trim();
        var big = name.StartsWith('>') || name.StartsWith("big-endian ", StringComparison.Ordinal);
        name = name.Replace("big-endian ", "", StringComparison.Ordinal).TrimStart('<', '>', '|', '=');
        ElementType? found = name switch
        {
            "u1" or "uint8" => UInt8,
            "i1" or "int8" => new(ElementKind.Signed, 1),
            "u2" or "uint16" => UInt16,
            "i2" or "int16" => new(ElementKind.Signed, 2),
            "u4" or "uint32" => UInt32,
            "i4" or "int32" => new(ElementKind.Signed, 4),
            "u8" or "uint64" => new(ElementKind.Unsigned, 8),
            "i8" or "int64" => new(ElementKind.Signed, 8),
            "f2" or "float16" => new(ElementKind.Float, 2),
            "f4" or "float32" => Float32,
            "f8" or "float64" => Float64,
            _ => null,
        };
        return found is { } type
            ? type with { BigEndian = big && type.Size > 1 }
            : throw new FormatException(
                $"'{text}' is not a number type that can be read. Types are uint8, int8, uint16, int16, uint32, int32, " +
                "uint64, int64, float16, float32 and float64 (numpy's u2, >f4 ... too).");
    }

    /// <inheritdoc/>
    public override string ToString() => (BigEndian ? "big-endian " : "") + Kind switch
    {
        ElementKind.Unsigned => "uint",
        ElementKind.Signed => "int",
        _ => "float",
    } + (Size * 8);
}
