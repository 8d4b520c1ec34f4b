namespace Beamline.Data.Hdf5;

/// <summary>One chunk as it lies in the file.</summary>
/// <param name="Address">First byte, counted from the file's base address.</param>
/// <param name="Size">Bytes in the file, after all filters.</param>
/// <param name="FilterMask">Bit i is set when the i-th filter was left out for this chunk.</param>
internal readonly record struct StoredChunk(ulong Address, ulong Size, uint FilterMask);
