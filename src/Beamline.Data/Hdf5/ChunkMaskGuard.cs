using PureHDF;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>
/// Looks, before a block is read, at whether one of its chunks was stored with a filter left out (its filter mask is set).
/// PureHDF 2.2.0 pairs the bits of the mask with the wrong filters, so that such a chunk comes out wrong without an error.
/// </summary>
internal sealed class ChunkMaskGuard
{
    private const long MostChunksRemembered = 1 << 26;
    private readonly string _file;
    private readonly string _path;
    private readonly ulong[] _chunk;
    private readonly IReadOnlyList<(int Id, string Name, uint[] Parameters)> _filters;
    private bool[]? _clean;

    private ChunkMaskGuard(string file, string path, NativeDataset dataset, IReadOnlyList<(int Id, string Name, uint[] Parameters)> filters)
    {
        (_file, _path, _filters) = (file, path, filters);
        _chunk = Hdf5Type.ChunkShape(dataset);
    }

    /// <summary>A guard for a dataset with filters; null when there is nothing to guard against.</summary>
    internal static ChunkMaskGuard? For(string file, string path, NativeDataset dataset)
    {
        var filters = PureHdfInternals.Filters(dataset);
        return dataset.Layout.Class == H5DataLayoutClass.Chunked && filters.Count > 0
            ? new ChunkMaskGuard(file, path, dataset, filters)
            : null;
    }

    /// <summary>Throws when a chunk that the block touches has its mask set.</summary>
    internal void Check(ulong[] counts, Func<ulong, uint> maskOfChunk, ulong[] start, ulong[] count)
    {
        var total = counts.Aggregate(1UL, (a, b) => a * b);
        if (total <= MostChunksRemembered)
        {
            // Shared by threads; two that look at the same chunk find the same answer.
            _clean ??= new bool[total];
        }

        var first = new ulong[start.Length];
        var last = new ulong[start.Length];
        for (var axis = 0; axis < start.Length; axis++)
        {
            first[axis] = start[axis] / _chunk[axis];
            last[axis] = (start[axis] + count[axis] - 1) / _chunk[axis];
        }

        var index = (ulong[])first.Clone();
        while (true)
        {
            CheckChunk(counts, maskOfChunk, index);
            var axis = index.Length - 1;
            while (axis >= 0 && index[axis] == last[axis])
            {
                index[axis] = first[axis];
                axis--;
            }

            if (axis < 0)
            {
                return;
            }

            index[axis]++;
        }
    }

    private void CheckChunk(ulong[] counts, Func<ulong, uint> maskOfChunk, ulong[] index)
    {
        var linear = 0UL;
        for (var axis = 0; axis < index.Length; axis++)
        {
            linear = (linear * counts[axis]) + index[axis];
        }

        if (_clean is not null && _clean[linear])
        {
            return;
        }

        var mask = maskOfChunk(linear);
        if (mask != 0)
        {
            var skipped = _filters.Where((_, i) => (mask >> i & 1) != 0).Select(f => Hdf5Guards.NameOfFilter(f.Id, f.Name));
            throw new DataFormatException(
                _file,
                $"{_path}: chunk [{string.Join(',', index)}] was stored without {string.Join(" and ", skipped)} (filter mask {mask}), " +
                "which Beamline cannot undo reliably. Rewrite the file so that every chunk passes every filter: h5repack in.h5 out.h5",
                _path);
        }

        if (_clean is not null)
        {
            _clean[linear] = true;
        }
    }
}
