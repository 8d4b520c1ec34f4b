using SkiaSharp;

namespace Beamline.Display;

/// <summary>Draws lines, points and bars inside the frame of the axes.</summary>
internal static class ChartTracePainter
{
    private const float LineWidth = 1.8f * Ink.Density;
    private const float MarkerRadius = 3 * Ink.Density;
    private const double BarPart = 0.9;

    // More of them than this would only make an SVG large: nobody finds one among them with a pointer.
    private const int MostHovers = 250;

    public static void Draw(IChartSurface surface, IReadOnlyList<ChartTrace> traces, PlotAxis x, PlotAxis y, PlotAxis? y2, SKRect frame)
    {
        var grouped = traces.Where(trace => trace.HasBars && trace.BarWidth is null).ToList();
        foreach (var trace in traces.Where(trace => trace.HasBars))
        {
            var group = grouped.IndexOf(trace);
            DrawBars(surface, trace, x, y, frame, group < 0 ? (0, 1) : (group, grouped.Count));
        }

        foreach (var trace in traces.Where(trace => !trace.HasBars))
        {
            DrawPoints(surface, trace, x, trace.OnSecondAxis && y2 is not null ? y2 : y, frame);
        }
    }

    public static void DrawKey(IChartSurface surface, ChartTrace trace, SKRect box)
    {
        if (trace.HasBars)
        {
            var left = box.MidX - (box.Height / 2);
            surface.Box(new SKRect(left, box.Top, left + box.Height, box.Bottom), trace.Color, smooth: true, "");
            return;
        }

        if (trace.HasLine)
        {
            surface.Path([[new(box.Left, box.MidY), new(box.Right, box.MidY)]], trace.Color, LineWidth, trace.Dash, "");
        }

        if (trace.HasMarkers)
        {
            surface.Dot(new(box.MidX, box.MidY), MarkerRadius, trace.Color, "");
        }
    }

    /// <summary>The outer ends of all bars.</summary>
    public static IEnumerable<double> BarEnds(ChartTrace trace)
    {
        var half = BarWidth(trace) / 2;
        return trace.X.SelectMany(center => new[] { center - half, center + half });
    }

    /// <summary>A color as plotly writes it: a name, #rgb, #rrggbb, rgb(r,g,b) or rgba(r,g,b,a).</summary>
    internal static SKColor Color(string text)
    {
        if (SKColor.TryParse(text, out var color))
        {
            return color;
        }

        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && text.EndsWith(')'))
        {
            var parts = text[(open + 1)..^1].Split(',');
            var numbers = parts.Select(p => double.TryParse(p, out var n) ? n : double.NaN).ToArray();
            if (numbers.Length is 3 or 4 && numbers.All(double.IsFinite))
            {
                byte Channel(double n) => (byte)Math.Clamp(n, 0, 255);
                return new(Channel(numbers[0]), Channel(numbers[1]), Channel(numbers[2]), numbers.Length == 4 ? Channel(numbers[3] * 255) : (byte)255);
            }
        }

