using System.Text;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Beamline.Kernel;

/// <summary>Markdown with raw HTML escaped, links to scripts cut and pictures moved; all else stays as it was written.</summary>
internal static class SafeMarkdown
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseFootnotes().UsePreciseSourceLocation().DisableHtml().Build();

    /// <summary>Makes Markdown safe.</summary>
    /// <param name="markdown">The text.</param>
    /// <param name="picture">Gives the new address of a picture by its old address and text; empty to take it out.</param>
    public static string Render(string markdown, Func<string, string, string> picture)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        var edits = new SortedDictionary<int, (int End, string Text)>();
        var code = new List<SourceSpan>();
        foreach (var part in document.Descendants())
        {
            switch (part)
            {
                case CodeBlock or CodeInline:
                    code.Add(part.Span);
                    break;
                case AutolinkInline auto:
                    // <https://...> is no HTML; <javascript:...> is cut.
                    edits[auto.Span.Start] = (auto.Span.End + 1, auto.IsEmail || MarkdownHtml.IsSafe(auto.Url) ? Slice(markdown, auto.Span) : "");
                    break;
                case LinkInline { IsImage: true } image:
                    var alt = string.Concat(image.Descendants<LiteralInline>().Select(l => l.Content.ToString()));
                    var address = picture(image.Url ?? "", alt);
                    edits[image.Span.Start] = (image.Span.End + 1, address.Length == 0 ? Escaped(alt) : $"![{Escaped(alt)}]({address})");
                    break;
                case LinkInline link when !MarkdownHtml.IsSafe(link.Url ?? "") && link.Reference is null && !link.UrlSpan.IsEmpty:
                    edits[link.UrlSpan.Start] = (link.UrlSpan.End + 1, "#");
                    break;
                case LinkReferenceDefinition definition when !MarkdownHtml.IsSafe(definition.Url ?? "") && !definition.UrlSpan.IsEmpty:
                    edits[definition.UrlSpan.Start] = (definition.UrlSpan.End + 1, "#");
                    break;
            }
        }

        return Apply(markdown, edits, code);
    }

    private static string Apply(string markdown, SortedDictionary<int, (int End, string Text)> edits, List<SourceSpan> code)
    {
        var text = new StringBuilder(markdown.Length);
        for (var i = 0; i < markdown.Length;)
        {
            if (edits.TryGetValue(i, out var edit) && edit.End > i)
            {
                text.Append(edit.Text);
                i = edit.End;
                continue;
            }

            // Whatever another program takes for a tag: it must not find any '<' before a name outside of code.
            var opens = markdown[i] == '<' && i + 1 < markdown.Length && (char.IsAsciiLetter(markdown[i + 1]) || markdown[i + 1] is '/' or '!' or '?');
            text.Append(opens && !code.Exists(span => span.Start <= i && i <= span.End) ? "&lt;" : markdown[i].ToString());
            i++;
        }

        return text.ToString();
    }

    private static string Slice(string text, SourceSpan span) => text.Substring(span.Start, span.Length);

    private static string Escaped(string alt) =>
        new([.. alt.Where(c => c is not ('[' or ']' or '<' or '>' or '!' or '(' or ')' or '\\' or '`'))]);
}
