using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>
/// What cells are compiled against: every framework assembly that defines something, the given assemblies, and whatever
/// those need. The references are shared by all sessions of the process: a second copy costs some 40 MB.
/// </summary>
internal static class SessionReferences
{
    private static readonly string Framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    private static readonly ConcurrentDictionary<string, Lazy<LibraryReference>> OwnFiles = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, MetadataReference> Files = new(StringComparer.Ordinal);

    private static readonly Lazy<Dictionary<string, string>> Trusted = new(() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase));

    public static IReadOnlyList<MetadataReference> For(IEnumerable<Assembly> assemblies)
    {
        // Half of the framework's files only say where a type is now. The compiler looks through every reference for
        // each cell, so only those of them that somebody needs are named.
        var defining = Trusted.Value.Values.Where(path => IsFramework(path) && !Library(path).OnlyForwards);
        return [.. WithNeeds(defining.Concat(assemblies.Select(a => a.Location).Where(location => location.Length > 0)))
            .Select(path => Library(path).Reference)];
    }

    /// <summary>The references of files of packages and users, with what of the framework they need.</summary>
    public static IEnumerable<MetadataReference> Of(IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            yield return Of(path);
            foreach (var needed in WithNeeds(NeedsOf(path)))
            {
                yield return Library(needed).Reference;
            }
        }
    }

    /// <summary>The reference of a file that belongs to this program.</summary>
    public static MetadataReference Of(Assembly assembly) => Library(assembly.Location).Reference;

    // Such a file may be written anew while it is in use.
    private static MetadataReference Of(string path) =>
        OwnFiles.TryGetValue(path, out var own) ? own.Value.Reference : Files.GetOrAdd(path, p => MetadataReference.CreateFromFile(p));

    private static HashSet<string> WithNeeds(IEnumerable<string> paths)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<string>(paths);
        while (open.TryDequeue(out var path))
        {
            if (!found.Add(path))
            {
                continue;
            }

            foreach (var needed in Library(path).Needs)
            {
                if (Trusted.Value.TryGetValue(needed, out var there))
                {
                    open.Enqueue(there);
                }
            }
        }

        return found;
    }

    private static IEnumerable<string> NeedsOf(string path)
    {
        try
        {
            // No library of this program: the package may bring its own version of that.
            return [.. LibraryReference.NeedsOf(path).Select(name => Trusted.Value.GetValueOrDefault(name)).OfType<string>().Where(IsFramework)];
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            // The compiler says what is wrong with it.
            return [];
        }
    }

    private static bool IsFramework(string path) => Path.GetDirectoryName(path) == Framework;

    private static LibraryReference Library(string path) =>
        OwnFiles.GetOrAdd(path, p => new Lazy<LibraryReference>(() => new LibraryReference(p))).Value;
}
