using System.Net;
using System.Text;

namespace Beamline.Kernel;

/// <summary>Small plain tables; all text is escaped.</summary>
internal static class HtmlTable
{
    public static string Of(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows, string? note = null)
    {
        var html = new StringBuilder("<table>");
        if (headings.Count > 0)
        {
            html.Append("<thead><tr>");
            foreach (var heading in headings)
            {
                html.Append("<th>").Append(WebUtility.HtmlEncode(heading)).Append("</th>");
            }

            html.Append("</tr></thead>");
        }

        html.Append("<tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            foreach (var cell in row)
            {
                html.Append("<td style=\"text-align:left\">").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (note is not null)
        {
            html.Append("<p>").Append(WebUtility.HtmlEncode(note)).Append("</p>");
        }

        return html.ToString();
    }
}
