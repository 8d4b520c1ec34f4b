using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>Says whether a text can be run as it is, and if not, how far the next line is indented.</summary>
internal static class Completeness
{
    private const int IndentWidth = 4;

    public static JsonObject Answer(string code)
    {
        if (NestingLimit.DeepBracket(code) is not null)
        {
            return new JsonObject { ["status"] = "invalid" };
        }

        var tree = CSharpSyntaxTree.ParseText(CellSplitter.WithoutMagics(code), CSharpSession.ParseOptions);
        var status = !SyntaxFactory.IsCompleteSubmission(tree) ? "incomplete"
            : TypeSplit.SyntaxErrors(tree).Any() ? "invalid"
            : "complete";
        var answer = new JsonObject { ["status"] = status };
        if (status == "incomplete")
        {
            answer["indent"] = new string(' ', Indent(tree));
        }

        return answer;
    }

    // As deep as the brackets that are open at the end; a statement that only goes on is one step in.
    private static int Indent(SyntaxTree tree)
    {
        var open = 0;
        var last = default(SyntaxToken);
        foreach (var token in tree.GetRoot().DescendantTokens().Where(t => !t.IsMissing && t.Span.Length > 0))
        {
            open += token.Kind() switch
            {
                SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken => 1,
                SyntaxKind.CloseBraceToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken => -1,
                _ => 0,
            };
            last = token;
        }

        var ends = last.Kind() is SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken
            or SyntaxKind.CloseBraceToken or SyntaxKind.SemicolonToken or SyntaxKind.CommaToken or SyntaxKind.None;
        return Math.Clamp(open + (ends ? 0 : 1), 0, 20) * IndentWidth;
    }
}
