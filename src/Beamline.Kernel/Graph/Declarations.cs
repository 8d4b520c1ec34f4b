using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>The names that a submission adds to the session.</summary>
internal static class Declarations
{
    /// <summary>All declarations with their place in the text.</summary>
    /// <param name="compilation">The submission.</param>
    /// <param name="usings">Namespaces in which to look for types that the names hide.</param>
    /// <param name="line">Line of the cell for a line of the tree, both as they are counted there.</param>
    public static IEnumerable<(CellDeclaration Declaration, int Place)> Of(
        CSharpCompilation compilation, IReadOnlyList<string> usings, Func<int, int> line)
    {
        INamespaceSymbol[] spaces = [.. usings.Select(u => Namespace(compilation, u)).OfType<INamespaceSymbol>()];
        foreach (var member in compilation.ScriptClass?.GetMembers() ?? [])
        {
            SessionNameKind? kind = member switch
            {
                { IsImplicitlyDeclared: true } or { Name.Length: 0 } => null,
                IFieldSymbol or IPropertySymbol or IEventSymbol => SessionNameKind.Variable,
                IMethodSymbol { MethodKind: MethodKind.Ordinary } => SessionNameKind.Function,
                INamedTypeSymbol => SessionNameKind.Type,
                _ => null,
            };
            if (kind is not { } known)
            {
                continue;
            }

            var type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
            var shown = type is null or IErrorTypeSymbol ? null : type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
            var hidden = Hidden(spaces, member.Name);

            // A type that two cells declare is one symbol with two places.
            foreach (var place in member.Locations.Where(l => l.IsInSource))
            {
                yield return (
                    new CellDeclaration(member.Name, known, line(place.GetLineSpan().StartLinePosition.Line), shown, hidden),
                    place.SourceSpan.Start);
            }
        }
    }

    private static string? Hidden(INamespaceSymbol[] spaces, string name) => spaces
        .SelectMany(space => space.GetTypeMembers(name))
        .FirstOrDefault(type => type is { DeclaredAccessibility: Accessibility.Public, Arity: 0 })?.ToDisplayString();

    // Null for a class: it is open as 'using static'.
    private static INamespaceSymbol? Namespace(CSharpCompilation compilation, string name) => name.Split('.')
        .Aggregate<string, INamespaceSymbol?>(
            compilation.GlobalNamespace, (space, part) => space?.GetNamespaceMembers().FirstOrDefault(n => n.Name == part));
}
