using System.Net;
using System.Text;

namespace Beamline.Extension.Formatting;

/// <summary>A small table, all escaped.</summary>
internal sealed class FactRows
{
    private readonly StringBuilder _html = new("<table>");

    public FactRows(params string[] headings)
    {
        if (headings.Length > 0)
        {
            _html.Append("<thead><tr>");
            foreach (var heading in headings)
            {
                _html.Append("<th style=\"text-align:left\">").Append(WebUtility.HtmlEncode(heading)).Append("</th>");
            }

            _html.Append("</tr></thead>");
        }
    }

    public FactRows Add(params string[] cells)
    {
        _html.Append("<tr>");
        foreach (var cell in cells)
        {
            _html.Append("<td style=\"text-align:left\">").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
        }

        _html.Append("</tr>");
        return this;
    }

    public override string ToString() => _html + "</table>";
}
