using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>
/// What cells are compiled against: every framework assembly, the given assemblies, and whatever those need.
/// The references are shared by all sessions of the process: a second copy costs some 40 MB.
/// </summary>
internal static class SessionReferences
{
    private static readonly ConcurrentDictionary<string, MetadataReference> Shared = new(StringComparer.Ordinal);

    private static readonly Lazy<Dictionary<string, string>> Trusted = new(() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase));

    public static IReadOnlyList<MetadataReference> For(IEnumerable<Assembly> assemblies)
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var paths = Trusted.Value.Values.Where(path => Path.GetDirectoryName(path) == framework)
            .ToHashSet(StringComparer.Ordinal);
        var open = new Queue<string>(assemblies.Select(a => a.Location).Where(location => location.Length > 0));
        while (open.TryDequeue(out var path))
        {
            if (!paths.Add(path))
            {
                continue;
            }

            foreach (var needed in ReferencedNames(path))
            {
                if (Trusted.Value.TryGetValue(needed, out var found))
                {
                    open.Enqueue(found);
                }
            }
        }

        return [.. paths.Select(path => Shared.GetOrAdd(path, p => MetadataReference.CreateFromFile(p)))];
    }

    /// <summary>The reference of a file.</summary>
    public static MetadataReference Of(string path) => Shared.GetOrAdd(path, p => MetadataReference.CreateFromFile(p));

    private static List<string> ReferencedNames(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        var reader = file.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(h => reader.GetString(reader.GetAssemblyReference(h).Name))];
    }
}
