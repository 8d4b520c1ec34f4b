using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace Beamline.Kernel;

/// <summary>
/// Finds the documentation of symbols: in comments of cells, in XML files beside assemblies (our own, and those in
/// package folders), and for the framework in the reference pack that comes with the SDK.
/// </summary>
internal sealed class DocLibrary
{
    private const int DeepestInheritance = 8;

    // Without an entry the file does not exist, which is worth remembering, too.
    private static readonly ConcurrentDictionary<string, DocFile?> Files = new(StringComparer.Ordinal);

    private static readonly Lazy<string?> FrameworkFolder = new(FindFrameworkFolder);

    /// <returns>What is written about a symbol; empty when nothing is.</returns>
    public static DocComment For(ISymbol symbol, Compilation compilation) => For(symbol, compilation, DeepestInheritance);

    private static DocComment For(ISymbol symbol, Compilation compilation, int deepest)
    {
        symbol = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension.OriginalDefinition : symbol.OriginalDefinition;
        var comment = DocComment.Parse(XmlOf(symbol, compilation));
        if (comment.InheritsFrom is { } source && deepest > 0)
        {
            var from = source.Length > 0
                ? DocumentationCommentId.GetFirstSymbolForDeclarationId(source, compilation)
                : Inherited(symbol);
            if (from is not null)
            {
                return comment.Over(For(from, compilation, deepest - 1));
            }
        }

        return comment;
    }

    private static string? XmlOf(ISymbol symbol, Compilation compilation)
    {
        if (symbol.Locations.Any(l => l.IsInSource))
        {
            return symbol.GetDocumentationCommentXml();
        }

        if (symbol.GetDocumentationCommentId() is not { } id || symbol.ContainingAssembly is not { } assembly ||
            compilation.GetMetadataReference(assembly) is not PortableExecutableReference { FilePath: { } path })
        {
            return null;
        }

        if (Path.GetDirectoryName(path) != Path.GetDirectoryName(typeof(object).Assembly.Location))
        {
            return FileOf(Path.ChangeExtension(path, ".xml"))?.Read(id);
        }

        // The framework's types lie in other assemblies than those that they are documented in: List<T> is in
        // System.Private.CoreLib and written about in System.Collections.xml.
        if (FrameworkFolder.Value is not { } folder)
        {
            return null;
        }

        string[] likely = [.. new[] { Path.GetFileNameWithoutExtension(path), "System.Runtime", "System.Collections" }
            .Select(name => Path.Combine(folder, name + ".xml"))];
        return likely.Concat(FilesIn(folder).Except(likely))
            .Select(file => FileOf(file)?.Read(id)).FirstOrDefault(text => text is not null);
    }

    private static DocFile? FileOf(string path) =>
        Files.GetOrAdd(path, static p => File.Exists(p) ? DocFile.Open(p) : null);

    private static string[] FilesIn(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "System*.xml");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static ISymbol? Inherited(ISymbol symbol)
    {
        var overridden = symbol switch
        {
            IMethodSymbol method => method.OverriddenMethod,
            IPropertySymbol property => property.OverriddenProperty,
            IEventSymbol @event => @event.OverriddenEvent,
            INamedTypeSymbol type => type.BaseType is { SpecialType: not SpecialType.System_Object } based
                ? based : type.Interfaces.FirstOrDefault(),
            _ => (ISymbol?)null,
        };
        return overridden ?? symbol.ContainingType?.AllInterfaces.SelectMany(i => i.GetMembers())
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(
                symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol));
    }

    /// <summary>packs/Microsoft.NETCore.App.Ref/VERSION/ref/net10.0 below the folder of dotnet, of the newest such pack.</summary>
    private static string? FindFrameworkFolder()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var packs = Path.GetFullPath(Path.Combine(framework, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        var moniker = $"net{Environment.Version.Major}.0";
        try
        {
            return Directory.GetDirectories(packs).Select(pack => Path.Combine(pack, "ref", moniker))
                .Where(Directory.Exists)
                .OrderByDescending(pack => Version.TryParse(
                    Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(pack))), out var version) ? version : new Version())
                .FirstOrDefault();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only a runtime is installed: the framework's documentation comes with the SDK.
            return null;
        }
    }
}
