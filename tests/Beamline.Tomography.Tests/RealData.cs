namespace Beamline.Tomography.Tests;

/// <summary>Real beamline data that lies beside the repository; tests skip without it.</summary>
internal static class RealData
{
    internal static string Find(string relative)
    {
        var roots = new List<string>();
        if (Environment.GetEnvironmentVariable("BEAMLINE_REAL_DATA") is { Length: > 0 } given)
        {
            roots.Add(given);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            roots.Add(Path.Combine(folder.FullName, "shared", "data", "real"));
        }

        var found = roots.Select(r => Path.Combine(r, relative)).FirstOrDefault(Path.Exists);
        Assert.SkipWhen(found is null, $"real data {relative} is not beside the repository; set BEAMLINE_REAL_DATA to its folder");
        return found!;
    }
}
