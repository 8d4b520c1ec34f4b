using Beamline.Data.Hdf5;
using Beamline.Data.Hdf5.Native;

namespace Beamline.Data.Scans;

/// <summary>Opens what there is of an HDF5 scan that is still being written.</summary>
internal static class LiveHdf5
{
    /// <summary>The projections written so far, with as many angles and keys; null before the first.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What it does not say itself.</param>
    /// <param name="live">The file in libhdf5; null for reading it with managed code.</param>
    internal static ScanParts? Open(string path, ScanOptions options, Hdf5NativeFile? live)
    {
        var pool = new Hdf5HandlePool(path, live);
        try
        {
            var parts = Open(pool, path, options);
            if (parts is null)
            {
                pool.Dispose();
            }

            return parts;
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    private static ScanParts? Open(Hdf5HandlePool pool, string path, ScanOptions options)
    {
        var layout = Hdf5Scan.FindLayout(pool, options);
        var written = WrittenFrames.Count(pool, layout.Data);
        if (written == 0)
        {
            return null;
        }

        var all = new Hdf5FrameSource(new Hdf5Dataset(pool, layout.Data));
        var keys = layout.ImageKey is null ? null : new Hdf5Dataset(pool, layout.ImageKey).ReadDoubles();
        var fromFile = options.AnglesDegrees is null && options.AngleRange is null;
        var angles = fromFile && layout.Angles is { } place && pool.Use(h => h.Exists(place))
            ? ScanMetadata.ReadAngles(pool, place, options.AngleUnit)
            : null;

        // The lists grow by themselves, not in step with the images.
        var count = (int)Math.Min(written, Math.Min(keys?.Length ?? int.MaxValue, angles?.Length ?? int.MaxValue));
        int[] Frames(int key) => [.. Enumerable.Range(0, count).Where(i => keys is null ? key == 0 : keys[i] == key)];
        var projections = Frames(0);
        if (projections.Length == 0)
        {
            return null;
        }

        var degrees = ScanOpener.AnglesFromOptions(options, projections.Length) ?? (angles is null ? null : Array.ConvertAll(projections, i => angles[i])) ??
            throw ScanOpener.NoAngles(pool.FilePath, $"{layout.Angles ?? "a dataset with the rotation angles"} is not in the file yet", projections.Length);
        return new ScanParts(
            pool.FilePath,
            new SelectedFrames(all, projections),
            References(pool, layout.Flats, all, Frames(1)),
            References(pool, layout.Darks, all, Frames(2)),
            degrees[..Math.Min(degrees.Length, projections.Length)])
        {
            PixelSize = options.PixelSize ?? ScanMetadata.PixelSize(pool, layout.Data),
            ReadMetadata = () => ScanMetadata.Read(pool.FilePath),
            Provenance = ScanParts.Opened(path, layout.Data),
            Owner = pool,
        }.Verified(options);
    }

    private static SelectedFrames? References(Hdf5HandlePool pool, string? path, Hdf5FrameSource all, int[] selected)
    {
        if (path is null)
        {
            return selected.Length > 0 ? new SelectedFrames(all, selected) : null;
        }

        // Flats are often taken after the scan: an empty dataset is none yet.
        var count = WrittenFrames.Count(pool, path);
        return count == 0 ? null : new SelectedFrames(new Hdf5FrameSource(new Hdf5Dataset(pool, path)), [.. Enumerable.Range(0, (int)count)]);
    }
}
