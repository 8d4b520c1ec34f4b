using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Beamline.Compute;

namespace Beamline.Kernel;

/// <summary>How a notebook becomes a page.</summary>
public sealed record HtmlExportOptions
{
    /// <summary>Title of the page; null for the notebook's first heading.</summary>
    public string? Title { get; init; }

    /// <summary>True to fold all code away; a reader opens it with a click.</summary>
    public bool FoldCode { get; init; }

    /// <summary>Folder of the notebook, for pictures that its text names; null to leave them out.</summary>
    public string? Folder { get; init; }
}

/// <summary>
/// Writes a notebook as one HTML page that needs no other file, no network and (but for outputs that bring their
/// own) no script. Raw HTML in Markdown is shown as text, formulas stay as they are written, and pictures from
/// the network are left out. HTML of outputs is taken over as it is: it was made by the code of the notebook.
/// </summary>
public static class HtmlExporter
{
    // Whatever HTML an output brings, the page fetches nothing. Viewers may run the scripts inlined in them.
    private const string NoNetwork =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; media-src data: blob:; " +
        "script-src 'unsafe-inline' 'unsafe-eval' blob: data:; worker-src blob: data:; connect-src data: blob:; " +
        "frame-src data: blob:";

    private static readonly Lazy<string> Style = new(() => EmbeddedText.Read("page.css"));

    /// <summary>Writes a notebook as a page.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="options">How; null for the usual way.</param>
    /// <returns>The text of the page.</returns>
    public static string Export(NotebookDocument document, HtmlExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        options ??= new HtmlExportOptions();
        var title = options.Title ?? document.Title ?? "Notebook";
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"{NoNetwork}\">\n<title>")
            .Append(WebUtility.HtmlEncode(title)).Append("</title>\n<style>\n").Append(Style.Value)
            .Append("</style>\n</head>\n<body>\n");
        Contents(document, page);
        page.Append("<main>\n");
        for (var i = 0; i < document.Cells.Count; i++)
        {
            Cell(document.Cells[i], i, options, page);
        }

        return Allowed(page.Append("</main>\n</body>\n</html>\n").ToString());
    }

    /// <summary>Writes a notebook as a page to a file, whole or not at all.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="path">The .html file.</param>
    /// <param name="options">How; null for the usual way.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(NotebookDocument document, string path, HtmlExportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteText(path, Export(document, options));
    }

    private static void Contents(NotebookDocument document, StringBuilder page)
    {
        var headings = document.Cells.SelectMany((cell, i) => cell.Kind == NotebookCellKind.Markdown
            ? MarkdownHtml.Headings(cell.Source).Select(h => h with { Anchor = Prefix(i) + h.Anchor })
            : []).Where(h => h.Level <= 3).ToArray();
        if (headings.Length < 2)
        {
            return;
        }

        page.Append("<nav><details open><summary>Contents</summary><ul>\n");
        foreach (var heading in headings)
        {
            page.Append($"<li class=\"l{heading.Level}\"><a href=\"#").Append(WebUtility.HtmlEncode(heading.Anchor))
                .Append("\">").Append(WebUtility.HtmlEncode(heading.Text)).Append("</a></li>\n");
        }

        page.Append("</ul></details></nav>\n");
    }

    private static void Cell(NotebookCell cell, int index, HtmlExportOptions options, StringBuilder page)
    {
        switch (cell.Kind)
        {
            case NotebookCellKind.Markdown:
                page.Append("<section class=\"text\">\n")
                    .Append(MarkdownHtml.Render(cell.Source, Prefix(index), cell.Attachments, options.Folder))
                    .Append("</section>\n");
                break;
            case NotebookCellKind.Raw:
                page.Append("<section class=\"text\"><pre>").Append(WebUtility.HtmlEncode(cell.Source))
                    .Append("</pre></section>\n");
                break;
            default:
                Code(cell, index, options, page);
                break;
        }
    }

    private static void Code(NotebookCell cell, int index, HtmlExportOptions options, StringBuilder page)
    {
        if (cell.Source.Length == 0 && cell.Outputs.Count == 0)
        {
            return;
        }

        var lines = cell.Source.AsSpan().Count('\n') + 1;
        page.Append("<section class=\"code\">\n<details class=\"source\"").Append(options.FoldCode ? "" : " open")
            .Append("><summary>").Append(cell.ExecutionCount is { } count ? $"[{count}]" : "[ ]")
            .Append($"<span class=\"lines\"> {lines} {(lines == 1 ? "line" : "lines")} of C#</span></summary><pre><code>")
            .Append(CodeHighlighter.Render(cell.Source)).Append("</code></pre></details>\n");
        if (cell.Outputs.Count > 0)
        {
            page.Append("<div class=\"outputs\">\n");
            foreach (var (number, output) in cell.Outputs.OfType<JsonObject>().Index())
            {
                OutputHtml.Append(output, $"{Prefix(index)}o{number + 1}-", page);
            }

            page.Append("</div>\n");
        }

        page.Append("</section>\n");
    }

    /// <summary>What a cell printed may be characters that no page can hold.</summary>
    private static string Allowed(string page)
    {
        // One pass over one copy: pages may hold a hundred megabytes of pictures.
        var text = page.ToCharArray();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is (>= ' ' and < '\u007f') or '\n')
            {
                continue;
            }

            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                if ((char.ConvertToUtf32(c, text[i + 1]) & 0xfffe) == 0xfffe)
                {
                    text[i] = text[i + 1] = '\ufffd';
                }

                i++;
            }
            else if (char.IsSurrogate(c) || (char.IsControl(c) && c is not ('\t' or '\r' or '\f')) || c is (>= '\ufdd0' and <= '\ufdef') or >= '\ufffe')
            {
                text[i] = '\ufffd';
            }
        }

        return new string(text);
    }

    private static string Prefix(int index) => $"c{index + 1}-";
}
