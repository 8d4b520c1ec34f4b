using System.Diagnostics.CodeAnalysis;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>A library of the framework or of this program, read once: what the compiler refers to, and what it needs itself.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The file's memory is the reference's, as long as the process lives")]
internal sealed class LibraryReference
{
    private readonly PEReader _file;

    public unsafe LibraryReference(string path)
    {
        _file = new PEReader(File.OpenRead(path), PEStreamOptions.PrefetchMetadata);
        var reader = _file.GetMetadataReader();
        Needs = NeedsOf(reader);

        // <Module> is always there.
        OnlyForwards = reader.TypeDefinitions.Count <= 1 && reader.ExportedTypes.Count > 0;

        // Not by its path: the compiler would write the build of each library it refers to into the symbols of every cell,
        // which takes longer than to compile a short cell.
        var block = _file.GetMetadata();
        Reference = AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((IntPtr)block.Pointer, block.Length))
            .GetReference(filePath: path, display: path);
    }

    public PortableExecutableReference Reference { get; }

    /// <summary>Names of the libraries that it refers to.</summary>
    public IReadOnlyList<string> Needs { get; }

    /// <summary>True when it defines nothing and only says where types are.</summary>
    public bool OnlyForwards { get; }

    /// <summary>Names of the libraries that a file refers to.</summary>
    public static IReadOnlyList<string> NeedsOf(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        return NeedsOf(file.GetMetadataReader());
    }

    /// <summary>Names of the libraries that an opened library refers to.</summary>
    public static IReadOnlyList<string> NeedsOf(PEReader file) => NeedsOf(file.GetMetadataReader());

    private static string[] NeedsOf(MetadataReader reader) =>
        [.. reader.AssemblyReferences.Select(h => reader.GetString(reader.GetAssemblyReference(h).Name))];
}
