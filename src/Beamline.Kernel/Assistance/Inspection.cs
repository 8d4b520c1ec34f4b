using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>A description of what stands at the cursor: as plain text, and as HTML in which everything is escaped.</summary>
internal sealed class Inspection
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _html = new();

    public string Text => _text.ToString().TrimEnd();

    public string Html => _html.ToString();

    public bool IsEmpty => _text.Length == 0;

    public static Inspection OfText(string text) => new Inspection().Code(text);

    /// <summary>Adds lines of code.</summary>
    public Inspection Code(string code)
    {
        Gap();
        _text.Append(code).Append('\n');
        _html.Append("<pre>").Append(WebUtility.HtmlEncode(code)).Append("</pre>\n");
        return this;
    }

    /// <summary>Adds a line of code with one part of it marked.</summary>
    public Inspection Marked(string before, string marked, string after)
    {
        _text.Append(before).Append('‹').Append(marked).Append('›').Append(after).Append('\n');
        _html.Append("<pre>").Append(WebUtility.HtmlEncode(before)).Append("<b>").Append(WebUtility.HtmlEncode(marked))
            .Append("</b>").Append(WebUtility.HtmlEncode(after)).Append("</pre>\n");
        return this;
    }

    /// <summary>Adds a paragraph, after a term in bold when one is given. Empty text adds nothing.</summary>
    public Inspection Paragraph(string text, string? term = null)
    {
        if (text.Length == 0)
        {
            return this;
        }

        if (term is null)
        {
            Gap();
        }

        _text.Append(term is null ? text : $"{term}: {text}").Append('\n');
        _html.Append("<p>").Append(term is null ? "" : $"<b>{WebUtility.HtmlEncode(term)}</b>: ")
            .Append(WebUtility.HtmlEncode(text).Replace("\n", "<br>", StringComparison.Ordinal)).Append("</p>\n");
        return this;
    }

    /// <summary>Adds another description below this one.</summary>
    public Inspection Append(Inspection? other)
    {
        if (other is { IsEmpty: false })
        {
            Gap();
            _text.Append(other._text);
            _html.Append(other._html);
        }

        return this;
    }

    /// <summary>The data of an inspect_reply.</summary>
    public JsonObject ToData() => new() { [MimeTypes.Text] = Text, [MimeTypes.Html] = Html };

    private void Gap()
    {
        if (_text.Length > 0)
        {
            _text.Append('\n');
        }
    }
}
