using Beamline.Arrays;
using Beamline.Data.Hdf5;

namespace Beamline.Data.Scans;

/// <summary>Angles, pixel size and the other small facts of an HDF5 scan.</summary>
internal static class ScanMetadata
{
    private const int MostEntries = 500;

    // The first that is there wins: sizes at the sample before sizes of the sensor.
    private static readonly string[] PixelSizeNames = ["actual_pixel_size_x", "x_actual_pixel_size", "x_pixel_size", "pixel_size_x", "pixel_size"];

    /// <summary>Angles in degrees, converted when an attribute says radians.</summary>
    internal static double[] ReadAngles(Hdf5HandlePool pool, string path, AngleUnit? given = null)
    {
        var angles = new Hdf5Dataset(pool, path).ReadDoubles();
        var units = given is { } unit ? unit.ToString().ToLowerInvariant() : Unit(pool, path).ToLowerInvariant();
        if (units.StartsWith("rad", StringComparison.Ordinal))
        {
            return Array.ConvertAll(angles, a => a * (180 / Math.PI));
        }

        return units.Length == 0 || units.StartsWith("deg", StringComparison.Ordinal) || units == "°"
            ? angles
            : throw new DataFormatException(
                pool.FilePath,
                $"the angles {path} have the unit '{units}'; degrees and radians are understood. " +
                "Give the angles in degrees with ScanOptions.AnglesDegrees.",
                path);
    }

    /// <summary>The pixel size beside the data or where Data Exchange keeps it; null when no usable one is there.</summary>
    internal static Length? PixelSize(Hdf5HandlePool pool, string dataPath)
    {
        var groups = new[] { dataPath[..dataPath.LastIndexOf('/')], "/measurement/instrument/detector" };
        foreach (var path in groups.SelectMany(g => PixelSizeNames.Select(n => $"{g}/{n}")))
        {
            if (pool.Use(h => h.Exists(path) && IsOneNumber(h, path)))
            {
                var value = new Hdf5Dataset(pool, path).ReadDoubles()[0];
                if (value > 0 && double.IsFinite(value) && ToLength(value, Unit(pool, path)) is { } length)
                {
                    return length;
                }
            }
        }

        return null;
    }

    /// <summary>Single values of the file and the attributes of its root and images, by path.</summary>
    internal static IReadOnlyDictionary<string, string> Read(string path)
    {
        // A handle of its own: metadata may be asked for after the scan was closed.
        using var file = Hdf5File.Open(path);
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        AddAttributes(file, "/", found);
        foreach (var entry in file.Entries)
        {
            if (found.Count >= MostEntries)
            {
                break;
            }

            if (entry.BrokenLink is { } reason)
            {
                found[entry.Path] = $"broken link: {reason}";
            }
            else if (entry.Shape.Count >= 2)
            {
                AddAttributes(file, entry.Path, found);
            }
            else if (entry.Shape.Aggregate(1L, (a, b) => a * b) == 1 && file.TryReadText(entry.Path) is { } text)
            {
                found[entry.Path] = file.Attributes(entry.Path).TryGetValue("units", out var unit) ? $"{text} {unit}" : text;
            }
        }

        return found;
    }

    private static void AddAttributes(Hdf5File file, string path, SortedDictionary<string, string> found)
    {
        foreach (var (name, text) in file.Attributes(path))
        {
            found[$"{path}@{name}"] = text;
        }
    }

    private static bool IsOneNumber(Hdf5Handle handle, string path)
    {
        var entry = handle.Dataset(path);
        return Hdf5Type.TryGetElementType(entry, out _, out _) && Hdf5Type.Shape(entry).Aggregate(1L, (a, b) => a * b) == 1;
    }

    private static string Unit(Hdf5HandlePool pool, string path)
    {
        var attributes = pool.Use(h => h.Attributes(path));
        return attributes.TryGetValue("units", out var unit) || attributes.TryGetValue("unit", out unit) ? unit.Trim() : "";
    }

    // Data Exchange and NeXus both default to meters.
    private static Length? ToLength(double value, string unit) => Length.FromUnit(value, unit.Length == 0 ? "m" : unit);
}
