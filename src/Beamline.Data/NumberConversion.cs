using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Beamline.Data;

/// <summary>Turns stored bytes of any number type and byte order into floats or doubles.</summary>
internal static class NumberConversion
{
    /// <summary>Converts; the bytes of big-endian input are swapped in place first.</summary>
    internal static void ToFloats(Span<byte> stored, ElementType type, Span<float> destination)
    {
        SwapIfNeeded(stored, type);
        switch (type.Kind, type.Size)
        {
            case (ElementKind.Unsigned, 1): Convert<byte>(stored, destination); break;
            case (ElementKind.Unsigned, 2): Convert<ushort>(stored, destination); break;
            case (ElementKind.Unsigned, 4): Convert<uint>(stored, destination); break;
            case (ElementKind.Unsigned, 8): Convert<ulong>(stored, destination); break;
            case (ElementKind.Signed, 1): Convert<sbyte>(stored, destination); break;
            case (ElementKind.Signed, 2): Convert<short>(stored, destination); break;
            case (ElementKind.Signed, 4): Convert<int>(stored, destination); break;
            case (ElementKind.Signed, 8): Convert<long>(stored, destination); break;
            case (ElementKind.Float, 2): Convert<Half>(stored, destination); break;
            case (ElementKind.Float, 4): MemoryMarshal.Cast<byte, float>(stored).CopyTo(destination); break;
            case (ElementKind.Float, 8): Convert<double>(stored, destination); break;
            default: throw new NotSupportedException($"Numbers of type {type} cannot be read.");
        }
    }

    /// <summary>Converts; the bytes of big-endian input are swapped in place first.</summary>
    internal static void ToDoubles(Span<byte> stored, ElementType type, Span<double> destination)
    {
        SwapIfNeeded(stored, type);
        switch (type.Kind, type.Size)
        {
            case (ElementKind.Unsigned, 1): Convert<byte>(stored, destination); break;
            case (ElementKind.Unsigned, 2): Convert<ushort>(stored, destination); break;
            case (ElementKind.Unsigned, 4): Convert<uint>(stored, destination); break;
            case (ElementKind.Unsigned, 8): Convert<ulong>(stored, destination); break;
            case (ElementKind.Signed, 1): Convert<sbyte>(stored, destination); break;
            case (ElementKind.Signed, 2): Convert<short>(stored, destination); break;
            case (ElementKind.Signed, 4): Convert<int>(stored, destination); break;
            case (ElementKind.Signed, 8): Convert<long>(stored, destination); break;
            case (ElementKind.Float, 2): Convert<Half>(stored, destination); break;
            case (ElementKind.Float, 4): Convert<float>(stored, destination); break;
            case (ElementKind.Float, 8): MemoryMarshal.Cast<byte, double>(stored).CopyTo(destination); break;
            default: throw new NotSupportedException($"Numbers of type {type} cannot be read.");
        }
    }

    private static void Convert<T>(Span<byte> stored, Span<float> destination)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(stored);
        for (var i = 0; i < numbers.Length; i++)
        {
            destination[i] = float.CreateTruncating(numbers[i]);
        }
    }

    private static void Convert<T>(Span<byte> stored, Span<double> destination)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(stored);
        for (var i = 0; i < numbers.Length; i++)
        {
            destination[i] = double.CreateTruncating(numbers[i]);
        }
    }

    private static void SwapIfNeeded(Span<byte> stored, ElementType type)
    {
        if (type.BigEndian == !BitConverter.IsLittleEndian)
        {
            return;
        }

        switch (type.Size)
        {
            case 2:
                var words = MemoryMarshal.Cast<byte, ushort>(stored);
                BinaryPrimitives.ReverseEndianness(words, words);
                break;
            case 4:
                var doubleWords = MemoryMarshal.Cast<byte, uint>(stored);
                BinaryPrimitives.ReverseEndianness(doubleWords, doubleWords);
                break;
            case 8:
                var quadWords = MemoryMarshal.Cast<byte, ulong>(stored);
                BinaryPrimitives.ReverseEndianness(quadWords, quadWords);
                break;
        }
    }
}
