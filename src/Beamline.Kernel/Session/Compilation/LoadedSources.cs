using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>Finds files of #load as another resolver does, and reads some of them with the checks written into them.</summary>
internal sealed class LoadedSources(SourceReferenceResolver files, ImmutableDictionary<string, string> texts)
    : SourceReferenceResolver
{
    public override string? NormalizePath(string path, string? baseFilePath) => files.NormalizePath(path, baseFilePath);

    public override string? ResolveReference(string path, string? baseFilePath) => files.ResolveReference(path, baseFilePath);

    public override Stream OpenRead(string resolvedPath) => texts.TryGetValue(resolvedPath, out var text)
        ? new MemoryStream([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)])
        : files.OpenRead(resolvedPath);

    // The resolver below may leave out lines that are not the compiler's.
    public override SourceText ReadText(string resolvedPath) => texts.TryGetValue(resolvedPath, out var text)
        ? SourceText.From(text, Encoding.UTF8)
        : files.ReadText(resolvedPath);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => texts.GetHashCode();
}
