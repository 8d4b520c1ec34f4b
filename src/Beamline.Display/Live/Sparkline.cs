using System.Globalization;
using System.Net;
using System.Text;

namespace Beamline.Display;

/// <summary>A small line of residuals as inline SVG in the color of the text around it. Values that are not finite leave gaps.</summary>
internal static class Sparkline
{
    private const double Margin = 4;
    private const int MostPoints = 200;

    /// <summary>Draws values; logarithmic when they are positive and span more than a factor of 3.</summary>
    /// <param name="values">The values in order; none draws an empty box.</param>
    /// <param name="width">CSS pixels.</param>
    /// <param name="height">CSS pixels.</param>
    public static string Svg(IReadOnlyList<double> values, int width, int height)
    {
        var finite = values.Where(double.IsFinite).ToList();
        var isLog = finite.Count > 0 && finite.Min() > 0 && finite.Max() > 3 * finite.Min();
        double Place(double v) => isLog ? Math.Log(v) : v;
        var (low, high) = finite.Count > 0 ? (Place(finite.Min()), Place(finite.Max())) : (0, 1);
        var path = new StringBuilder();
        var isOpen = false;
        var step = Math.Max(1, (values.Count + MostPoints - 1) / MostPoints);
        for (var i = 0; i < values.Count; i += step)
        {
            // The last value of each step, so that the newest is always there.
            var at = Math.Min(i + step, values.Count) - 1;
            if (!double.IsFinite(values[at]))
            {
                isOpen = false;
                continue;
            }

            var x = values.Count == 1 ? width / 2.0 : Margin + ((width - (2 * Margin)) * at / (values.Count - 1));
            var y = high > low ? height - Margin - ((height - (2 * Margin)) * ((Place(values[at]) - low) / (high - low))) : height / 2.0;
            // A line of no length has round ends: a point.
            path.Append(CultureInfo.InvariantCulture, $"{(isOpen ? "L" : "M")}{x:0.#} {y:0.#}{(isOpen ? "" : "h0")}");
            isOpen = true;
        }

        var text = finite.Count == 0
            ? "residual: no finite value yet"
            : $"residual from {NumberText.Short(values[0])} to {NumberText.Short(values[^1])}{(isLog ? ", logarithmic" : "")}";
        return $"<svg role=\"img\" aria-label=\"{WebUtility.HtmlEncode(text)}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" " +
            "style=\"display:block\"><rect x=\"0.5\" y=\"0.5\" " + $"width=\"{width - 1}\" height=\"{height - 1}\" " +
            "fill=\"none\" stroke=\"currentColor\" stroke-opacity=\"0.25\"/>" +
            $"<path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/></svg>";
    }
}
