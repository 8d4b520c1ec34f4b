using System.Globalization;
using System.Net;
using System.Text;

namespace Beamline.Kernel;

/// <summary>Draws the graph as one SVG that needs no script and no network. All text is escaped.</summary>
internal static class GraphSvg
{
    private const int Width = 180;
    private const int Height = 44;
    private const int GapX = 24;
    private const int GapY = 46;

    /// <summary>Draws the graph.</summary>
    /// <param name="nodes">The boxes.</param>
    /// <param name="edges">The arrows.</param>
    /// <param name="description">What a screen reader says.</param>
    /// <param name="id">Makes names unique in the page.</param>
    public static string Draw(IReadOnlyList<GraphNode> nodes, IReadOnlyList<GraphEdge> edges, string description, string id)
    {
        var places = GraphLayout.Place(nodes.Count, edges);
        var perRow = places.GroupBy(p => p.Row).ToDictionary(g => g.Key, g => g.Count());
        var widest = perRow.Values.DefaultIfEmpty(1).Max();
        var rows = perRow.Count;
        var (width, height) = (widest * (Width + GapX) + GapX, rows * (Height + GapY) - GapY + 20);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\" viewBox=\"0 0 {width} {height}\" ");
        svg.Append(CultureInfo.InvariantCulture, $"width=\"{width}\" style=\"max-width:100%;height:auto;font:12px sans-serif\">");
        svg.Append($"<title id=\"{id}-t\">Cells and what they use of each other</title><desc id=\"{id}-d\">{Escape(description)}</desc>");
        svg.Append($"<defs><marker id=\"{id}-a\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">");
        svg.Append("<path d=\"M0 0L8 4L0 8z\" fill=\"#777\"/></marker></defs>");
        foreach (var edge in edges)
        {
            var (x1, y1) = Corner(edge.From);
            var (x2, y2) = Corner(edge.To);
            var (fromX, fromY, toX, toY) = (x1 + Width / 2, y1 + Height, x2 + Width / 2, y2);
            var bend = Math.Max(GapY / 2, (toY - fromY) / 2);
            svg.Append(CultureInfo.InvariantCulture,
                $"<path d=\"M{fromX} {fromY}C{fromX} {fromY + bend} {toX} {toY - bend} {toX} {toY}\" fill=\"none\" stroke=\"#777\" marker-end=\"url(#{id}-a)\">");
            svg.Append($"<title>{Escape(string.Join(", ", edge.Names))}</title></path>");
        }

        for (var i = 0; i < nodes.Count; i++)
        {
            var (x, y) = Corner(i);
            Box(svg, nodes[i], x, y);
        }

        return svg.Append("</svg>").ToString();

        (int X, int Y) Corner(int i)
        {
            var (row, column) = places[i];
            return (GapX + column * (Width + GapX) + (widest - perRow[row]) * (Width + GapX) / 2, 10 + row * (Height + GapY));
        }
    }

    private static void Box(StringBuilder svg, GraphNode node, int x, int y)
    {
        // Out of date is told by words and a broken line, not by color alone.
        var (fill, stroke, dash) = node.Trouble is null ? ("#eef3fa", "#4a6fa5", "") : ("#fff4d6", "#b07400", " stroke-dasharray=\"5 3\"");
        svg.Append(CultureInfo.InvariantCulture,
            $"<g><rect x=\"{x}\" y=\"{y}\" width=\"{Width}\" height=\"{Height}\" rx=\"5\" fill=\"{fill}\" stroke=\"{stroke}\"{dash}/>");
        var title = node.Trouble is null ? node.Title : node.Title + " (out of date)";
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 8}\" y=\"{y + 18}\" fill=\"#222\" font-weight=\"bold\">{Escape(Cut(title, 26))}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 8}\" y=\"{y + 34}\" fill=\"#444\">{Escape(Cut(node.Detail, 28))}</text>");
        svg.Append($"<title>{Escape(node.Title + ": " + node.Detail + (node.Trouble is null ? "" : ". Out of date: " + node.Trouble))}</title></g>");
    }

    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return text[..end] + "…";
    }

    // Characters that XML does not allow would make the whole drawing unreadable.
    private static string Escape(string text) => WebUtility.HtmlEncode(
        string.Concat(text.EnumerateRunes().Where(r => r.Value is >= 32 and not 0xFFFE and not 0xFFFF)));
}
