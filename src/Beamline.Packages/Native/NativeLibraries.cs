using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Beamline.Compute;

namespace Beamline.Packages;

/// <summary>Finds the native libraries of packages when the system's own search did not.</summary>
internal static class NativeLibraries
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string> Files = new(StringComparer.OrdinalIgnoreCase);
    private static readonly List<string> Folders = [];
    private static readonly Dictionary<string, nint> Loaded = new(StringComparer.Ordinal);
    private static bool _installed;

    /// <summary>Starts to answer. Costs nothing until a search fails.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (!_installed)
            {
                _installed = true;
                Attach(AssemblyLoadContext.Default);
                foreach (var folder in ((string?)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") ?? "")
                    .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
                {
                    Folders.Add(folder);
                }
            }
        }
    }

    /// <summary>Answers for the libraries of another context, too.</summary>
    public static void Attach(AssemblyLoadContext context) => context.ResolvingUnmanagedDll += Resolve;

    /// <summary>Makes files known. The first of a name stays: it may be loaded.</summary>
    /// <remarks>
    /// We are only asked when the system's own search found nothing. Where the system has a library of the same name (a distribution's
    /// older libtorch), the package's is loaded at once: whoever asks for the name then gets that one.
    /// </remarks>
    public static void Add(IEnumerable<string> files)
    {
        lock (Gate)
        {
            string[] added = [.. files.Where(file => Files.TryAdd(Path.GetFileName(file), file))];
            foreach (var file in added.Where(file => SystemLibraries.Has(Path.GetFileName(file))))
            {
                _ = Load(file, []);
            }
        }
    }

    /// <summary>Makes all files of a folder known.</summary>
    public static void AddFolder(string folder)
    {
        lock (Gate)
        {
            if (!Folders.Contains(folder))
            {
                Folders.Add(folder);
            }
        }
    }

    private static nint Resolve(Assembly asking, string name)
    {
        var file = Path.GetFileName(name);
        string[] spellings = OperatingSystem.IsWindows() ? [file, file + ".dll"]
            : OperatingSystem.IsMacOS() ? [file, $"lib{file}.dylib", file + ".dylib", "lib" + file]
            : [file, $"lib{file}.so", file + ".so", "lib" + file];
        lock (Gate)
        {
            return spellings.Select(Find).FirstOrDefault(path => path is not null) is { } found ? Load(found, []) : 0;
        }
    }

    private static string? Find(string file) =>
        Files.GetValueOrDefault(file) ?? Folders.Select(f => Path.Combine(f, file)).FirstOrDefault(File.Exists);

    /// <summary>Loads a library after those that it needs: the system would not find them in other packages' folders.</summary>
    private static nint Load(string path, HashSet<string> onTheWay)
    {
        if (Loaded.TryGetValue(path, out var handle) || !onTheWay.Add(path))
        {
            return handle;
        }

        var elf = OperatingSystem.IsLinux() ? ElfLibrary.TryOpen(path) : null;
        foreach (var needed in elf?.Needed ?? [])
        {
            if (Find(needed) is { } other)
            {
                _ = Load(other, onTheWay);
            }
        }

        try
        {
            handle = NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            if (elf is null || !RuntimeFix.TryLoad(elf, exception.Message, out handle))
            {
                // What the caller throws will only say that it was not found.
                RunContext.Current.Warning?.Invoke($"the native library {path} does not load. {exception.Message.Trim()}" +
                    (elf is null ? "" : RuntimeFix.Explain(elf, exception.Message)));
                return 0;
            }
        }

        return Loaded[path] = handle;
    }
}
