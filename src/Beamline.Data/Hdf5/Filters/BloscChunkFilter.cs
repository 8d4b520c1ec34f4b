using System.Buffers.Binary;

namespace Beamline.Data.Hdf5.Filters;

/// <summary>Filter 32001, Blosc 1: the buffer says everything itself.</summary>
internal sealed class BloscChunkFilter : ChunkFilter
{
    internal override int Id => 32001;

    internal override long DecodedBytes(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters) =>
        stored.Length < 8 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(stored[4..]);

    internal override int Decode(ReadOnlySpan<byte> stored, ReadOnlySpan<uint> parameters, Span<byte> destination) =>
        BloscFrame.Decode(stored, destination);
}
