using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>File paths inside a string literal, written as that kind of literal needs it.</summary>
internal static class StringCompleter
{
    /// <returns>Paths; an empty list in other text; null when the cursor is not in a string literal.</returns>
    public static CompletionList? Complete(SyntaxNode root, int place)
    {
        var token = Cursor.TokenLeftOf(root, place);
        if (!token.IsKind(SyntaxKind.StringLiteralToken) || (place >= token.Span.End && !token.ContainsDiagnostics))
        {
            return null;
        }

        var isVerbatim = token.Text.StartsWith('@');
        var textStart = token.SpanStart + (isVerbatim ? 2 : 1);
        if (place < textStart)
        {
            return null;
        }

        var typed = token.Text[(textStart - token.SpanStart)..(place - token.SpanStart)];
        if (Value(typed, isVerbatim) is not { } path)
        {
            return CompletionList.None(place);
        }

        // The name's place in the literal: what follows the last slash is short and rarely escaped.
        var start = textStart + PathCompleter.NameStart(typed);
        return new CompletionList(
            [.. PathCompleter.Names(path).Select(entry => new CompletionItem(Escape(entry.Name, isVerbatim), "path")
            {
                Signature = PathCompleter.Describe(entry.IsFolder, entry.Size),
            })],
            start,
            place);
    }

    private static string? Value(string typed, bool isVerbatim)
    {
        if (typed.Contains('\n', StringComparison.Ordinal))
        {
            return null;
        }

        var literal = SyntaxFactory.ParseToken($"{(isVerbatim ? "@" : "")}\"{typed}\"");
        return literal.IsKind(SyntaxKind.StringLiteralToken) && !literal.ContainsDiagnostics ? literal.ValueText : null;
    }

    private static string Escape(string name, bool isVerbatim)
    {
        if (isVerbatim)
        {
            return name.Replace("\"", "\"\"", StringComparison.Ordinal);
        }

        var literal = SymbolDisplay.FormatLiteral(name, quote: true);
        return literal[1..^1];
    }
}
