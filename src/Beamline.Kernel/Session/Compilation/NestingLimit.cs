using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>
/// Finds code that is nested deeper than the compiler can bear: 9,353 parentheses end the process by a stack overflow in
/// Binder.BindParenthesizedExpression (Roslyn 5.12), on a thread of the pool where nobody can catch it.
/// </summary>
internal static class NestingLimit
{
    private const int Most = 1000;

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
