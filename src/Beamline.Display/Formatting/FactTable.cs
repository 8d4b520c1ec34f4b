using System.Net;
using System.Text;

namespace Beamline.Display;

/// <summary>A small table of names and values, all escaped.</summary>
internal static class FactTable
{
    public static string Html(IEnumerable<(string Name, string Value)> facts)
    {
        var html = new StringBuilder("<table>");
        foreach (var (name, value) in facts)
        {
            html.Append("<tr><th style=\"text-align:left\">").Append(WebUtility.HtmlEncode(name))
                .Append("</th><td style=\"text-align:left\">").Append(WebUtility.HtmlEncode(value)).Append("</td></tr>");
        }

        return html.Append("</table>").ToString();
    }
}
