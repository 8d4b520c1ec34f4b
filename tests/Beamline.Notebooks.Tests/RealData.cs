namespace Beamline.Notebooks.Tests;

/// <summary>Finds the folder of real data, or skips the test.</summary>
internal static class RealData
{
    /// <summary>The file or folder, or null when it is not there.</summary>
    public static string? Find(params string[] parts) =>
        Folder() is { } folder && Path.Combine([folder, .. parts]) is var path && (File.Exists(path) || Directory.Exists(path))
            ? path
            : null;

    /// <summary>The file or folder; skips the test when it is not there.</summary>
    public static string PathOf(params string[] parts)
    {
        var path = Find(parts);
        Assert.SkipWhen(path is null, $"Real data {string.Join('/', parts)} not found: set BEAMLINE_REAL_DATA to the folder that holds it.");
        return path;
    }

    private static string? Folder()
    {
        if (Environment.GetEnvironmentVariable("BEAMLINE_REAL_DATA") is { Length: > 0 } set)
        {
            return set;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "real");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
