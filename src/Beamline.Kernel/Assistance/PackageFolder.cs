using System.Xml;

namespace Beamline.Kernel;

/// <summary>The packages that lie in NuGet's global folder on this machine. Nothing is asked over a network.</summary>
internal sealed class PackageFolder(string path)
{
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>The folder that NuGet uses, by its environment variable or its place in the home folder.</summary>
    /// <remarks>A globalPackagesFolder set in a nuget.config is not looked up.</remarks>
    public static PackageFolder OfUser() => new(
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"));

    /// <summary>Names of packages that contain a text, those that start with it first.</summary>
    public IReadOnlyList<string> Names(string typed, int most)
    {
        var found = Folders(path)
            .Where(name => name.Contains(typed, StringComparison.OrdinalIgnoreCase))
            .OrderBy(name => !name.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ThenBy(name => name, StringComparer.Ordinal)
            .Take(most);
        return [.. found.Select(WrittenName)];
    }

    /// <summary>The versions of a package, newest first.</summary>
    public IReadOnlyList<string> Versions(string name) => name.Length == 0 || name.AsSpan().IndexOfAny('/', '\\') >= 0 || name.StartsWith('.')
        ? []
        : [.. Folders(Path.Combine(path, name.ToLowerInvariant())).OrderDescending(VersionOrder.Instance)];

    private static IEnumerable<string> Folders(string folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateDirectories().Select(d => d.Name).Where(name => !name.StartsWith('.'))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }

    // The folder's name is in lower case; the author's writing of the name is in the package's description.
    private string WrittenName(string folder)
    {
        lock (_gate)
        {
            if (!_names.TryGetValue(folder, out var name))
            {
                _names[folder] = name = ReadName(folder) ?? folder;
            }

            return name;
        }
    }

    private string? ReadName(string folder)
    {
        try
        {
            if (Versions(folder) is not [var newest, ..])
            {
                return null;
            }

            using var reader = XmlReader.Create(
                Path.Combine(path, folder, newest, folder + ".nuspec"),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            return reader.ReadToFollowing("id") ? reader.ReadElementContentAsString() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            return null;
        }
    }

    /// <summary>1.10 after 1.9, and 1.0-beta before 1.0.</summary>
    private sealed class VersionOrder : IComparer<string>
    {
        public static VersionOrder Instance { get; } = new();

        public int Compare(string? x, string? y)
        {
            var (a, b) = (Parts(x!), Parts(y!));
            for (var i = 0; i < Math.Max(a.Numbers.Length, b.Numbers.Length); i++)
            {
                var order = a.Numbers.ElementAtOrDefault(i).CompareTo(b.Numbers.ElementAtOrDefault(i));
                if (order != 0)
                {
                    return order;
                }
            }

            return (a.Label.Length, b.Label.Length) switch
            {
                (0, > 0) => 1,
                (> 0, 0) => -1,
                _ => string.Compare(a.Label, b.Label, StringComparison.OrdinalIgnoreCase),
            };
        }

        private static (long[] Numbers, string Label) Parts(string version)
        {
            var at = version.IndexOf('-', StringComparison.Ordinal);
            var numbers = (at < 0 ? version : version[..at]).Split('.');
            return ([.. numbers.Select(n => long.TryParse(n, out var number) ? number : 0)], at < 0 ? "" : version[at..]);
        }
    }
}