        var named = typeof(SKColors).GetField(
            text, System.Reflection.BindingFlags.IgnoreCase | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static);
        return named?.GetValue(null) is SKColor known ? known : Ink.Text;
    }

    private static double BarWidth(ChartTrace trace)
    {
        if (trace.BarWidth is { } width)
        {
            return width;
        }

        var sorted = trace.X.Where(double.IsFinite).Distinct().Order().ToArray();
        var nearest = sorted.Zip(sorted.Skip(1), (a, b) => b - a).DefaultIfEmpty(1).Min();
        return BarPart * nearest;
    }

    private static void DrawBars(IChartSurface surface, ChartTrace trace, PlotAxis x, PlotAxis y, SKRect frame, (int Index, int Count) group)
    {
        var whole = BarWidth(trace);
        var part = whole / group.Count;
        var bottom = Bottom(y, frame);
        var hovers = trace.X.Length <= MostHovers;
        for (var i = 0; i < trace.X.Length; i++)
        {
            var top = y.Place(trace.Y[i]);
            var start = trace.X[i] - (whole / 2) + (group.Index * part);
            var (left, right) = (x.Place(start), x.Place(start + part));
            if (double.IsFinite(top) && double.IsFinite(left) && double.IsFinite(right))
            {
                var end = frame.Bottom - (float)(Math.Clamp(top, -1, 2) * frame.Height);
                float from = frame.Left + (float)(Math.Min(left, right) * frame.Width), to = frame.Left + (float)(Math.Max(left, right) * frame.Width);
                // Bars that touch must not show the paper between them.
                surface.Box(new SKRect(from, Math.Min(end, bottom), Math.Max(to, from + 1), Math.Max(end, bottom)), trace.Color, smooth: false,
                    hovers ? Hover(trace, x, trace.X[i], trace.Y[i]) : "");
            }
        }
    }

    private static void DrawPoints(IChartSurface surface, ChartTrace trace, PlotAxis x, PlotAxis y, SKRect frame)
    {
        var points = Points(trace, x, y, frame);
        var pieces = Pieces(points);
        if (trace.IsFilled && pieces.Count > 0)
        {
            var bottom = Bottom(y, frame);
            var all = pieces.SelectMany(piece => piece).ToArray();
            surface.Area([new(all[0].X, bottom), .. all, new(all[^1].X, bottom)], trace.Color);
        }

        if (trace.HasLine && pieces.Count > 0)
        {
            surface.Path(pieces, trace.Color, LineWidth, trace.Dash, trace.Name);
            // A point between two gaps is a dot.
            foreach (var single in pieces.Where(piece => piece.Length == 1 && !trace.HasMarkers))
            {
                surface.Dot(single[0], LineWidth, trace.Color, "");
            }
        }

        var hovers = points.Length <= MostHovers;
        for (var i = 0; i < points.Length && (trace.HasMarkers || hovers); i++)
        {
            if (points[i] is { } point && (hovers || frame.Contains(point)))
            {
                surface.Dot(point, trace.HasMarkers ? MarkerRadius : 2 * MarkerRadius, trace.HasMarkers ? trace.Color : "",
                    hovers ? Hover(trace, x, trace.X[i], trace.Y[i]) : "");
            }
        }
    }

    private static string Hover(ChartTrace trace, PlotAxis x, double at, double value) =>
        $"{(trace.Name.Length > 0 ? trace.Name + ": " : "")}{NumberText.Short(value)} at {x.Name(at)}";

    // What lies between gaps.
    private static List<SKPoint[]> Pieces(SKPoint?[] points)
    {
        var pieces = new List<SKPoint[]>();
        var piece = new List<SKPoint>();
        foreach (var point in points)
        {
            if (point is { } here)
            {
                piece.Add(here);
            }
            else if (piece.Count > 0)
            {
                pieces.Add([.. piece]);
                piece.Clear();
            }
        }

        if (piece.Count > 0)
        {
            pieces.Add([.. piece]);
        }

        return pieces;
    }

    private static float Bottom(PlotAxis y, SKRect frame)
    {
        var zero = y.Place(0);
        return frame.Bottom - (float)((double.IsFinite(zero) ? Math.Clamp(zero, -1, 2) : 0) * frame.Height);
    }

    private static SKPoint?[] Points(ChartTrace trace, PlotAxis x, PlotAxis y, SKRect frame)
    {
        var points = new SKPoint?[trace.X.Length];
        for (var i = 0; i < points.Length; i++)
        {
            double across = x.Place(trace.X[i]), up = y.Place(trace.Y[i]);
            // Far outside the frame: near enough that the line to it has the right slope, without overflow.
            points[i] = double.IsFinite(across) && double.IsFinite(up)
                ? new SKPoint(
                    frame.Left + (float)(Math.Clamp(across, -1e3, 1e3) * frame.Width),
                    frame.Bottom - (float)(Math.Clamp(up, -1e3, 1e3) * frame.Height))
                : null;
        }

        return points;
    }
}
