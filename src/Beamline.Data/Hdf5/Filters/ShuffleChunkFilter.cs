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
        for (var part = 0; part < size && count > 0; part++)
        {
            var plane = shuffled.Slice(part * count, count);
            for (int i = 0, to = part; i < plane.Length; i++, to += size)
            {
                destination[to] = plane[i];
            }
        }

        shuffled[(count * Math.Max(1, size))..].CopyTo(destination[(count * Math.Max(1, size))..]);
    }
}
