using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Beamline.Kernel;

/// <summary>A heading of a Markdown cell.</summary>
internal sealed record MarkdownHeading(int Level, string Text, string Anchor);

/// <summary>
/// Markdown as HTML. Raw HTML in it is shown as text; formulas stay as they are written; links to scripts are cut.
/// </summary>
internal static partial class MarkdownHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables().UseGridTables().UseEmphasisExtras().UseTaskLists().UseFootnotes().UseAutoIdentifiers()
        .DisableHtml()
        .Build();

    /// <summary>Renders Markdown.</summary>
    /// <param name="markdown">The text.</param>
    /// <param name="prefix">Put before the anchors of headings, so that those of two cells differ.</param>
    /// <param name="attachments">Files of the cell, for pictures; null for none.</param>
    /// <param name="folder">Where pictures with a relative path are; null not to look for them.</param>
    public static string Render(string markdown, string prefix, JsonObject? attachments, string? folder)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            heading.GetAttributes().Id = prefix + heading.GetAttributes().Id;
        }

        foreach (var link in document.Descendants<LinkInline>().ToArray())
        {
            link.Url = link.IsImage
                ? EmbeddedImage.Source(link.Url ?? "", attachments, folder)
                : IsSafe(link.Url ?? "") ? LinkTarget(link.Url ?? "", prefix) : "#";
        }

        foreach (var link in document.Descendants<AutolinkInline>().Where(l => !l.IsEmail && !IsSafe(l.Url)))
        {
            link.Url = "#";
        }

        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);

        // Footnotes count from 1 in every cell. Text cannot hold these quotes: they are escaped in it.
        return Footnote().Replace(writer.ToString(), match => $"{match.Groups[1].Value}{prefix}{match.Groups[2].Value}");
    }

    /// <summary>The headings of Markdown, in order.</summary>
    public static IReadOnlyList<MarkdownHeading> Headings(string markdown) =>
        [.. Markdown.Parse(markdown, Pipeline).Descendants<HeadingBlock>()
            .Select(h => new MarkdownHeading(h.Level, Plain(h.Inline), h.GetAttributes().Id ?? ""))
            .Where(h => h.Text.Length > 0)];

    private static string LinkTarget(string url, string prefix) =>
        url.StartsWith('#') && url.Length > 1 ? "#" + prefix + url[1..] : url;

    /// <summary>Whether a link leads to a page, and not to a script.</summary>
    public static bool IsSafe(string url)
    {
        // Blanks and control characters inside a scheme are ignored by browsers.
        var text = new string([.. url.Where(c => c > ' ')]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || text.AsSpan(0, colon).ContainsAny("/?#") ||
            text[..colon].ToLowerInvariant() is "http" or "https" or "mailto" or "doi";
    }

    [GeneratedRegex("((?:id=\"|href=\"#))(fn(?:ref)?:)")]
    private static partial Regex Footnote();

    private static string Plain(ContainerInline? inline)
    {
        var text = new StringBuilder();
        foreach (var part in inline?.Descendants() ?? [])
        {
            text.Append(part switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                LineBreakInline => " ",
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                _ => "",
            });
        }

        return text.ToString().Trim();
    }
}
