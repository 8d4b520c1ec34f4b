using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Beamline.Kernel;

/// <summary>A part of a cell: C#, or one magic line.</summary>
/// <param name="IsMagic">True for a magic line.</param>
/// <param name="Text">The line; or C# with empty lines before it, so that its line numbers are the cell's.</param>
/// <param name="Line">Number of its first line, from 1.</param>
internal sealed record CellSegment(bool IsMagic, string Text, int Line)
{
    /// <summary>The lines that belong to a magic line because they are in its language, for instance HTML; null when none can.</summary>
    public string? Body { get; init; }
}

/// <summary>Splits cells into C# and magic lines.</summary>
internal static class CellSplitter
{
    public static IReadOnlyList<CellSegment> Split(string cell)
    {
        var lines = cell.ReplaceLineEndings("\n").Split('\n');
        var kinds = Classify(lines);
        var segments = new List<CellSegment>();
        var start = 0;
        for (var i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && kinds[i] == LineKind.Code)
            {
                continue;
            }

            AddCode(start, i);
            start = i + 1;
            if (i == lines.Length)
            {
                break;
            }

            var text = lines[i].Trim();
            if (!CellLanguages.StartsText(text))
            {
                segments.Add(new CellSegment(true, CellLanguages.IsSwitch(text) ? CellLanguages.Normalize(text) : text, i + 1));
                continue;
            }

            while (start < lines.Length && kinds[start] == LineKind.Text)
            {
                start++;
            }

            segments.Add(new CellSegment(true, CellLanguages.Normalize(text), i + 1)
            {
                Body = string.Join('\n', lines[(i + 1)..start]),
            });
            i = start - 1;
        }

        return segments;

        void AddCode(int from, int to)
        {
            if (lines[from..to].Any(line => !string.IsNullOrWhiteSpace(line)))
            {
                segments.Add(new CellSegment(
                    false, new string('\n', from) + string.Join('\n', lines[from..to]), from + 1));
            }
        }
    }

    /// <summary>The cell with empty lines in place of all that is not C#, of #i, and of #r that names a package or a project.</summary>
    public static string WithoutMagics(string cell)
    {
        var lines = cell.Split('\n');
        var kinds = Classify(lines);
        for (var i = 0; i < lines.Length; i++)
        {
            if (kinds[i] != LineKind.Code)
            {
                // Same length, so that places in the text stay what they are.
                lines[i] = new string(' ', lines[i].Length);
            }
        }

        return DirectiveScanner.Blank(string.Join('\n', lines), keepsFiles: true);
    }

    private enum LineKind
    {
        Code,
        Magic,
        Text,
    }

    private static LineKind[] Classify(string[] lines)
    {
        var kinds = new LineKind[lines.Length];
        for (var from = 0; from < lines.Length;)
        {
            var magic = MagicLines(lines, from);
            var text = magic.Where(i => CellLanguages.StartsText(lines[i])).DefaultIfEmpty(lines.Length).Min();
            foreach (var i in magic.Where(i => i <= text))
            {
                kinds[i] = LineKind.Magic;
            }

            for (from = text + 1; from < lines.Length && !CellLanguages.IsSwitch(lines[from]); from++)
            {
                kinds[from] = LineKind.Text;
            }
        }

        return kinds;
    }

    private static HashSet<int> MagicLines(string[] lines, int from)
    {
        var found = new HashSet<int>();
        for (var i = from; i < lines.Length; i++)
        {
            if (MagicParser.IsMagic(lines[i]))
            {
                found.Add(i);
            }
        }

        if (found.Count == 0)
        {
            return found;
        }

        // A line that looks like a magic may lie in a string or a comment. A copy in which each candidate is a plain
        // directive (which the lexer reads as such only where code may stand) shows which ones do.
        var starts = new Dictionary<int, int>();
        var copy = new string[lines.Length];
        var place = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            // What was read before is another language, whose quotes mean nothing here.
            copy[i] = i < from ? "" : found.Contains(i) ? "#pragma" + new string(' ', Math.Max(0, lines[i].Length - 7)) : lines[i];
            starts[i] = place;
            place += copy[i].Length + 1;
        }

        var hidden = HiddenSpans(string.Join('\n', copy));
        found.RemoveWhere(i => hidden.Any(span => span.Start < starts[i] && starts[i] < span.End));
        return found;
    }

    private static List<TextSpan> HiddenSpans(string text)
    {
        var spans = new List<TextSpan>();
        foreach (var token in SyntaxFactory.ParseTokens(text, options: CSharpSession.ParseOptions))
        {
            spans.Add(token.Span);
            foreach (var trivia in token.LeadingTrivia.Concat(token.TrailingTrivia))
            {
                if (trivia.Kind() is SyntaxKind.MultiLineCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia)
                {
                    spans.Add(trivia.FullSpan);
                }
                else if (trivia.IsKind(SyntaxKind.DisabledTextTrivia) ||
                    trivia.GetStructure() is DirectiveTriviaSyntax { IsActive: false })
                {
                    // It begins with its first line, which must count as inside.
                    spans.Add(TextSpan.FromBounds(Math.Max(0, trivia.FullSpan.Start - 1), trivia.FullSpan.End));
                }
            }
        }

        return spans;
    }
}
