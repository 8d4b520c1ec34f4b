using System.Numerics;

namespace Beamline.Remote;

/// <summary>A type of numbers that arrays are stored of, as C# and as numpy know it.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">Its name in C#.</param>
/// <param name="DType">Its name in numpy, with the byte order of all processors that .NET runs on.</param>
/// <param name="Size">Bytes of one number.</param>
internal sealed record NumberType(Type Type, string Name, string DType, int Size)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<NumberType> All { get; } =
    [
        new(typeof(bool), "bool", "|b1", 1),
        new(typeof(sbyte), "sbyte", "|i1", 1),
        new(typeof(byte), "byte", "|u1", 1),
        new(typeof(short), "short", "<i2", 2),
        new(typeof(ushort), "ushort", "<u2", 2),
        new(typeof(int), "int", "<i4", 4),
        new(typeof(uint), "uint", "<u4", 4),
        new(typeof(long), "long", "<i8", 8),
        new(typeof(ulong), "ulong", "<u8", 8),
        new(typeof(Half), "Half", "<f2", 2),
        new(typeof(float), "float", "<f4", 4),
        new(typeof(double), "double", "<f8", 8),
        new(typeof(Complex), "Complex", "<c16", 16),
        // numpy has no UTF-16: the numbers of the letters.
        new(typeof(char), "char", "<u2", 2),
    ];

    /// <summary>The type of numbers that a type is, or null.</summary>
    public static NumberType? Of(Type? type) => All.FirstOrDefault(n => n.Type == type);

    /// <summary>The type of numbers of a name, or null.</summary>
    public static NumberType? Named(string? name) => All.FirstOrDefault(n => n.Name == name);
}
