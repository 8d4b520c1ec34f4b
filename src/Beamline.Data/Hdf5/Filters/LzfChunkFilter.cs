namespace Beamline.Data.Hdf5.Filters;

/// <summary>Filter 32000, LZF (h5py's own): runs of literals, and copies of what was at most 8 KiB before.</summary>
internal sealed class LzfChunkFilter : ChunkFilter
{
    internal override int Id => 32000;

    // h5py stores the size of a chunk as the third parameter.
    internal override long DecodedBytes(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters) => parameters.Length > 2 ? parameters[2] : -1;

    internal override int Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters, Span<byte> destination)
    {
        int from = 0, to = 0;
        try
        {
            while (from < stored.Length)
            {
                var control = stored[from++];
                if (control < 32)
                {
                    stored.Slice(from, control + 1).CopyTo(destination[to..]);
                    from += control + 1;
                    to += control + 1;
                    continue;
                }

                var length = control >> 5;
                if (length == 7)
                {
                    length += stored[from++];
                }

                var source = to - ((control & 31) << 8) - stored[from++] - 1;
                for (length += 2; length > 0; length--)
                {
                    // Byte by byte: a copy may overlap what it makes.
                    destination[to++] = destination[source++];
                }
            }
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException)
        {
            throw new InvalidDataException($"the LZF data make no sense at byte {Math.Min(from, stored.Length):N0}", e);
        }

        return to;
    }
}
