using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>
/// Finds assemblies that references need and nobody referenced, once for the whole session instead of once for each cell.
/// </summary>
/// <param name="inner">Finds the files.</param>
/// <param name="closed">A reference whose needs are no business of cells.</param>
internal sealed class SharedReferenceResolver(MetadataReferenceResolver inner, MetadataReference closed) : MetadataReferenceResolver
{
    private readonly ConcurrentDictionary<AssemblyIdentity, PortableExecutableReference?> _missing = new();

    public override bool ResolveMissingAssemblies => true;

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        ReferenceEquals(definition, closed)
            ? null
            : _missing.GetOrAdd(referenceIdentity, identity => inner.ResolveMissingAssembly(definition, identity));

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        inner.ResolveReference(reference, baseFilePath, properties);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => inner.GetHashCode();
}
