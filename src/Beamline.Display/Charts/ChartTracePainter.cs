using SkiaSharp;

namespace Beamline.Display;

/// <summary>Draws lines, points and bars inside the frame of the axes.</summary>
internal static class ChartTracePainter
{
    private const float LineWidth = 1.8f * Ink.Density;
    private const float MarkerRadius = 3 * Ink.Density;
    private const double BarPart = 0.9;

    public static void Draw(SKCanvas canvas, IReadOnlyList<ChartTrace> traces, PlotAxis x, PlotAxis y, SKRect frame)
    {
        var grouped = traces.Where(trace => trace.HasBars && trace.BarWidth is null).ToList();
        foreach (var trace in traces.Where(trace => trace.HasBars))
        {
            var group = grouped.IndexOf(trace);
            DrawBars(canvas, trace, x, y, frame, group < 0 ? (0, 1) : (group, grouped.Count));
        }

        foreach (var trace in traces.Where(trace => !trace.HasBars))
        {
            var points = Points(trace, x, y, frame);
            if (trace.IsFilled)
            {
                DrawFill(canvas, trace, points, Bottom(y, frame));
            }

            if (trace.HasLine)
            {
                DrawLine(canvas, trace, points);
            }

            if (trace.HasMarkers)
            {
                using var fill = Ink.Fill(Color(trace.Color));
                foreach (var point in points.Where(point => point is not null))
                {
                    canvas.DrawCircle(point!.Value, MarkerRadius, fill);
                }
            }
        }
    }

    public static void DrawKey(SKCanvas canvas, ChartTrace trace, SKRect box)
    {
        using var fill = Ink.Fill(Color(trace.Color));
        if (trace.HasBars)
        {
            canvas.DrawRect(box.MidX - (box.Height / 2), box.Top, box.Height, box.Height, fill);
            return;
        }

        if (trace.HasLine)
        {
            using var line = Line(trace);
            canvas.DrawLine(box.Left, box.MidY, box.Right, box.MidY, line);
        }

        if (trace.HasMarkers)
        {
            canvas.DrawCircle(box.MidX, box.MidY, MarkerRadius, fill);
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

    private static void DrawBars(SKCanvas canvas, ChartTrace trace, PlotAxis x, PlotAxis y, SKRect frame, (int Index, int Count) group)
    {
        var whole = BarWidth(trace);
        var part = whole / group.Count;
        using var fill = Ink.Fill(Color(trace.Color));
        // Bars that touch must not show the paper between them.
        fill.IsAntialias = false;
        var bottom = Bottom(y, frame);
        for (var i = 0; i < trace.X.Length; i++)
        {
            var top = y.Place(trace.Y[i]);
            var start = trace.X[i] - (whole / 2) + (group.Index * part);
            var (left, right) = (x.Place(start), x.Place(start + part));
            if (double.IsFinite(top) && double.IsFinite(left) && double.IsFinite(right))
            {
                var end = frame.Bottom - (float)(Math.Clamp(top, -1, 2) * frame.Height);
                float from = frame.Left + (float)(Math.Min(left, right) * frame.Width), to = frame.Left + (float)(Math.Max(left, right) * frame.Width);
                canvas.DrawRect(new SKRect(from, Math.Min(end, bottom), Math.Max(to, from + 1), Math.Max(end, bottom)), fill);
            }
        }
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

    private static void DrawLine(SKCanvas canvas, ChartTrace trace, SKPoint?[] points)
    {
        using var line = Line(trace);
        using var path = new SKPath();
        var isDown = false;
        for (var i = 0; i < points.Length; i++)
        {
            if (points[i] is not { } point)
            {
                isDown = false;
                continue;
            }

            if (isDown)
            {
                path.LineTo(point);
            }
            else
            {
                path.MoveTo(point);
                // A point between two gaps is a dot.
                if (!trace.HasMarkers && (i + 1 == points.Length || points[i + 1] is null))
                {
                    using var dot = Ink.Fill(Color(trace.Color));
                    canvas.DrawCircle(point, LineWidth / 2, dot);
                }
            }

            isDown = true;
        }

        canvas.DrawPath(path, line);
    }

    private static void DrawFill(SKCanvas canvas, ChartTrace trace, SKPoint?[] points, float bottom)
    {
        using var path = new SKPath();
        SKPoint? last = null;
        foreach (var point in points.OfType<SKPoint>())
        {
            if (last is null)
            {
                path.MoveTo(point.X, bottom);
            }

            path.LineTo(point);
            last = point;
        }

        if (last is { } end)
        {
            path.LineTo(end.X, bottom);
            path.Close();
            using var fill = Ink.Fill(Color(trace.Color).WithAlpha(80));
            canvas.DrawPath(path, fill);
        }
    }

    private static SKPaint Line(ChartTrace trace) => new()
    {
        Color = Color(trace.Color),
        IsStroke = true,
        IsAntialias = true,
        StrokeWidth = LineWidth,
        StrokeJoin = SKStrokeJoin.Round,
        PathEffect = trace.Dash switch
        {
            "dash" or "longdash" => SKPathEffect.CreateDash([16, 8], 0),
            "dot" => SKPathEffect.CreateDash([4, 6], 0),
            "dashdot" or "longdashdot" => SKPathEffect.CreateDash([16, 6, 4, 6], 0),
            _ => null,
        },
    };
}
