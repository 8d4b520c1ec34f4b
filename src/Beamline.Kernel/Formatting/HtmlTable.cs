using System.Net;
using System.Text;

namespace Beamline.Kernel;

/// <summary>The head of one column.</summary>
/// <param name="Name">With its unit.</param>
/// <param name="Type">Type of the values; empty when not told.</param>
/// <param name="IsNumber">Whether the values are numbers, which stand at the right.</param>
internal readonly record struct HtmlColumn(string Name, string Type = "", bool IsNumber = false);

/// <summary>Small plain tables; all text is escaped.</summary>
internal static class HtmlTable
{
    public static string Of(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows, string? note = null) =>
        Typed([.. headings.Select(heading => new HtmlColumn(heading))], rows, note);

    /// <summary>A table whose columns tell their types.</summary>
    /// <param name="columns">Heads of the columns; none for a table without a head.</param>
    /// <param name="rows">Texts of the cells.</param>
    /// <param name="note">Below the table; null for nothing.</param>
    public static string Typed(IReadOnlyList<HtmlColumn> columns, IEnumerable<IReadOnlyList<string>> rows, string? note = null)
    {
        var html = new StringBuilder("<table>");
        if (columns.Count > 0)
        {
            html.Append("<thead><tr>");
            foreach (var column in columns)
            {
                html.Append("<th>").Append(WebUtility.HtmlEncode(column.Name)).Append("</th>");
            }

            html.Append("</tr>");
            if (columns.Any(column => column.Type.Length > 0))
            {
                html.Append("<tr>");
                foreach (var column in columns)
                {
                    html.Append(Cell(column.IsNumber)).Append("<small>").Append(WebUtility.HtmlEncode(column.Type)).Append("</small></td>");
                }

                html.Append("</tr>");
            }

            html.Append("</thead>");
        }

        html.Append("<tbody>");
        foreach (var row in rows)
        {
            html.Append("<tr>");
            for (var i = 0; i < row.Count; i++)
            {
                html.Append(Cell(i < columns.Count && columns[i].IsNumber)).Append(WebUtility.HtmlEncode(row[i])).Append("</td>");
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

    private static string Cell(bool isNumber) => isNumber ? "<td style=\"text-align:right\">" : "<td style=\"text-align:left\">";
}
