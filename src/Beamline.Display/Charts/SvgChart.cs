using System.Globalization;
using System.Net;
using System.Text;
using SkiaSharp;

namespace Beamline.Display;

/// <summary>A chart as SVG. There is no script in it; a pointer that rests on a point reads its values.</summary>
/// <param name="followsTheme">
/// True: writing, axes and grid take the color of the text around, so that the chart is readable on light and dark pages.
/// False: dark on white paper, for a file.
/// </param>
internal sealed class SvgChart(bool followsTheme) : IChartSurface
{
    private const string Font = "DejaVu Sans,Verdana,Bitstream Vera Sans,sans-serif";
    private readonly StringBuilder _body = new();
    private int _clips;

    /// <summary>The whole element.</summary>
    /// <param name="width">In picture pixels.</param>
    /// <param name="height">In picture pixels.</param>
    /// <param name="title">What a screen reader says first.</param>
    /// <param name="description">What it says then.</param>
    /// <param name="mark">Something that makes the identifiers of this chart differ from those of others on the page.</param>
    /// <param name="fallback">HTML of a picture that shows where SVG is taken out of a page; may be empty.</param>
    public string Element(int width, int height, string title, string description, string mark, string fallback) => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg{Namespace} role=\"img\" aria-labelledby=\"{mark}t\" aria-describedby=\"{mark}d\" " +
        $"viewBox=\"0 0 {width} {height}\" width=\"{width / Ink.Density}\" height=\"{height / Ink.Density}\" " +
        $"style=\"max-width:100%;height:auto{(followsTheme ? "" : ";background:#fff")}\" font-family=\"{Font}\" fill=\"{Theme}\">" +
        $"<title id=\"{mark}t\">{Escape(title)}</title><desc id=\"{mark}d\">{Escape(description)}</desc>") +
        (fallback.Length > 0 ? $"<desc aria-hidden=\"true\">{fallback}</desc>" : "") +
        (followsTheme ? "" : string.Create(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>")) +
        _body.ToString().Replace("\u0001", mark, StringComparison.Ordinal) + "</svg>";

    public void Rule(float x1, float y1, float x2, float y2, string color, float width) =>
        Add($"<path d=\"M{x1:0.#} {y1:0.#}L{x2:0.#} {y2:0.#}\" fill=\"none\" {Stroke(color)} stroke-width=\"{width:0.#}\"/>");

    public void Path(IReadOnlyList<SKPoint[]> pieces, string color, float width, string dash, string hover)
    {
        _body.Append("<path d=\"");
        foreach (var piece in pieces)
        {
            for (var i = 0; i < piece.Length; i++)
            {
                // A blank also separates the points of a line.
                Add($"{(i == 0 ? 'M' : i == 1 ? 'L' : ' ')}{piece[i].X:0.#} {piece[i].Y:0.#}");
            }
        }

        var dashes = SkiaChart.Dashes(dash) is { } lengths ? $" stroke-dasharray=\"{string.Join(' ', lengths)}\"" : "";
        Add($"\" fill=\"none\" {Stroke(color)} stroke-width=\"{width:0.#}\" stroke-linejoin=\"round\"{dashes}");
        End("path", hover);
    }

    public void Area(IReadOnlyList<SKPoint> outline, string color)
    {
        _body.Append("<path d=\"");
        for (var i = 0; i < outline.Count; i++)
        {
            Add($"{(i == 0 ? 'M' : i == 1 ? 'L' : ' ')}{outline[i].X:0.#} {outline[i].Y:0.#}");
        }

        Add($"Z\" {Fill(color)} fill-opacity=\"0.31\"/>");
    }

    public void Box(SKRect box, string color, bool smooth, string hover)
    {
        Add($"<rect x=\"{box.Left:0.#}\" y=\"{box.Top:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\" {Fill(color)}");
        if (!smooth)
        {
            _body.Append(" shape-rendering=\"crispEdges\"");
        }

        End("rect", hover);
    }

    public void Dot(SKPoint center, float radius, string color, string hover)
    {
        Add($"<circle cx=\"{center.X:0.#}\" cy=\"{center.Y:0.#}\" r=\"{radius:0.#}\" ");
        _body.Append(color.Length > 0 ? Fill(color) : "fill=\"none\" pointer-events=\"all\"");
        End("circle", hover);
    }

    public void Write(string text, float x, float y, float size, SKTextAlign align, bool upwards)
    {
        var anchor = upwards || align == SKTextAlign.Center ? " text-anchor=\"middle\"" : align == SKTextAlign.Right ? " text-anchor=\"end\"" : "";
        Add($"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size:0.#}\"{anchor}");
        if (upwards)
        {
            Add($" transform=\"rotate(-90 {x:0.#} {y:0.#})\"");
        }

        _body.Append('>').Append(Escape(text)).Append("</text>");
    }

    public void Clip(SKRect box)
    {
        _clips++;
        Add($"<clipPath id=\"\u0001c{_clips}\"><rect x=\"{box.Left:0.#}\" y=\"{box.Top:0.#}\" width=\"{box.Width:0.#}\" height=\"{box.Height:0.#}\"/></clipPath>");
        Add($"<g clip-path=\"url(#\u0001c{_clips})\">");
    }

    public void Unclip() => _body.Append("</g>");

    private string Theme => followsTheme ? "currentColor" : Hex(Ink.Text);

    // Inside HTML an SVG needs no name space, and outputs hold no address of any kind.
    private string Namespace => followsTheme ? "" : " xmlns=\"http://www.w3.org/2000/svg\"";

    private void Add(FormattableString text) => _body.Append(text.ToString(CultureInfo.InvariantCulture));

    private void End(string element, string hover) =>
        _body.Append(hover.Length > 0 ? $"><title>{Escape(hover)}</title></{element}>" : "/>");

    private string Stroke(string color) => Of("stroke", color);

    private string Fill(string color) => Of("fill", color);

    private string Of(string what, string color) => (color, followsTheme) switch
    {
        (IChartSurface.Grid, true) => $"{what}=\"currentColor\" {what}-opacity=\"0.16\"",
        (IChartSurface.Line, true) => $"{what}=\"currentColor\" {what}-opacity=\"0.65\"",
        (IChartSurface.Text, true) => $"{what}=\"currentColor\"",
        (IChartSurface.Grid, _) => $"{what}=\"{Hex(Ink.Grid)}\"",
        (IChartSurface.Line, _) => $"{what}=\"{Hex(Ink.Line)}\"",
        (IChartSurface.Text, _) => $"{what}=\"{Hex(Ink.Text)}\"",
        _ => Series(what, ChartTracePainter.Color(color)),
    };

    private string Series(string what, SKColor color)
    {
        // Black and white series would be lost on one of the two kinds of page.
        var gray = color.Red == color.Green && color.Green == color.Blue && color.Red is (< 0x40 or > 0xE0);
        var text = followsTheme && gray ? "currentColor" : Hex(color);
        return color.Alpha == 255 ? $"{what}=\"{text}\"" : FormattableString.Invariant($"{what}=\"{text}\" {what}-opacity=\"{color.Alpha / 255.0:0.##}\"");
    }

    private static string Hex(SKColor color) => $"#{color.Red:X2}{color.Green:X2}{color.Blue:X2}";

    // Control characters are not allowed in XML, not even escaped.
    private static string Escape(string text) =>
        WebUtility.HtmlEncode(string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)));
}
