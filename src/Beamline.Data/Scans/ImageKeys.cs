using Beamline.Data.Hdf5;

namespace Beamline.Data.Scans;

/// <summary>What each frame of an NXtomo file is: 0 projection, 1 flat, 2 dark, 3 invalid.</summary>
internal sealed record ImageKeys(int[] Projections, int[] Flats, int[] Darks)
{
    internal static ImageKeys Read(Hdf5HandlePool pool, string path, int frameCount)
    {
        var keys = new Hdf5Dataset(pool, path).ReadDoubles();
        if (keys.Length != frameCount)
        {
            throw new DataFormatException(
                pool.FilePath, $"{path} has {keys.Length} keys, but there are {frameCount} frames. Was the scan stopped early?", path);
        }

        var made = new ImageKeys(With(keys, 0), With(keys, 1), With(keys, 2));
        return made.Projections.Length > 0
            ? made
            : throw new DataFormatException(pool.FilePath, $"{path} marks no frame as a projection (key 0).", path);
    }

    private static int[] With(double[] keys, int key) =>
        [.. Enumerable.Range(0, keys.Length).Where(i => keys[i] == key)];
}
