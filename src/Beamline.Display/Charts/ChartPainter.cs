using SkiaSharp;

namespace Beamline.Display;

/// <summary>Draws the static picture of a chart: what stays in a saved notebook, a PDF, and on a page without scripts.</summary>
internal static class ChartPainter
{
    private const float Margin = 8 * Ink.Density;
    private const float LegendKey = 22 * Ink.Density;

    public static Figure Draw(ChartFigure chart)
    {
        var (width, height) = (chart.Size.Width * Ink.Density, chart.Size.Height * Ink.Density);
        using var bitmap = Ink.Page(width, height);
        using var canvas = new SKCanvas(bitmap);
        var top = Margin;
        if (chart.Title.Length > 0)
        {
            Ink.Write(canvas, Ink.Fit(chart.Title, Ink.TitleSize * 1.1f, width - (2 * Margin)), width / 2f, top + Ink.TitleSize, Ink.TitleSize * 1.1f, SKTextAlign.Center);
            top += Ink.TitleSize * 1.7f;
        }

        if (chart.NotDrawn.Count > 0 || chart.Traces.Count == 0)
        {
            DrawNote(canvas, chart, width, top, height);
        }
        else
        {
            if (chart.HasLegend)
            {
                top = DrawLegend(canvas, chart, width, top);
            }

            DrawPlot(canvas, chart, width, height, top);
        }

        canvas.Flush();
        return new Figure(Ink.Encode(bitmap), width, height, []);
    }

    /// <summary>Where the frame of the axes lies, for a chart of a size.</summary>
    internal static SKRect Frame(PlotAxis y, float width, float height, float top)
    {
        var ticks = y.Ticks(MostY(height - top));
        var labels = ticks.Labels.Select(label => Ink.Width(label, Ink.TickSize)).DefaultIfEmpty(0).Max();
        var left = Margin + (y.Title(ticks.Exponent).Length > 0 ? Ink.LabelSize * 1.6f : 0) + labels + 6 + Ink.TickLength;
        return new SKRect(
            (float)Math.Round(left), (float)Math.Round(top + (Ink.TickSize / 2)),
            (float)Math.Round(width - (Margin * 1.8f)),
            (float)Math.Round(height - Margin - Ink.TickLength - (Ink.TickSize * 1.3f) - (Ink.LabelSize * 1.4f)));
    }

    private static void DrawPlot(SKCanvas canvas, ChartFigure chart, float width, float height, float top)
    {
        var hasBars = chart.Traces.Any(trace => trace.HasBars);
        var xs = chart.Traces.SelectMany(trace => trace.HasBars ? ChartTracePainter.BarEnds(trace) : trace.X);
        var ys = chart.Traces.SelectMany(trace => trace.Y);
        var x = PlotAxis.For(chart.X, xs, hasBars || chart.Traces.All(t => !t.HasMarkers) ? 0.0 : 0.03);
        var zero = hasBars || chart.Traces.Any(trace => trace.IsFilled);
        var y = PlotAxis.For(chart.Y, zero && !chart.Y.IsLog ? ys.Append(0) : ys, 0.05);
        var frame = Frame(y, width, height, top);
        DrawAxes(canvas, x, y, frame);
        canvas.Save();
        canvas.ClipRect(frame);
        ChartTracePainter.Draw(canvas, chart.Traces, x, y, frame);
        canvas.Restore();
        using var line = Ink.Stroke(Ink.Line, 2);
        canvas.DrawLine(frame.Left, frame.Top, frame.Left, frame.Bottom, line);
        canvas.DrawLine(frame.Left, frame.Bottom, frame.Right, frame.Bottom, line);
    }

    private static void DrawAxes(SKCanvas canvas, PlotAxis x, PlotAxis y, SKRect frame)
    {
        using var grid = Ink.Stroke(Ink.Grid, 2);
        using var line = Ink.Stroke(Ink.Line, 2);
        var across = x.Ticks(Math.Clamp((int)(frame.Width / 130), 2, 10));
        var taken = float.NegativeInfinity;
        for (var i = 0; i < across.Values.Count; i++)
        {
            var place = x.Place(across.Values[i]);
            if (!(place is >= -1e-6 and <= 1 + 1e-6))
            {
                continue;
            }

            var at = frame.Left + (float)(place * frame.Width);
            canvas.DrawLine(at, frame.Top, at, frame.Bottom, grid);
            canvas.DrawLine(at, frame.Bottom, at, frame.Bottom + Ink.TickLength, line);
            var label = Ink.Fit(across.Labels[i], Ink.TickSize, frame.Width / 2);
            var half = Ink.Width(label, Ink.TickSize) / 2;
            if (at - half > taken + 8)
            {
                Ink.Write(canvas, label, at, frame.Bottom + Ink.TickLength + (Ink.TickSize * 1.05f), Ink.TickSize, SKTextAlign.Center);
                taken = at + half;
            }
        }

        var up = y.Ticks(MostY(frame.Height));
        var widest = 0f;
        for (var i = 0; i < up.Values.Count; i++)
        {
            var place = y.Place(up.Values[i]);
            if (!(place is >= -1e-6 and <= 1 + 1e-6))
            {
                continue;
            }

            var at = frame.Bottom - (float)(place * frame.Height);
            canvas.DrawLine(frame.Left, at, frame.Right, at, grid);
            canvas.DrawLine(frame.Left - Ink.TickLength, at, frame.Left, at, line);
            Ink.Write(canvas, up.Labels[i], frame.Left - Ink.TickLength - 6, at + (Ink.TickSize * 0.36f), Ink.TickSize, SKTextAlign.Right);
            widest = Math.Max(widest, Ink.Width(up.Labels[i], Ink.TickSize));
        }

        var below = frame.Bottom + Ink.TickLength + (Ink.TickSize * 1.3f) + Ink.LabelSize;
        Ink.Write(canvas, Ink.Fit(x.Title(across.Exponent), Ink.LabelSize, frame.Width), frame.MidX, below, Ink.LabelSize, SKTextAlign.Center);
        Ink.WriteUpwards(canvas, Ink.Fit(y.Title(up.Exponent), Ink.LabelSize, frame.Height),
            frame.Left - Ink.TickLength - 6 - widest - (Ink.LabelSize * 0.6f), frame.MidY, Ink.LabelSize);
    }

    private static float DrawLegend(SKCanvas canvas, ChartFigure chart, float width, float top)
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

            ChartTracePainter.DrawKey(canvas, trace, new SKRect(x, y - (Ink.TickSize * 0.75f), x + LegendKey, y));
            Ink.Write(canvas, name, x + LegendKey + 10, y, Ink.TickSize);
            x += needed + (Margin * 1.5f);
        }

        return y + (Ink.TickSize * 0.7f);
    }

    private static void DrawNote(SKCanvas canvas, ChartFigure chart, float width, float top, float height)
    {
        using var frame = Ink.Stroke(Ink.Grid, 2);
        canvas.DrawRect(Margin, top, width - (2 * Margin), height - top - Margin, frame);
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
            Ink.Write(canvas, Ink.Fit(text, Ink.LabelSize, width - (4 * Margin)), width / 2, y, Ink.LabelSize, SKTextAlign.Center);
            y += Ink.LabelSize * 1.6f;
        }
    }

    private static int MostY(float height) => Math.Clamp((int)(height / 90), 2, 8);
}
