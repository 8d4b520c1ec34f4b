using System.Reflection;

namespace Beamline.Kernel;

/// <summary>What the references of one cell bring, before any of it is loaded.</summary>
internal sealed class ReferenceSet
{
    private readonly List<Func<IReadOnlyList<Assembly>>> _own = [];

    /// <summary>Restored packages.</summary>
    public List<ResolvedPackage> Packages { get; } = [];

    /// <summary>Single libraries.</summary>
    public List<LibraryFile> Files { get; } = [];

    /// <summary>More files that cells are compiled against.</summary>
    public List<string> Compile { get; } = [];

    /// <summary>Folders in which libraries that others miss are looked for.</summary>
    public List<string> Folders { get; } = [];

    /// <summary>Adds libraries that are loaded in a way of their own.</summary>
    public void AddOwn(Func<IReadOnlyList<Assembly>> load) => _own.Add(load);

    /// <summary>Loads those.</summary>
    public IEnumerable<Assembly> LoadOwn() => [.. _own.SelectMany(load => load())];

    /// <summary>All managed libraries. What a package brings beside them (resources of other kinds) is left out.</summary>
    public IReadOnlyList<LibraryFile> Libraries() =>
    [
        .. Packages.SelectMany(p => p.Runtime.Select(path => LibraryFile.Open(path, $"{p.Id} {p.Version}"))).OfType<LibraryFile>(),
        .. Files,
    ];

    /// <summary>All files that cells are compiled against.</summary>
    public IReadOnlyList<string> CompilePaths() =>
        [.. Packages.SelectMany(p => p.Compile).Select(LibraryLoader.CompileAgainst).Concat(Files.Select(f => f.Path)).Concat(Compile).Distinct()];
}
