namespace Beamline.Packages;

/// <summary>One package of a restored set.</summary>
internal sealed record ResolvedPackage
{
    /// <summary>Its name as the package writes it.</summary>
    public required string Id { get; init; }

    /// <summary>Its version, normalized.</summary>
    public required string Version { get; init; }

    /// <summary>Hash of its content, as NuGet gives it.</summary>
    public required string Sha512 { get; init; }

    /// <summary>Where it lies.</summary>
    public required string Folder { get; init; }

    /// <summary>Assemblies that cells are compiled against, as full paths.</summary>
    public IReadOnlyList<string> Compile { get; init; } = [];

    /// <summary>Assemblies that are loaded, as full paths.</summary>
    public IReadOnlyList<string> Runtime { get; init; } = [];

    /// <summary>Native libraries for this machine, as full paths.</summary>
    public IReadOnlyList<string> Native { get; init; } = [];

    /// <summary>True when all its files are still there.</summary>
    public bool IsPresent() => Directory.Exists(Folder) && Compile.Concat(Runtime).Concat(Native).All(File.Exists);
}
