namespace Beamline.Cli.Tests;

/// <summary>Finds the folder of real data, or skips the test.</summary>
internal static class RealData
{
    public static string PathOf(params string[] parts)
    {
        var folder = Find();
        Assert.SkipWhen(folder is null, "Real data not found: set BEAMLINE_REAL_DATA to the folder with aps2bm_tooth and i13_24737.");
        var path = Path.Combine([folder, .. parts]);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"Real data not found: {path}");
        return path;
    }

    private static string? Find()
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
