using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>
/// Finds code that is nested deeper than the compiler can bear: 9,353 parentheses end the process by a stack overflow in
/// Binder.BindParenthesizedExpression (Roslyn 5.12), on a thread of the pool where nobody can catch it.
/// </summary>
internal static class NestingLimit
{
    private const int Most = 1000;

    /// <summary>
    /// Where brackets are nested too deep; null when they are not. Found without parsing: the parser looks ahead from each
    /// open parenthesis, which takes minutes for 20,000 of them.
    /// </summary>
    public static LinePosition? DeepBracket(string code)
    {
        // Most code has too few brackets, whatever of them is in texts and comments.
        if (code.Length <= Most || Depths(code).All(depth => depth <= Most))
        {
            return null;
        }

        var open = 0;
        foreach (var token in SyntaxFactory.ParseTokens(code, options: CSharpSession.ParseOptions))
        {
            open += token.Kind() switch
            {
                SyntaxKind.OpenParenToken or SyntaxKind.OpenBraceToken or SyntaxKind.OpenBracketToken => 1,
                SyntaxKind.CloseParenToken or SyntaxKind.CloseBraceToken or SyntaxKind.CloseBracketToken => -1,
                _ => 0,
            };
            if (open > Most)
            {
                return SourceText.From(code).Lines.GetLinePosition(token.SpanStart);
            }
        }

        return null;
    }

    /// <summary>Whether a text gets too deep; quick for short ones, which cannot.</summary>
    public static bool IsExceeded(string code) => code.Length > Most && (DeepBracket(code) is not null ||
        Exceeded(CSharpSyntaxTree.ParseText(code, CSharpSession.ParseOptions).GetRoot()) is not null);

    /// <summary>Where the code gets too deep; null when it does not.</summary>
    public static Location? Exceeded(SyntaxNode root)
    {
        var open = new Stack<(SyntaxNode Node, int Depth)>([(root, 0)]);
        while (open.TryPop(out var next))
        {
            if (next.Depth > Most)
            {
                return next.Node.GetLocation();
            }

            foreach (var child in next.Node.ChildNodes())
            {
                open.Push((child, IsChain(next.Node, child) ? next.Depth : next.Depth + 1));
            }
        }

        return null;
    }

    private static IEnumerable<int> Depths(string code)
    {
        var depth = 0;
        foreach (var c in code)
        {
            depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
            yield return depth;
        }
    }

    // 'a + b + c' and 'a.B().C()' are deep trees, too, which the compiler goes through in loops.
    private static bool IsChain(SyntaxNode parent, SyntaxNode child) => parent switch
    {
        BinaryExpressionSyntax binary => binary.Left == child,
        MemberAccessExpressionSyntax access => access.Expression == child,
        InvocationExpressionSyntax call => call.Expression == child,
        ElseClauseSyntax => child is IfStatementSyntax,
        IfStatementSyntax => child is ElseClauseSyntax,
        _ => false,
    };
}
