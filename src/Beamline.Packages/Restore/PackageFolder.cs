using System.Xml;
using System.Xml.Linq;
using NuGet.Versioning;

namespace Beamline.Packages;

/// <summary>The folder in which NuGet keeps the packages of this user: what can be had without a network.</summary>
internal static class PackageFolder
{
    /// <summary>Where it is: NUGET_PACKAGES, then the user's NuGet.Config, then ~/.nuget/packages.</summary>
    public static string Path
    {
        get
        {
            if (Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named)
            {
                return named;
            }

            return Configured() ?? System.IO.Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        }
    }

    /// <summary>Names of the packages in it, sorted. Folders are in small letters; names are given as packages write them.</summary>
    /// <param name="place">The folder; null for the user's.</param>
    public static IReadOnlyList<string> Ids(string? place = null)
    {
        try
        {
            return
            [
                .. Directory.EnumerateDirectories(place ?? Path).Select(folder => (Folder: folder, Id: System.IO.Path.GetFileName(folder)))
                    .Where(p => !p.Id.StartsWith('.') && VersionFolders(p.Folder).Any())
                    .Select(p => OwnSpelling(p.Folder, p.Id)).Order(StringComparer.OrdinalIgnoreCase),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Versions of a package in it, newest first; empty when it has none.</summary>
    /// <param name="id">The package's name; letters may be small or capital.</param>
    /// <param name="place">The folder; null for the user's.</param>
    public static IReadOnlyList<string> Versions(string id, string? place = null)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length == 0 || id.AsSpan().IndexOfAny('/', '\\') >= 0 || id.StartsWith('.'))
        {
            return [];
        }

        try
        {
            return
            [
                .. VersionFolders(System.IO.Path.Combine(place ?? Path, id.ToLowerInvariant())).OrderByDescending(v => v)
                    .Select(v => v.ToNormalizedString()),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<NuGetVersion> VersionFolders(string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var path in Directory.EnumerateDirectories(folder))
        {
            // NuGet writes this file last: without it an unpacking was cut off.
            if (NuGetVersion.TryParse(System.IO.Path.GetFileName(path), out var version) &&
                File.Exists(System.IO.Path.Combine(path, ".nupkg.metadata")))
            {
                yield return version;
            }
        }
    }

    private static string OwnSpelling(string folder, string id)
    {
        var newest = VersionFolders(folder).Max()!;
        var path = System.IO.Path.Combine(folder, newest.ToNormalizedString().ToLowerInvariant(), id + ".nuspec");
        try
        {
            using var reader = XmlReader.Create(path);
            return reader.ReadToFollowing("id") && reader.ReadElementContentAsString() is { Length: > 0 } own &&
                own.Equals(id, StringComparison.OrdinalIgnoreCase) ? own : id;
        }
        catch (Exception exception) when (exception is IOException or XmlException or UnauthorizedAccessException)
        {
            return id;
        }
    }

    private static string? Configured()
    {
        foreach (var file in NuGetConfigFiles.OfUser())
        {
            try
            {
                var value = XDocument.Load(file).Root?.Element("config")?.Elements("add")
                    .FirstOrDefault(e => string.Equals((string?)e.Attribute("key"), "globalPackagesFolder", StringComparison.OrdinalIgnoreCase))
                    ?.Attribute("value")?.Value;
                if (value is { Length: > 0 })
                {
                    return System.IO.Path.GetFullPath(
                        Environment.ExpandEnvironmentVariables(value), System.IO.Path.GetDirectoryName(file)!);
                }
            }
            catch (Exception exception) when (exception is IOException or XmlException or UnauthorizedAccessException)
            {
                // NuGet itself will say what is wrong with the file; here it only means that nothing is known.
            }
        }

        return null;
    }
}
