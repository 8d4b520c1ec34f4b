namespace Beamline.Packages;

/// <summary>The NuGet.Config files that a restore for a notebook reads.</summary>
internal static class NuGetConfigFiles
{
    private static readonly string[] Names = ["nuget.config", "NuGet.config", "NuGet.Config"];

    /// <summary>Those of the notebook's folder and the folders above it, then the user's.</summary>
    public static IEnumerable<string> For(string folder)
    {
        for (var place = new DirectoryInfo(folder); place is not null; place = place.Parent)
        {
            if (In(place.FullName) is { } file)
            {
                yield return file;
            }
        }

        foreach (var file in OfUser())
        {
            yield return file;
        }
    }

    /// <summary>Those of the user.</summary>
    public static IEnumerable<string> OfUser()
    {
        var folder = OperatingSystem.IsWindows()
            ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "NuGet")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "NuGet");
        if (In(folder) is { } file)
        {
            yield return file;
        }

        var more = Path.Combine(folder, "config");
        if (Directory.Exists(more))
        {
            foreach (var other in Directory.EnumerateFiles(more, "*.config").Order(StringComparer.Ordinal))
            {
                yield return other;
            }
        }
    }

    private static string? In(string folder) =>
        Names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
