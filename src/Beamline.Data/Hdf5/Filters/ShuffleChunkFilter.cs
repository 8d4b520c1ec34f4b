using System.Numerics;
using System.Runtime.InteropServices;

namespace Beamline.Data.Hdf5.Filters;

/// <summary>Filter 2, shuffle: first all first bytes of the numbers, then all second bytes, and so on.</summary>
internal sealed class ShuffleChunkFilter : ChunkFilter
{
    internal override int Id => 2;

    internal override int Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters, Span<byte> destination)
    {
        var size = parameters.Length > 0 ? (int)Math.Min(parameters[0], int.MaxValue) : 1;
        Unshuffle(stored, size, destination);
        return stored.Length;
    }

    /// <summary>Puts the bytes of each number together again; bytes beyond the last whole number stay where they are.</summary>
    internal static void Unshuffle(ReadOnlySpan<byte> shuffled, int size, Span<byte> destination)
    {
        var count = size > 1 ? shuffled.Length / size : 0;
        var done = BitConverter.IsLittleEndian ? size switch
        {
            2 => Pairs(shuffled, count, destination),
            4 => Fours(shuffled, count, destination),
            _ => 0,
        } : 0;
        for (var part = 0; part < size && count > 0; part++)
        {
            var plane = shuffled.Slice(part * count, count);
            for (int i = done, to = (done * size) + part; i < plane.Length; i++, to += size)
            {
                destination[to] = plane[i];
            }
        }

        shuffled[(count * Math.Max(1, size))..].CopyTo(destination[(count * Math.Max(1, size))..]);
    }

    /// <summary>Whole vectors of numbers of two bytes; gives how many numbers.</summary>
    private static int Pairs(ReadOnlySpan<byte> planes, int count, Span<byte> destination)
    {
        var first = planes[..count];
        var second = planes.Slice(count, count);
        var numbers = MemoryMarshal.Cast<byte, ushort>(destination);
        var i = 0;
        for (; i <= count - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Join(first[i..], second[i..], out var low, out var high);
            low.CopyTo(numbers[i..]);
            high.CopyTo(numbers[(i + Vector<ushort>.Count)..]);
        }

        return i;
    }

    /// <summary>The same for numbers of four bytes.</summary>
    private static int Fours(ReadOnlySpan<byte> planes, int count, Span<byte> destination)
    {
        var numbers = MemoryMarshal.Cast<byte, uint>(destination);
        var i = 0;
        for (; i <= count - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Join(planes[i..], planes[(count + i)..], out var low01, out var high01);
            Join(planes[((2 * count) + i)..], planes[((3 * count) + i)..], out var low23, out var high23);
            Put(low01, low23, numbers[i..]);
            Put(high01, high23, numbers[(i + Vector<ushort>.Count)..]);
        }

        return i;
    }

    private static void Join(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out Vector<ushort> low, out Vector<ushort> high)
    {
        Vector.Widen(new Vector<byte>(first), out var firstLow, out var firstHigh);
        Vector.Widen(new Vector<byte>(second), out var secondLow, out var secondHigh);
        low = firstLow | Vector.ShiftLeft(secondLow, 8);
        high = firstHigh | Vector.ShiftLeft(secondHigh, 8);
    }

    private static void Put(Vector<ushort> lower, Vector<ushort> upper, Span<uint> numbers)
    {
        Vector.Widen(lower, out var lowerLow, out var lowerHigh);
        Vector.Widen(upper, out var upperLow, out var upperHigh);
        (lowerLow | Vector.ShiftLeft(upperLow, 16)).CopyTo(numbers);
        (lowerHigh | Vector.ShiftLeft(upperHigh, 16)).CopyTo(numbers[Vector<uint>.Count..]);
    }
}
