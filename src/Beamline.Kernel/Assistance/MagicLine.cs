using System.Text;

namespace Beamline.Kernel;

/// <summary>A magic line that the cursor is in, read up to the cursor.</summary>
/// <param name="Text">The whole line.</param>
/// <param name="Words">The words before the one at the cursor.</param>
/// <param name="Word">The word at the cursor as far as it is typed, without its quote.</param>
/// <param name="WordStart">Where it starts in the cell, behind its quote.</param>
/// <param name="IsQuoted">Whether the word starts with a quote.</param>
/// <param name="Quote">The quote that is open at the cursor; NUL when none is.</param>
internal sealed record MagicLine(
    string Text, IReadOnlyList<(string Text, bool Quoted)> Words, string Word, int WordStart, bool IsQuoted, char Quote)
{
    /// <returns>The line, or null when the cursor is in no magic line.</returns>
    public static MagicLine? At(string code, int place)
    {
        var start = place == 0 ? 0 : code.LastIndexOf('\n', place - 1) + 1;
        var end = code.IndexOf('\n', start) is var at and >= 0 ? at : code.Length;
        var lead = start + code.AsSpan(start, end - start).IndexOfAnyExcept(" \t");
        if (lead < start || !code.AsSpan(lead).StartsWith("#!") || place < lead + 1 || !IsOutsideOfText(code, start, end))
        {
            return null;
        }

        var words = new List<(string, bool)>();
        var word = new StringBuilder();
        var (wordStart, quote, quoted) = (lead, '\0', false);
        for (var i = lead; i < place; i++)
        {
            var c = code[i];
            if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    word.Append(c);
                }
            }
            else if (c is '"' or '\'')
            {
                if (word.Length == 0)
                {
                    (quoted, wordStart) = (true, i + 1);
                }
                else
                {
                    // The quote in --name="value" is part of the word that the cursor is in.
                    word.Append(c);
                }

                quote = c;
            }
            else if (c is ' ' or '\t')
            {
                if (word.Length > 0 || quoted)
                {
                    words.Add((word.ToString(), quoted));
                }

                word.Clear();
                (quoted, wordStart) = (false, i + 1);
            }
            else
            {
                word.Append(c);
            }
        }

        return new MagicLine(code[start..end].Trim(), words, word.ToString(), wordStart, quoted, quote);
    }

    // Asks the splitter, with a complete command in place of the line: "#!" alone is none yet.
    private static bool IsOutsideOfText(string code, int start, int end)
    {
        var replaced = string.Concat(code.AsSpan(0, start), "#!a", code.AsSpan(end));
        return replaced != CellSplitter.WithoutMagics(replaced) &&
            string.IsNullOrWhiteSpace(CellSplitter.WithoutMagics(replaced).Substring(start, 3));
    }
}
