using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>
/// Types whose namespace no using opens. A front end can only replace the word at the cursor, so the full name is
/// inserted, and beside it stands the using that would make the short one do.
/// </summary>
internal static class UnimportedTypes
{
    private const int ShortestTyped = 3;
    private const int MostOffered = 20;

    // Names only, read from the metadata tables: some 2 MB for the whole framework.
    private static readonly ConcurrentDictionary<string, (string Space, string Name)[]> Files = new(StringComparer.Ordinal);

    public static void Add(SemanticModel model, Cursor cursor, CompletionBuilder offers)
    {
        if (offers.Typed.Length < ShortestTyped || !char.IsUpper(offers.Typed[0]) || cursor.Before.IsKind(SyntaxKind.UsingKeyword))
        {
            return;
        }

        var count = 0;
        foreach (var (space, name) in ChainReferences.Of(model.Compilation)
            .SelectMany(r => r.FilePath is { } path ? Files.GetOrAdd(path, Read) : []).Distinct()
            .Where(t => t.Name.StartsWith(offers.Typed, StringComparison.OrdinalIgnoreCase) && !offers.Has(t.Name))
            .OrderBy(t => t.Name.Length).ThenBy(t => t.Space, StringComparer.Ordinal))
        {
            if (count++ == MostOffered)
            {
                return;
            }

            offers.Add(name, "class", OfferTier.Unimported, () => $"using {space};", $"{space}.{name}");
        }
    }

    private static (string Space, string Name)[] Read(string path)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            var reader = file.GetMetadataReader();
            return [.. reader.TypeDefinitions.Select(reader.GetTypeDefinition)
                .Where(t => (t.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
                .Select(t => (Space: reader.GetString(t.Namespace), Name: reader.GetString(t.Name).Split('`')[0]))
                .Where(t => t.Space.Length > 0 && !t.Space.StartsWith("Internal", StringComparison.Ordinal))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadImageFormatException
            or InvalidOperationException)
        {
            return [];
        }
    }
}
