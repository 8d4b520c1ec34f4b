using System.Reflection;
using System.Runtime.Loader;

namespace Beamline.Kernel;

/// <summary>
/// Loads libraries into the context of the program itself, so that a type is the same type for cells, for packages
/// and for what the kernel ships. One for the process: a loaded library never goes away.
/// </summary>
internal static class LibraryLoader
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, LibraryFile> Loaded = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<string, ResolvedPackage> LoadedPackages = new(StringComparer.OrdinalIgnoreCase);
    private static readonly List<string> Folders = [];

    private static readonly Lazy<Dictionary<string, string>> ShippedPaths = new(() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase));

    static LibraryLoader() => AssemblyLoadContext.Default.Resolving += Resolve;

    /// <summary>Packages that are loaded in this process, by name.</summary>
    public static IReadOnlyDictionary<string, ResolvedPackage> Packages
    {
        get
        {
            lock (Gate)
            {
                return new Dictionary<string, ResolvedPackage>(LoadedPackages, StringComparer.OrdinalIgnoreCase);
            }
        }
    }

    /// <summary>The file of a library that the program itself ships (the framework included); null when it does not.</summary>
    public static string? Shipped(string name) => ShippedPaths.Value.GetValueOrDefault(name);

    /// <summary>The file that cells are to be compiled against in place of one that a package brings.</summary>
    public static string CompileAgainst(string path) => Shipped(Path.GetFileNameWithoutExtension(path)) ?? path;

    /// <summary>Checks that libraries can be loaded beside what is loaded already. Changes nothing.</summary>
    /// <returns>Those that are not loaded yet.</returns>
    /// <exception cref="PackageException">One of them is there in another version.</exception>
    public static IReadOnlyList<LibraryFile> Check(IEnumerable<LibraryFile> libraries)
    {
        var missing = new Dictionary<string, LibraryFile>(StringComparer.OrdinalIgnoreCase);
        lock (Gate)
        {
            foreach (var library in libraries)
            {
                var name = library.Name.Name!;
                if (Shipped(name) is { } shipped)
                {
                    if (AssemblyName.GetAssemblyName(shipped).Version is { } own && own < library.Name.Version)
                    {
                        throw new PackageException(
                            $"{library.Origin} brings {name} {library.Name.Version}, but this program itself uses {name} {own}, " +
                            "and a process can hold only one version. Take a version of the package that was made for the older one.");
                    }
                }
                else if (Loaded.TryGetValue(name, out var loaded) || missing.TryGetValue(name, out loaded))
                {
                    if (!AreSame(loaded, library))
                    {
                        throw new PackageException(
                            $"{name} {library.Name.Version} of {library.Origin} cannot be loaded: {name} {loaded.Name.Version} of " +
                            $"{loaded.Origin} is loaded already, and a process can hold only one version. Restart the kernel " +
                            "and refer to the one you want first.");
                    }
                }
                else
                {
                    missing.Add(name, library);
                }
            }
        }

        return [.. missing.Values];
    }

    /// <summary>Loads libraries that were checked.</summary>
    public static IReadOnlyList<Assembly> Load(IReadOnlyList<LibraryFile> libraries)
    {
        var assemblies = new List<Assembly>();
        lock (Gate)
        {
            foreach (var library in libraries)
            {
                assemblies.Add(AssemblyLoadContext.Default.LoadFromAssemblyPath(library.Path));
                Loaded[library.Name.Name!] = library;
            }
        }

        return assemblies;
    }

    /// <summary>The loaded assembly of a name, or null.</summary>
    public static Assembly? Find(string name)
    {
        lock (Gate)
        {
            return Loaded.TryGetValue(name, out var library)
                ? AssemblyLoadContext.Default.LoadFromAssemblyPath(library.Path)
                : null;
        }
    }

    /// <summary>Remembers that the files of packages are in use.</summary>
    public static void Add(IEnumerable<ResolvedPackage> packages)
    {
        lock (Gate)
        {
            foreach (var package in packages)
            {
                LoadedPackages[package.Id] = package;
            }
        }
    }

    /// <summary>Libraries that others miss are looked for in this folder, too.</summary>
    public static void AddFolder(string folder)
    {
        lock (Gate)
        {
            if (!Folders.Contains(folder))
            {
                Folders.Add(folder);
            }
        }

        NativeLibraries.AddFolder(folder);
    }

    private static Assembly? Resolve(AssemblyLoadContext context, AssemblyName wanted)
    {
        if (Find(wanted.Name!) is { } found)
        {
            return found;
        }

        string[] folders;
        lock (Gate)
        {
            folders = [.. Folders];
        }

        foreach (var folder in folders)
        {
            var path = Path.Combine(folder, wanted.Name + ".dll");
            if (File.Exists(path) && LibraryFile.Open(ShadowCopy.Of(path), path) is { } library &&
                string.Equals(library.Name.Name, wanted.Name, StringComparison.OrdinalIgnoreCase))
            {
                return Load([library])[0];
            }
        }

        return null;
    }

    private static bool AreSame(LibraryFile one, LibraryFile other) =>
        one.Path == other.Path ||
        (one.Name.Version == other.Name.Version && File.ReadAllBytes(one.Path).AsSpan().SequenceEqual(File.ReadAllBytes(other.Path)));
}
