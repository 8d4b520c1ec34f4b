using SkiaSharp;

namespace Beamline.Display;

/// <summary>Lays out a chart and draws it, as pixels or as SVG: what stays in a saved notebook, a PDF, and on a page without scripts.</summary>
internal static class ChartPainter
{
    private const float Margin = 8 * Ink.Density;
    private const float LegendKey = 22 * Ink.Density;
    private const float Headline = Ink.TitleSize * 1.1f;

    // Lines of more points have several in each column of pixels.
    private const int MostPoints = 3000;

    /// <summary>The chart as a PNG.</summary>
    public static Figure Draw(ChartFigure chart)
    {
        var (width, height) = (chart.Size.Width * Ink.Density, chart.Size.Height * Ink.Density);
        using var bitmap = Ink.Page(width, height);
        using var canvas = new SKCanvas(bitmap);
        Draw(new SkiaChart(canvas), Thinned(chart));
        canvas.Flush();
        return new Figure(Ink.Encode(bitmap), width, height, []);
    }

    /// <summary>The chart as an SVG element.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="followsTheme">Whether its writing has the color of the text around; false is dark on white.</param>
    /// <param name="description">What a screen reader says after the title.</param>
    /// <param name="mark">Makes its identifiers differ from those of other charts of the page.</param>
    /// <param name="fallback">HTML of a picture for pages that take SVG out; may be empty.</param>
    public static string Svg(ChartFigure chart, bool followsTheme, string description, string mark, string fallback = "")
    {
        var surface = new SvgChart(followsTheme);
        Draw(surface, Thinned(chart));
        return surface.Element(
            chart.Size.Width * Ink.Density, chart.Size.Height * Ink.Density, chart.Title.Length > 0 ? chart.Title : "Chart", description, mark, fallback);
    }

    /// <summary>Where the frame of the axes lies, for a chart of a size.</summary>
    internal static SKRect Frame(PlotAxis y, PlotAxis? y2, float width, float height, float top)
    {
        var left = Margin + Beside(y, height - top);
        var right = y2 is null ? Margin * 1.8f : Margin + Beside(y2, height - top);
        return new SKRect(
            (float)Math.Round(left), (float)Math.Round(top + (Ink.TickSize / 2)),
            (float)Math.Round(width - right),
            (float)Math.Round(height - Margin - Ink.TickLength - (Ink.TickSize * 1.3f) - (Ink.LabelSize * 1.4f)));
    }

    // Room for ticks, labels and title of a vertical axis.
    private static float Beside(PlotAxis axis, float height)
    {
        var ticks = axis.Ticks(MostY(height));
        var labels = ticks.Labels.Select(label => Ink.Width(label, Ink.TickSize)).DefaultIfEmpty(0).Max();
        return (axis.Title(ticks.Exponent).Length > 0 ? Ink.LabelSize * 1.6f : 0) + labels + 6 + Ink.TickLength;
    }

    private static ChartFigure Thinned(ChartFigure chart) =>
        chart with { Traces = [.. chart.Traces.Select(trace => trace.HasBars ? trace : ChartThinning.Thin(trace, MostPoints))] };

    private static void Draw(IChartSurface surface, ChartFigure chart)
    {
        var (width, height) = ((float)chart.Size.Width * Ink.Density, (float)chart.Size.Height * Ink.Density);
        var top = Margin;
        if (chart.Title.Length > 0)
        {
            surface.Write(Ink.Fit(chart.Title, Headline, width - (2 * Margin)), width / 2f, top + Ink.TitleSize, Headline, SKTextAlign.Center);
            top += Ink.TitleSize * 1.7f;
        }

        if (chart.Subtitle.Length > 0)
        {
            surface.Write(Ink.Fit(chart.Subtitle, Ink.TickSize, width - (2 * Margin)), width / 2f, top + (Ink.TickSize * 0.6f), Ink.TickSize, SKTextAlign.Center);
            top += Ink.TickSize * 1.3f;
        }

        if (chart.NotDrawn.Count > 0 || chart.Traces.Count == 0)
        {
            DrawNote(surface, chart, width, top, height);
        }
        else
        {
            if (chart.HasLegend)
            {
                top = DrawLegend(surface, chart, width, top);
            }

            DrawPlot(surface, chart, width, height, top);
        }
    }

