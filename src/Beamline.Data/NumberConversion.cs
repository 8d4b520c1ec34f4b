using System.Buffers.Binary;
using System.Numerics;
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
            case (ElementKind.Unsigned, 1): Widen(stored, destination); break;
            case (ElementKind.Unsigned, 2): Widen(MemoryMarshal.Cast<byte, ushort>(stored), destination); break;
            case (ElementKind.Unsigned, 4): Convert<uint>(stored, destination); break;
            case (ElementKind.Unsigned, 8): Convert<ulong>(stored, destination); break;
            case (ElementKind.Signed, 1): Convert<sbyte>(stored, destination); break;
            case (ElementKind.Signed, 2): Widen(MemoryMarshal.Cast<byte, short>(stored), destination); break;
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

    // Counts of 8 and 16 bits are what cameras write: whole vectors of them, and the rest one by one.
    private static void Widen(ReadOnlySpan<byte> numbers, Span<float> destination)
    {
        var i = 0;
        for (; i <= numbers.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(numbers[i..]), out var low, out var high);
            Put(low, destination[i..]);
            Put(high, destination[(i + Vector<ushort>.Count)..]);
        }

        for (; i < numbers.Length; i++)
        {
            destination[i] = numbers[i];
        }
    }

    private static void Widen(ReadOnlySpan<ushort> numbers, Span<float> destination)
    {
        var i = 0;
        for (; i <= numbers.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Put(new Vector<ushort>(numbers[i..]), destination[i..]);
        }

        for (; i < numbers.Length; i++)
        {
            destination[i] = numbers[i];
        }
    }

    private static void Widen(ReadOnlySpan<short> numbers, Span<float> destination)
    {
        var i = 0;
        for (; i <= numbers.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(numbers[i..]), out var low, out var high);
            Vector.ConvertToSingle(low).CopyTo(destination[i..]);
            Vector.ConvertToSingle(high).CopyTo(destination[(i + Vector<int>.Count)..]);
        }

        for (; i < numbers.Length; i++)
        {
            destination[i] = numbers[i];
        }
    }

    private static void Put(Vector<ushort> numbers, Span<float> destination)
    {
        // What came from 16 bits is a signed number, too, and those convert in one instruction everywhere.
        Vector.Widen(numbers, out var low, out var high);
        Vector.ConvertToSingle(Vector.AsVectorInt32(low)).CopyTo(destination);
        Vector.ConvertToSingle(Vector.AsVectorInt32(high)).CopyTo(destination[Vector<int>.Count..]);
    }

    private static void Convert<T>(Span<byte> stored, Span<float> destination)
        where T : unmanaged, INumberBase<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(stored);
        for (var i = 0; i < numbers.Length; i++)
        {
            destination[i] = float.CreateTruncating(numbers[i]);
        }
    }

    private static void Convert<T>(Span<byte> stored, Span<double> destination)
        where T : unmanaged, INumberBase<T>
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
