namespace Beamline.Data.Hdf5.Filters;

/// <summary>BloscLZ, the codec that comes with Blosc: a descendant of FastLZ level 2.</summary>
internal static class BloscLz
{
    private const int FarDistance = 8191;

    /// <summary>Decodes; gives the number of bytes.</summary>
    /// <exception cref="InvalidDataException">The data make no sense.</exception>
    internal static int Decode(ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        int from = 0, to = 0;
        try
        {
            // The upper bits of the very first control byte carry the level, not a copy.
            int control = stored[from++] & 31;
            while (true)
            {
                if (control >= 32)
                {
                    Copy(stored, control, ref from, destination, ref to);
                }
                else
                {
                    stored.Slice(from, control + 1).CopyTo(destination[to..]);
                    from += control + 1;
                    to += control + 1;
                }

                if (from >= stored.Length)
                {
                    return to;
                }

                control = stored[from++];
            }
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
        {
            throw new InvalidDataException($"the BloscLZ data make no sense at byte {Math.Min(from, stored.Length):N0}", e);
        }
    }

    private static void Copy(ReadOnlySpan<byte> stored, int control, ref int from, Span<byte> destination, ref int to)
    {
        var length = (control >> 5) - 1;
        var distance = (control & 31) << 8;
        if (length == 6)
        {
            byte more;
            do
            {
                more = stored[from++];
                length += more;
            }
            while (more == 255);
        }

        var low = stored[from++];
        if (low == 255 && distance == 31 << 8)
        {
            distance = (stored[from] << 8) + stored[from + 1] + FarDistance;
            from += 2;
        }
        else
        {
            distance += low;
        }

        var source = to - distance - 1;
        for (length += 3; length > 0; length--)
        {
            destination[to++] = destination[source++];
        }
    }
}