    private static void DrawPlot(IChartSurface surface, ChartFigure chart, float width, float height, float top)
    {
        var hasBars = chart.Traces.Any(trace => trace.HasBars);
        var xs = chart.Traces.SelectMany(trace => trace.HasBars ? ChartTracePainter.BarEnds(trace) : trace.X);
        var x = PlotAxis.For(chart.X, xs, hasBars || chart.Traces.All(t => !t.HasMarkers) ? 0.0 : 0.03);
        var y = Upright(chart.Y, [.. chart.Traces.Where(trace => !trace.OnSecondAxis)]);
        var y2 = chart.Y2 is { } second ? Upright(second, [.. chart.Traces.Where(trace => trace.OnSecondAxis)]) : null;
        var frame = Frame(y, y2, width, height, top);
        DrawAcross(surface, x, frame);
        DrawUpright(surface, y, frame, isRight: false);
        if (y2 is not null)
        {
            DrawUpright(surface, y2, frame, isRight: true);
        }

        surface.Clip(frame);
        ChartTracePainter.Draw(surface, chart.Traces, x, y, y2, frame);
        surface.Unclip();
        surface.Rule(frame.Left, frame.Top, frame.Left, frame.Bottom, IChartSurface.Line, 2);
        surface.Rule(frame.Left, frame.Bottom, frame.Right, frame.Bottom, IChartSurface.Line, 2);
        if (chart.Traces.All(trace => !trace.Y.Any(double.IsFinite)))
        {
            surface.Write("No value to draw: all are missing, NaN or infinite.", frame.MidX, frame.MidY, Ink.LabelSize, SKTextAlign.Center);
        }
    }

    private static PlotAxis Upright(ChartAxis axis, IReadOnlyList<ChartTrace> traces)
    {
        var ys = traces.SelectMany(trace => trace.Y);
        var zero = traces.Any(trace => trace.HasBars || trace.IsFilled);
        return PlotAxis.For(axis, zero && !axis.IsLog ? ys.Append(0) : ys, 0.05);
    }

    private static void DrawAcross(IChartSurface surface, PlotAxis x, SKRect frame)
    {
        var ticks = x.Ticks(Math.Clamp((int)(frame.Width / 130), 2, 10));
        var taken = float.NegativeInfinity;
        for (var i = 0; i < ticks.Values.Count; i++)
        {
            if (!(x.Place(ticks.Values[i]) is >= -1e-6 and <= 1 + 1e-6 and var place))
            {
                continue;
            }

            var at = frame.Left + (float)(place * frame.Width);
            surface.Rule(at, frame.Top, at, frame.Bottom, IChartSurface.Grid, 2);
            surface.Rule(at, frame.Bottom, at, frame.Bottom + Ink.TickLength, IChartSurface.Line, 2);
            var label = Ink.Fit(ticks.Labels[i], Ink.TickSize, frame.Width / 2);
            var half = Ink.Width(label, Ink.TickSize) / 2;
            if (at - half > taken + 8)
            {
                surface.Write(label, at, frame.Bottom + Ink.TickLength + (Ink.TickSize * 1.05f), Ink.TickSize, SKTextAlign.Center);
                taken = at + half;
            }
        }

        var below = frame.Bottom + Ink.TickLength + (Ink.TickSize * 1.3f) + Ink.LabelSize;
        surface.Write(Ink.Fit(x.Title(ticks.Exponent), Ink.LabelSize, frame.Width), frame.MidX, below, Ink.LabelSize, SKTextAlign.Center);
    }

