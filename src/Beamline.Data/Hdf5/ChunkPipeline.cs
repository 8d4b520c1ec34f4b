using System.Buffers;
using Beamline.Data.Hdf5.Filters;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>
/// Undoes the filters of a dataset for one chunk, in the order opposite to writing, and leaves out those that the chunk's
/// filter mask names. (PureHDF 2.2.0 pairs the bits of that mask with the wrong filters.)
/// </summary>
internal sealed class ChunkPipeline
{
    private readonly (ChunkFilter Filter, uint[] Parameters, string Name)[] _filters;
    private readonly int _chunkBytes;

    internal ChunkPipeline(NativeDataset dataset, int chunkBytes)
    {
        _chunkBytes = chunkBytes;
        _filters = [.. PureHdfInternals.Filters(dataset)
            .Select(f => (ChunkFilters.Get(f.Id), f.Parameters, Hdf5Guards.NameOfFilter(f.Id, f.Name)))];
    }

    /// <summary>Whether all filters of a dataset are ours.</summary>
    internal static bool Knows(NativeDataset dataset) => PureHdfInternals.Filters(dataset).All(f => ChunkFilters.Has(f.Id));

    /// <summary>Most bytes that a stored chunk can sensibly have: what does not compress grows a little.</summary>
    internal long MostStoredBytes => _chunkBytes + (_chunkBytes / 8L) + 65_536;

    /// <summary>Decodes a chunk.</summary>
    /// <param name="stored">What the file holds.</param>
    /// <param name="filterMask">Filters that were left out.</param>
    /// <param name="chunk">Receives the chunk; exactly its size.</param>
    /// <exception cref="InvalidDataException">The chunk is damaged; the message names the filter.</exception>
    internal void Decode(ReadOnlySpan<byte> stored, uint filterMask, Span<byte> chunk)
    {
        var room = (int)Math.Max(MostStoredBytes, stored.Length);
        var current = ArrayPool<byte>.Shared.Rent(room);
        var next = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            stored.CopyTo(current);
            var length = stored.Length;
            for (var i = _filters.Length - 1; i >= 0; i--)
            {
                if ((filterMask >> i & 1) != 0)
                {
                    continue;
                }

                length = Undo(i, current.AsSpan(0, length), next.AsSpan(0, room));
                (current, next) = (next, current);
            }

            if (length != chunk.Length)
            {
                throw new InvalidDataException($"it holds {length:N0} bytes where a chunk has {chunk.Length:N0}");
            }

            current.AsSpan(0, length).CopyTo(chunk);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(current);
            ArrayPool<byte>.Shared.Return(next);
        }
    }

    private int Undo(int index, ReadOnlySpan<byte> stored, Span<byte> destination)
    {
        var (filter, parameters, name) = _filters[index];
        try
        {
            return filter.Decode(stored, parameters, destination);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{name}: {e.Message.TrimEnd('.')}", e);
        }
    }
}
