using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>
/// Finds out what one cell declares, reads and writes, by the compiler's semantic model against the session. Nothing is
/// emitted or run.
/// </summary>
internal sealed class CellAnalyzer(CSharpSession session, Func<IReadOnlyList<IMagicCommand>> commands)
{
    /// <summary>Longer cells are not looked into: they are data, and binding them would hold up the session.</summary>
    public const int LongestCell = 200_000;

    /// <summary>What a cell does.</summary>
    /// <param name="code">Its text.</param>
    /// <param name="previous">The submission that it follows; null for the first.</param>
    /// <param name="generated">C# that its magic commands ran, when it has run.</param>
    /// <param name="ran">The submission that ran last, when the cell has run: one that is all of the cell is not made again.</param>
    public CellFacts Analyze(
        string code, CSharpCompilation? previous, IReadOnlyList<string> generated, CSharpCompilation? ran = null)
    {
        var source = CellSource.Of(code, commands());
        var parts = new List<CellPart>();
        if (generated.Count == 0 && source.Pieces is [{ Tree: not null }] && ran?.SyntaxTrees is [CSharpSyntaxTree tree] &&
            TypeSplit.Of(code) is null && ran != previous && ran.ScriptCompilationInfo!.PreviousScriptCompilation == previous)
        {
            return source.Facts([PartOf(ran, tree)]);
        }

        foreach (var piece in source.Pieces)
        {
            parts.Add(piece.Magic ?? PartOf((CSharpSyntaxTree)piece.Tree!, previous));
        }

        foreach (var text in generated)
        {
            // Its variables were made by the magic; what it reads besides is read by the cell.
            var made = PartOf((CSharpSyntaxTree)CSharpSyntaxTree.ParseText(text, CSharpSession.ParseOptions), previous);
            parts.Add(made with
            {
                IsMagic = true,
                Declares = [.. made.Declares.Select(d => d with { Line = 1 })],
                Uses = [.. made.Uses.Where(u => made.Declares.All(d => d.Name != u.Name)).Select(u => u with { Line = 1 })],
            });
        }

        return source.Facts(parts);
    }

    // Pieces of one cell do not follow each other here: a name that an earlier piece declares is unknown to the compiler,
    // and an unknown name is looked up by its text. A submission that has errors cannot be followed by another one.
    private CellPart PartOf(CSharpSyntaxTree tree, CSharpCompilation? previous) => PartOf(session.Submission(tree, previous), tree);

    private static CellPart PartOf(CSharpCompilation compilation, CSharpSyntaxTree tree)
    {
        var walker = new NameWalker(compilation.GetSemanticModel(tree), lineOffset: 1);
        walker.Visit(tree.GetRoot());
        return new CellPart(
            [.. Declarations.Of(compilation, [], line => line + 1).Select(d => d.Declaration).Concat(LibraryTypes(tree)).DistinctBy(d => d.Name)], walker.Uses);
    }

    /// <summary>The types that go into a library beside the submission, and their namespaces.</summary>
    public static IEnumerable<CellDeclaration> LibraryTypes(SyntaxTree tree) => TypeSplit.Names(tree).Select(name => new CellDeclaration(
        name.ValueText, SessionNameKind.Type, name.GetLocation().GetLineSpan().StartLinePosition.Line + 1));
}