    private static void DrawUpright(IChartSurface surface, PlotAxis y, SKRect frame, bool isRight)
    {
        var ticks = y.Ticks(MostY(frame.Height));
        var (edge, outward) = isRight ? (frame.Right, 1) : (frame.Left, -1);
        var widest = 0f;
        for (var i = 0; i < ticks.Values.Count; i++)
        {
            if (!(y.Place(ticks.Values[i]) is >= -1e-6 and <= 1 + 1e-6 and var place))
            {
                continue;
            }

            var at = frame.Bottom - (float)(place * frame.Height);
            if (!isRight)
            {
                surface.Rule(frame.Left, at, frame.Right, at, IChartSurface.Grid, 2);
            }

            surface.Rule(edge, at, edge + (outward * Ink.TickLength), at, IChartSurface.Line, 2);
            surface.Write(ticks.Labels[i], edge + (outward * (Ink.TickLength + 6)), at + (Ink.TickSize * 0.36f), Ink.TickSize, isRight ? SKTextAlign.Left : SKTextAlign.Right);
            widest = Math.Max(widest, Ink.Width(ticks.Labels[i], Ink.TickSize));
        }

        if (isRight)
        {
            surface.Rule(frame.Right, frame.Top, frame.Right, frame.Bottom, IChartSurface.Line, 2);
        }

        var beside = Ink.TickLength + 6 + widest + (Ink.LabelSize * (isRight ? 1.35f : 0.6f));
        surface.Write(Ink.Fit(y.Title(ticks.Exponent), Ink.LabelSize, frame.Height), edge + (outward * beside), frame.MidY, Ink.LabelSize, upwards: true);
    }

    private static float DrawLegend(IChartSurface surface, ChartFigure chart, float width, float top)
    {
        var x = Margin * 3;
        var y = top + Ink.TickSize;
        foreach (var trace in chart.Traces.Where(trace => trace.InLegend && trace.Name.Length > 0))
        {
            var name = Ink.Fit(trace.Name, Ink.TickSize, width / 2);
            var needed = LegendKey + 10 + Ink.Width(name, Ink.TickSize);
            if (x + needed > width - Margin && x > Margin * 3)
            {
                x = Margin * 3;
                y += Ink.TickSize * 1.5f;
            }

            ChartTracePainter.DrawKey(surface, trace, new SKRect(x, y - (Ink.TickSize * 0.75f), x + LegendKey, y));
            surface.Write(name, x + LegendKey + 10, y, Ink.TickSize);
            x += needed + (Margin * 1.5f);
        }

        return y + (Ink.TickSize * 0.7f);
    }

    private static void DrawNote(IChartSurface surface, ChartFigure chart, float width, float top, float height)
    {
        var (left, right, bottom) = (Margin, width - Margin, height - Margin);
        surface.Rule(left, top, right, top, IChartSurface.Grid, 2);
        surface.Rule(right, top, right, bottom, IChartSurface.Grid, 2);
        surface.Rule(right, bottom, left, bottom, IChartSurface.Grid, 2);
        surface.Rule(left, bottom, left, top, IChartSurface.Grid, 2);
        string[] lines = chart.Traces.Count == 0 && chart.NotDrawn.Count == 0
            ? ["A chart without data."]
            :
            [
                $"Traces: {string.Join(", ", chart.Kinds)}.",
                $"Not drawn in this static picture: {string.Join(", ", chart.NotDrawn.Distinct())}.",
                "A live front end that knows plotly figures draws this chart.",
            ];
        var y = top + ((height - top) / 2) - (lines.Length * Ink.LabelSize * 0.8f);
        foreach (var text in lines)
        {
            surface.Write(Ink.Fit(text, Ink.LabelSize, width - (4 * Margin)), width / 2, y, Ink.LabelSize, SKTextAlign.Center);
            y += Ink.LabelSize * 1.6f;
        }
    }

    private static int MostY(float height) => Math.Clamp((int)(height / 90), 2, 8);
}
