namespace Beamline.Data.Hdf5.Filters;

/// <summary>Undoes one HDF5 filter for one chunk. Has no state: one instance serves all threads.</summary>
internal abstract class ChunkFilter
{
    /// <summary>The number under which the filter is registered with The HDF Group.</summary>
    internal abstract int Id { get; }

    /// <summary>Undoes the filter.</summary>
    /// <param name="stored">What the filter wrote.</param>
    /// <param name="parameters">The filter's parameters in the file.</param>
    /// <param name="destination">Where the bytes go; at least as long as a chunk without filters.</param>
    /// <returns>Number of bytes written.</returns>
    /// <exception cref="InvalidDataException">The bytes are not what the filter writes; the message says why, without the place.</exception>
    internal abstract int Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters, Span<byte> destination);

    /// <summary>How many bytes <see cref="Decode"/> will give, as the stored bytes or the parameters say; -1 when they do not.</summary>
    /// <param name="stored">What the filter wrote.</param>
    /// <param name="parameters">The filter's parameters in the file.</param>
    internal virtual long DecodedBytes(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters) => -1;

    /// <summary>Throws when a stored size is negative or more than there is room for.</summary>
    protected static int Fitting(long size, int room, string what) => size >= 0 && size <= room
        ? (int)size
        : throw new InvalidDataException($"{what} claims {size:N0} bytes where at most {room:N0} can be");
}
