using System.Text;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>
/// Finds out what all cells of a notebook declare, read and write, without running any: their C# is put together to one
/// submission, so that a name is understood wherever it is defined. A chain of submissions, one for each cell, takes time
/// that grows with the square of their number, and ends at the first cell that has an error (docs/adr/0020).
/// </summary>
internal static class NotebookAnalyzer
{
    public static CellFacts[] Analyze(IReadOnlyList<string> cells, CSharpSession session, IReadOnlyList<IMagicCommand> commands)
    {
        CellSource[] sources = [.. cells.Select(text => CellSource.Of(text, commands))];
        var text = new StringBuilder();
        var usings = sources.Where(IsSound).SelectMany(s => s.Pieces).Select(p => p.Tree).OfType<SyntaxTree>()
            .SelectMany(tree => tree.GetCompilationUnitRoot().Usings).Select(u => u.ToString()).Distinct();
        text.AppendJoin(' ', usings).Append('\n');
        var places = new Dictionary<SyntaxTree, (TextSpan Span, int Line)>();
        var line = 1;
        foreach (var tree in sources.Where(IsSound).SelectMany(s => s.Pieces).Select(p => p.Tree).OfType<SyntaxTree>())
        {
            var start = text.Length;
            var piece = Piece(tree);
            text.Append(piece);
            places[tree] = (TextSpan.FromBounds(start, text.Length), line);

            // The value at the end of a cell has no semicolon, which only the last cell of a submission may do.
            text.Append("\n;\n");
            line += piece.Count(c => c == '\n') + 2;
        }

        var whole = CSharpSyntaxTree.ParseText(text.ToString(), CSharpSession.ParseOptions);
        var compilation = session.Submission(whole, null);
        var model = compilation.GetSemanticModel(whole);
        var declared = Declarations.Of(compilation, session.Usings, l => l).OrderBy(d => d.Place).ToArray();
        var members = whole.GetCompilationUnitRoot().Members;
        var alone = new CellAnalyzer(session, () => commands);
        return [.. sources.Select((source, i) => IsSound(source)
            ? source.Facts([.. source.Pieces.Select(p => p.Magic ?? Part(places[p.Tree!], p.Tree!, model, members, declared))])
            : alone.Analyze(cells[i], null, []))];
    }

    private static bool IsSound(CellSource source) => !source.SyntaxErrors.Any();

    private static CellPart Part(
        (TextSpan Span, int Line) place,
        SyntaxTree tree,
        SemanticModel model,
        SyntaxList<MemberDeclarationSyntax> members,
        (CellDeclaration Declaration, int Place)[] declared)
    {
        var walker = new NameWalker(model, lineOffset: 1 - place.Line);
        for (var i = FirstAfter(members, place.Span.Start); i < members.Count && members[i].SpanStart < place.Span.End; i++)
        {
            walker.Visit(members[i]);
        }

        // 'using static Helpers;' uses a class of the notebook, and was moved to the top.
        var statics = tree.GetCompilationUnitRoot().Usings.Where(u => u.StaticKeyword.IsKind(SyntaxKind.StaticKeyword))
            .Where(u => declared.Any(d => d.Declaration.Name == u.NamespaceOrType.ToString()))
            .Select(u => new NameUse(
                u.NamespaceOrType.ToString(), NameAccess.Read, u.GetLocation().GetLineSpan().StartLinePosition.Line + 1, null, true));
        return new CellPart(
            [.. declared.Where(d => place.Span.Contains(d.Place)).Select(d => d.Declaration with { Line = d.Declaration.Line + 1 - place.Line })
                .Concat(CellAnalyzer.LibraryTypes(tree)).DistinctBy(d => d.Name)],
            [.. walker.Uses.Concat(statics).DistinctBy(u => (u.Name, u.Owner))]);
    }

    /// <summary>The text of a piece with its using directives blanked, which come first in a submission, and its namespaces, which none can hold.</summary>
    private static string Piece(SyntaxTree tree)
    {
        var text = tree.ToString().ToCharArray();
        var root = tree.GetCompilationUnitRoot();
        foreach (var i in root.Usings.Concat<SyntaxNode>(root.Members.OfType<BaseNamespaceDeclarationSyntax>())
            .SelectMany(n => Enumerable.Range(n.SpanStart, n.Span.Length)))
        {
            text[i] = text[i] is '\n' or '\r' ? text[i] : ' ';
        }

        return new string(text);
    }

    private static int FirstAfter(SyntaxList<MemberDeclarationSyntax> members, int place)
    {
        var (low, high) = (0, members.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = members[middle].SpanStart < place ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
