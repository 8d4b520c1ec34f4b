using PureHDF;
using PureHDF.VOL.Native;

namespace Beamline.Data.Hdf5;

/// <summary>How many frames of a growing dataset are there: its shape may promise frames whose chunks are not written yet.</summary>
internal static class WrittenFrames
{
    internal static long Count(Hdf5HandlePool pool, string path)
    {
        if (pool.Live is not { } live)
        {
            return pool.Use(h => Count(h.Dataset(path)));
        }

        var chunkShape = pool.Use(h => Hdf5Type.ChunkShape(h.Dataset(path)));
        var dataset = live.Dataset(path);
        return dataset.Refresh().Length == 0 ? 0 : dataset.WrittenFrames(chunkShape);
    }

    private static long Count(NativeDataset dataset)
    {
        var shape = Hdf5Type.Shape(dataset);
        if (shape.Length == 0 || shape.Contains(0))
        {
            return 0;
        }

        if (dataset.Layout.Class != H5DataLayoutClass.Chunked)
        {
            return shape[0];
        }

        var depth = (long)Hdf5Type.ChunkShape(dataset)[0];
        var (counts, find) = PureHdfInternals.Chunks(dataset);
        var perLayer = counts.Skip(1).Aggregate(1UL, (a, b) => a * b);
        for (var layer = counts[0]; layer > 0; layer--)
        {
            var first = (layer - 1) * perLayer;
            var whole = true;
            for (var i = 0UL; whole && i < perLayer; i++)
            {
                whole = find(first + i) is not null;
            }

            if (whole)
            {
                return Math.Min(shape[0], (long)layer * depth);
            }
        }

        return 0;
    }
}
