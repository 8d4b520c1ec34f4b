using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>C# as HTML with classes for keywords, strings, numbers, comments, calls, types and magic lines.</summary>
internal static class CodeHighlighter
{
    public static string Render(string code)
    {
        var html = new StringBuilder();
        var segments = CellSplitter.Split(code);
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var magic = segments.Where(s => s.IsMagic).Select(s => s.Line - 1).ToHashSet();
        var start = 0;
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && !magic.Contains(i))
            {
                continue;
            }

            if (i > start)
            {
                CSharp(string.Join('\n', lines[start..i]), html);
                html.Append('\n');
            }

            if (i < lines.Length)
            {
                html.Append("<span class=\"m\">").Append(WebUtility.HtmlEncode(lines[i])).Append("</span>\n");
            }

            start = i + 1;
        }

        return html.ToString().TrimEnd('\n');
    }

    private static void CSharp(string code, StringBuilder html)
    {
        var root = CSharpSyntaxTree.ParseText(code, CSharpSession.ParseOptions).GetRoot();
        foreach (var token in root.DescendantTokens())
        {
            Trivia(token.LeadingTrivia, html);
            Span(Class(token), token.Text, html);
            Trivia(token.TrailingTrivia, html);
        }
    }

    private static void Trivia(SyntaxTriviaList list, StringBuilder html)
    {
        foreach (var trivia in list)
        {
            var name = trivia.Kind() switch
            {
                SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
                    or SyntaxKind.SingleLineDocumentationCommentTrivia
                    or SyntaxKind.MultiLineDocumentationCommentTrivia => "c",
                _ when trivia.IsDirective => "m",
                _ => null,
            };
            Span(name, trivia.ToFullString(), html);
        }
    }

    private static string? Class(SyntaxToken token)
    {
        var kind = token.Kind();
        if (SyntaxFacts.IsKeywordKind(kind) || kind is SyntaxKind.VarKeyword)
        {
            return "k";
        }

        switch (kind)
        {
            case SyntaxKind.NumericLiteralToken:
                return "n";
            case SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken
                or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
                or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringStartToken
                or SyntaxKind.InterpolatedVerbatimStringStartToken or SyntaxKind.InterpolatedStringEndToken
                or SyntaxKind.InterpolatedSingleLineRawStringStartToken
                or SyntaxKind.InterpolatedMultiLineRawStringStartToken or SyntaxKind.InterpolatedRawStringEndToken
                or SyntaxKind.Utf8StringLiteralToken:
                return "s";
            case SyntaxKind.IdentifierToken:
                return token.Text is "var" or "record" or "await" ? "k"
                    : token.GetNextToken().IsKind(SyntaxKind.OpenParenToken) ? "f"
                    : char.IsUpper(token.Text.TrimStart('@').FirstOrDefault()) ? "t" : null;
            default:
                return null;
        }
    }

    private static void Span(string? name, string text, StringBuilder html)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (name is null)
        {
            html.Append(WebUtility.HtmlEncode(text));
        }
        else
        {
            html.Append("<span class=\"").Append(name).Append("\">").Append(WebUtility.HtmlEncode(text)).Append("</span>");
        }
    }
}
