namespace Beamline.Tests;

/// <summary>Real beamline data that lies beside the repository, or where BEAMLINE_REAL_DATA says; tests skip without it.</summary>
internal static class RealData
{
    /// <summary>The file or folder, or null when it is not there.</summary>
    public static string? Find(params string[] parts) =>
        Roots().Select(root => Path.Combine([root, .. parts])).FirstOrDefault(Path.Exists);

    /// <summary>The file or folder; skips the test when it is not there.</summary>
    public static string PathOf(params string[] parts)
    {
        var path = Find(parts);
        Assert.SkipWhen(path is null, $"Real data {string.Join('/', parts)} not found: set BEAMLINE_REAL_DATA to the folder that holds it.");
        return path;
    }

    private static IEnumerable<string> Roots()
    {
        if (Environment.GetEnvironmentVariable("BEAMLINE_REAL_DATA") is { Length: > 0 } set)
        {
            yield return set;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "shared", "data", "real");
        }
    }
}
