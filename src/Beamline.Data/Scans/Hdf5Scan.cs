using Beamline.Arrays;
using Beamline.Data.Hdf5;

namespace Beamline.Data.Scans;

/// <summary>Opens scans in HDF5 files: Data Exchange, NXtomo (frames sorted by their image_key), or paths given by the user.</summary>
internal static class Hdf5Scan
{
    private const string DataExchange = "/exchange/data";

    internal static ScanParts Open(string path, ScanOptions options)
    {
        if (options.FlatFiles is not null || options.DarkFiles is not null)
        {
            throw new ArgumentException(
                "FlatFiles and DarkFiles are for image files. In an HDF5 file name the datasets: ScanOptions.FlatPath and DarkPath.",
                nameof(options));
        }

        var pool = new Hdf5HandlePool(path);
        try
        {
            var layout = FindLayout(pool, options);
            var all = new Hdf5FrameSource(new Hdf5Dataset(pool, layout.Data));
            var keys = layout.ImageKey is null ? null : ImageKeys.Read(pool, layout.ImageKey, all.FrameCount);
            FrameSource frames = keys is null ? all : new SelectedFrames(all, keys.Projections);
            var notes = new List<string>();
            var angles = ReadAngles(pool, layout, options, frames.FrameCount, all.FrameCount, keys, notes);
            return new ScanParts(
                pool.FilePath,
                frames,
                References(pool, layout.Flats, all, keys?.Flats),
                References(pool, layout.Darks, all, keys?.Darks),
                angles)
            {
                PixelSize = options.PixelSize ?? ScanMetadata.PixelSize(pool, layout.Data),
                // Read later, perhaps from another working folder: the handles know where the file is.
                ReadMetadata = () => ScanMetadata.Read(pool.FilePath),
                Provenance = ScanParts.Opened(path, layout.Data),
                Owner = pool,
                Notes = notes,
            }.Verified(options);
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    internal static Layout FindLayout(Hdf5HandlePool pool, ScanOptions options)
    {
        var found = options.DataPath is { } given ? Around(pool, Rooted(given))
            : Exists(pool, DataExchange) ? Around(pool, DataExchange)
            : NexusLayout(pool);
        return found with
        {
            Flats = options.FlatPath is { } flats ? Rooted(flats) : found.Flats,
            Darks = options.DarkPath is { } darks ? Rooted(darks) : found.Darks,
            Angles = options.AnglePath is { } angles ? Rooted(angles) : found.Angles,
            ImageKey = options.ImageKeyPath is { } key ? Rooted(key) : found.ImageKey,
        };
    }

    /// <summary>What lies beside a dataset: the Data Exchange names, or an NXtomo image_key and the angles of the sample.</summary>
    private static Layout Around(Hdf5HandlePool pool, string data)
    {
        var group = data[..data.LastIndexOf('/')];
        if (data == DataExchange)
        {
            return new Layout(data, IfThere(pool, "/exchange/data_white"), IfThere(pool, "/exchange/data_dark"), "/exchange/theta", null);
        }

        var key = IfThere(pool, group + "/image_key");
        var entry = group.Contains("/instrument/", StringComparison.Ordinal)
            ? group[..group.IndexOf("/instrument/", StringComparison.Ordinal)]
            : group;
        var angles = IfThere(pool, entry + "/sample/rotation_angle") ?? IfThere(pool, group + "/rotation_angle");
        if (key is null || angles is null)
        {
            var places = new NexusPlaces(pool);
            var named = pool.Use(h => h.Entries()).Any(e => e.Path == data);
            key ??= named ? places.ImageKey(data) : null;
            angles ??= named ? places.Angles(data) : null;
        }

        return new Layout(data, null, null, angles, key);
    }

    private static Layout NexusLayout(Hdf5HandlePool pool)
    {
        // NXtomo: a detector group holds data and image_key, and the entry above it the angles.
        var entries = pool.Use(h => h.Entries());
        var paths = entries.Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var candidates = entries.Where(e => e.Path.EndsWith("/image_key", StringComparison.Ordinal))
            .Select(e => e.Path[..^"image_key".Length] + "data")
            .Where(paths.Contains)
            .ToList();
        var complete = candidates.Select(c => Around(pool, c)).Where(l => l.Angles is not null).ToList();
        var detectors = complete.Where(l => l.Data.Contains("/instrument/", StringComparison.Ordinal)).ToList();
        if (detectors.Count == 1)
        {
            return detectors[0];
        }

        if (detectors.Count > 1)
        {
            throw new DataFormatException(
                pool.FilePath,
                $"several detectors hold images: {string.Join(", ", detectors.Select(d => d.Data))}. Choose one with ScanOptions.DataPath.");
        }

        if (ScatteredLayout(pool) is { } scattered)
        {
            return scattered;
        }

        throw pool.Use(h => new DataFormatException(
            pool.FilePath,
            "this is neither a Data Exchange file nor an NXtomo file. Name the datasets with ScanOptions.DataPath, FlatPath, DarkPath " +
            $"and AnglePath. ({h.NotFound(DataExchange).Message})",
            DataExchange));
    }

    // NXtomo in pieces: images and keys, or images and angles, are not in the same group.
    private static Layout? ScatteredLayout(Hdf5HandlePool pool)
    {
        var places = new NexusPlaces(pool);
        var found = places.Detectors()
            .Select(data => new Layout(data, null, null, places.Angles(data), places.ImageKey(data)))
            .Where(l => l.Angles is not null)
            .ToList();
        var keyed = found.Where(l => l.ImageKey is not null).ToList();
        return (keyed.Count > 0 ? keyed : found) switch
        {
            [] => null,
            [var only] => only,
            var several => throw new DataFormatException(
                pool.FilePath,
                $"several detectors hold images: {string.Join(", ", several.Select(d => d.Data))}. Choose one with ScanOptions.DataPath."),
        };
    }

    private static FrameSource? References(Hdf5HandlePool pool, string? path, FrameSource all, int[]? selected) =>
        path is not null ? new Hdf5FrameSource(new Hdf5Dataset(pool, path))
        : selected is { Length: > 0 } ? new SelectedFrames(all, selected)
        : null;

    private static double[] ReadAngles(
        Hdf5HandlePool pool, Layout layout, ScanOptions options, int projections, int allFrames, ImageKeys? keys, List<string> notes)
    {
        if (ScanOpener.AnglesFromOptions(options, projections) is { } given)
        {
            return given;
        }

        if (layout.Data == DataExchange && options.AnglePath is null && !Exists(pool, layout.Angles!) &&
            PlannedRotation.Of(pool, projections) is { } planned)
        {
            notes.Add(planned.Note);
            return planned.Degrees;
        }

        if (layout.Angles is null || (options.AnglePath is null && !Exists(pool, layout.Angles)))
        {
            throw ScanOpener.NoAngles(
                pool.FilePath, $"{layout.Angles ?? "a dataset with the rotation angles"} is not in the file", projections);
        }

        var angles = ScanMetadata.ReadAngles(pool, layout.Angles, options.AngleUnit);

        // NXtomo holds an angle for every frame, flats and darks included.
        return keys is not null && angles.Length == allFrames ? Array.ConvertAll(keys.Projections, i => angles[i]) : angles;
    }

    private static bool Exists(Hdf5HandlePool pool, string path) => pool.Use(h => h.Exists(path));

    private static string? IfThere(Hdf5HandlePool pool, string path) => Exists(pool, path) ? path : null;

    private static string Rooted(string path) => path.StartsWith('/') ? path : "/" + path;

    internal sealed record Layout(string Data, string? Flats, string? Darks, string? Angles, string? ImageKey);
}
