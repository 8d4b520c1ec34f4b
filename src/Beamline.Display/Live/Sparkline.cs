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
    /// <param name="name">What they are.</param>
    /// <param name="others">Values of another kind, drawn dashed over the same width on a scale of their own; null for none.</param>
    /// <param name="otherName">What those are.</param>
    public static string Svg(
        IReadOnlyList<double> values, int width, int height, string name = "residual", IReadOnlyList<double>? others = null, string otherName = "")
    {
        var text = Words(values, name) + (others is { Count: > 0 } ? "; dashed: " + Words(others, otherName) : "");
        return $"<svg role=\"img\" aria-label=\"{WebUtility.HtmlEncode(text)}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" " +
            "style=\"display:block\"><rect x=\"0.5\" y=\"0.5\" " + $"width=\"{width - 1}\" height=\"{height - 1}\" " +
            "fill=\"none\" stroke=\"currentColor\" stroke-opacity=\"0.25\"/>" +
            (others is { Count: > 0 } ? Line(others, width, height, " stroke-dasharray=\"4 5\" stroke-opacity=\"0.7\"") : "") +
            $"{Line(values, width, height, "")}</svg>";
    }

    private static string Line(IReadOnlyList<double> values, int width, int height, string style)
    {
        var (low, high, isLog) = Range(values);
        double Place(double v) => isLog ? Math.Log(v) : v;
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

        return $"<path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\"{style}/>";
    }

    private static (double Low, double High, bool IsLog) Range(IReadOnlyList<double> values)
    {
        var finite = values.Where(double.IsFinite).ToList();
        if (finite.Count == 0)
        {
            return (0, 1, false);
        }

        var (low, high) = (finite.Min(), finite.Max());
        var isLog = low > 0 && high > 3 * low;
        return isLog ? (Math.Log(low), Math.Log(high), true) : (low, high, false);
    }

    private static string Words(IReadOnlyList<double> values, string name) => !values.Any(double.IsFinite)
        ? $"{name}: no finite value yet"
        : $"{name} from {NumberText.Short(values[0])} to {NumberText.Short(values[^1])}{(Range(values).IsLog ? ", logarithmic" : "")}";
}
