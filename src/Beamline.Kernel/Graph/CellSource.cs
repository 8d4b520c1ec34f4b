using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>A magic line, or the tree of a piece of C# whose lines are the lines of the cell.</summary>
internal sealed record CellPiece(CellPart? Magic, SyntaxTree? Tree);

/// <summary>The pieces of a cell, parsed.</summary>
internal sealed record CellSource(IReadOnlyList<CellPiece> Pieces, bool IsBarrier)
{
    public static CellSource Of(string code, IReadOnlyList<IMagicCommand> commands)
    {
        if (code.Length > CellAnalyzer.LongestCell || NestingLimit.DeepBracket(code) is not null)
        {
            return new CellSource([], true);
        }

        var pieces = new List<CellPiece>();
        var isBarrier = false;
        foreach (var segment in CellSplitter.Split(code))
        {
            if (segment.IsMagic)
            {
                var (magic, hides) = MagicNames.Of(segment, commands);
                pieces.Add(new CellPiece(magic, null));
                isBarrier |= hides;
            }
            else
            {
                pieces.Add(new CellPiece(null, Parse(segment.Text, ref isBarrier)));
            }
        }

        return new CellSource(pieces, isBarrier);
    }

    public IEnumerable<(int Line, string Message)> SyntaxErrors => Pieces.Where(p => p.Tree is not null)
        .SelectMany(p => TypeSplit.SyntaxErrors(p.Tree!))
        .Select(d => (d.Location.GetLineSpan().StartLinePosition.Line + 1, d.GetMessage()));

    public CellFacts Facts(IReadOnlyList<CellPart> parts) =>
        new(parts) { IsBarrier = IsBarrier, SyntaxErrors = [.. SyntaxErrors] };

    /// <summary>Parses without #r, #i and #load: looking at a cell must not look for packages or files.</summary>
    private static SyntaxTree Parse(string text, ref bool isBarrier)
    {
        var tree = CSharpSyntaxTree.ParseText(text, CSharpSession.ParseOptions);
        if (NestingLimit.Exceeded(tree.GetRoot()) is not null)
        {
            // The session refuses to compile it, and so does not run it.
            isBarrier = true;
            return CSharpSyntaxTree.ParseText("", CSharpSession.ParseOptions);
        }

        if (!tree.GetRoot().ContainsDirectives)
        {
            return tree;
        }

        var spans = tree.GetRoot().DescendantTrivia().Where(t => t.IsDirective && t.GetStructure() is
            ReferenceDirectiveTriviaSyntax or LoadDirectiveTriviaSyntax or BadDirectiveTriviaSyntax { Identifier.ValueText: "i" })
            .Select(t => t.Span).ToArray();
        if (spans.Length == 0)
        {
            return tree;
        }

        isBarrier = true;
        var blank = text.ToCharArray();
        foreach (var i in spans.SelectMany(span => Enumerable.Range(span.Start, span.Length)).Where(i => blank[i] is not ('\n' or '\r')))
        {
            blank[i] = ' ';
        }

        return CSharpSyntaxTree.ParseText(new string(blank), CSharpSession.ParseOptions);
    }
}
