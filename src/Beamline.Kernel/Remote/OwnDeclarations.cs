using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>What a cell declares beside variables, as C# for the notebook that gets its variables back.</summary>
internal static class OwnDeclarations
{
    /// <param name="cell">The cell.</param>
    /// <param name="missing">Its variables that do not come back.</param>
    /// <param name="lost">Gets a line for each declaration that is left out, because it uses such a variable.</param>
    public static string Of(CellInspection cell, IReadOnlySet<string> missing, List<string> lost)
    {
        var all = cell.OwnDeclarations;
        var uses = all.ToDictionary(d => d, d => SymbolsIn(d, cell));
        var gone = new HashSet<MemberDeclarationSyntax>();
        var names = new HashSet<string>(missing, StringComparer.Ordinal);
        for (var found = true; found;)
        {
            found = false;
            foreach (var declaration in all.Where(d => !gone.Contains(d)))
            {
                if (uses[declaration].FirstOrDefault(names.Contains) is { } because)
                {
                    found = true;
                    gone.Add(declaration);
                    foreach (var name in NamesOf(declaration))
                    {
                        names.Add(name);
                        lost.Add($"{name}: it uses {because}, which does not come back");
                    }
                }
            }
        }

        // What goes into libraries is in the text, and not in the tree.
        var types = cell.Libraries is null ? null : TypeSplit.Of(cell.Text);
        var kept = all.Except(gone).ToList();
        var text = types is null ? "" : types.Types;
        if (kept.Count == 0)
        {
            return text.Trim();
        }

        var usings = string.Concat(cell.Tree.GetCompilationUnitRoot().Usings.Select(u => u.WithoutTrivia() + "\n"));
        var own = string.Join('\n', kept.Select(k => k.ToString()));
        return types is null ? usings + own : text.Trim() + "\n" + own;
    }

    private static HashSet<string> SymbolsIn(SyntaxNode node, CellInspection cell)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        new NameReader(cell.Model, (symbol, _, _) =>
        {
            for (var at = symbol; at is not null; at = at.ContainingType)
            {
                if (at.ContainingType is { IsScriptClass: true } && at.ContainingAssembly.Equals(cell.Compilation.Assembly, SymbolEqualityComparer.Default))
                {
                    found.Add(at.Name);
                }
            }
        }).Visit(node);
        return found;
    }

    private static IEnumerable<string> NamesOf(MemberDeclarationSyntax node) => node switch
    {
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        BaseTypeDeclarationSyntax type => [type.Identifier.ValueText],
        DelegateDeclarationSyntax type => [type.Identifier.ValueText],
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(v => v.Identifier.ValueText),
        _ => [],
    };
}
