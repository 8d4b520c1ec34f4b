using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>What is open for a cell: namespaces, and the using directives that cannot be named as such.</summary>
/// <param name="Namespaces">Namespaces, as they stand behind 'using'.</param>
/// <param name="Lines">'using static' and aliases of types of libraries, oldest first.</param>
/// <param name="LibraryLines">Directives that name namespaces and types of cells that lie in libraries.</param>
/// <param name="OfPieces">Using directives that name types of cells, with the submission that has each.</param>
internal sealed record SentUsings(
    IReadOnlyList<string> Namespaces,
    IReadOnlyList<string> Lines,
    IReadOnlyList<string> LibraryLines,
    IReadOnlyList<(int Submission, UsingDirectiveSyntax Node, ISymbol Type)> OfPieces)
{
    /// <param name="chain">The session.</param>
    /// <param name="session">Opens namespaces and classes itself.</param>
    /// <param name="isThere">Whether a library will be there.</param>
    public static SentUsings Of(SubmissionChain chain, CSharpSession session, Func<IAssemblySymbol, bool> isThere)
    {
        var (lines, libraryLines) = (new List<string>(), new List<string>());
        var pieces = new List<(int, UsingDirectiveSyntax, ISymbol)>();
        var ground = session.Ground([]);
        var namespaces = session.Usings.Where(name => NamespaceOf(ground, name) is { } space && IsThere(space, isThere)).ToList();

        for (var i = 0; i < chain.States.Count; i++)
        {
            var compilation = chain.States[i].Compilation;
            foreach (var tree in compilation.SyntaxTrees)
            {
                foreach (var line in tree.GetCompilationUnitRoot().Usings)
                {
                    var text = line.WithoutTrivia().NormalizeWhitespace().ToString();
                    switch (compilation.GetSemanticModel(tree).GetSymbolInfo(line.NamespaceOrType).Symbol)
                    {
                        case INamespaceSymbol space when IsThere(space, isThere):
                            if (!IsThere(space, a => isThere(a) && !IsOfLibrary(a)))
                            {
                                // Only cells declare it: it can be opened after those.
                                libraryLines.Add(text);
                            }
                            else if (line.Alias is null)
                            {
                                namespaces.Add(space.ToDisplayString());
                            }
                            else
                            {
                                lines.Add(text);
                            }

                            break;
                        case ITypeSymbol type when OfCells(type, chain) is { } own:
                            pieces.Add((i, line, own));
                            break;
                        case ITypeSymbol type when type.ContainingAssembly is null || isThere(type.ContainingAssembly):
                            (type.ContainingAssembly is { } from && IsOfLibrary(from) ? libraryLines : lines).Add(text);
                            break;
                    }
                }
            }
        }

        return new SentUsings([.. namespaces.Distinct()], NewestAliases(lines), NewestAliases(libraryLines), pieces);
    }

    // One alias may be written anew with another meaning; a compilation takes one.
    private static string[] NewestAliases(List<string> lines) =>
        [.. lines.Distinct().GroupBy(l => l.Contains('=', StringComparison.Ordinal) ? l.Split('=')[0].Trim() : l).Select(g => g.Last())];

    private static bool IsOfLibrary(IAssemblySymbol assembly) => assembly.Name.StartsWith(CellLibraries.NamePrefix, StringComparison.Ordinal);

    private static INamedTypeSymbol? OfCells(ITypeSymbol type, SubmissionChain chain)
    {
        var outer = type as INamedTypeSymbol;
        while (outer?.ContainingType is { IsScriptClass: false } around)
        {
            outer = around;
        }

        return outer?.ContainingType is { IsScriptClass: true } && chain.PlaceOf(outer) >= 0 ? outer.OriginalDefinition : null;
    }

    private static bool IsThere(INamespaceSymbol space, Func<IAssemblySymbol, bool> isThere) =>
        space.ConstituentNamespaces.Any(n => n.ContainingAssembly is { } assembly && isThere(assembly));

    private static INamespaceSymbol? NamespaceOf(CSharpCompilation compilation, string name) => name.Split('.')
        .Aggregate<string, INamespaceSymbol?>(
            compilation.GlobalNamespace, (space, part) => space?.GetNamespaceMembers().FirstOrDefault(n => n.Name == part));
}
