using SkiaSharp;

namespace Beamline.Display;

/// <summary>A chart as pixels.</summary>
internal sealed class SkiaChart(SKCanvas canvas) : IChartSurface
{
    public void Rule(float x1, float y1, float x2, float y2, string color, float width)
    {
        using var stroke = Ink.Stroke(Color(color), width);
        canvas.DrawLine(x1, y1, x2, y2, stroke);
    }

    public void Path(IReadOnlyList<SKPoint[]> pieces, string color, float width, string dash, string hover)
    {
        using var path = new SKPath();
        foreach (var piece in pieces)
        {
            path.MoveTo(piece[0]);
            foreach (var point in piece.AsSpan(1))
            {
                path.LineTo(point);
            }
        }

        using var effect = Dashes(dash) is { } lengths ? SKPathEffect.CreateDash(lengths, 0) : null;
        using var paint = new SKPaint
        {
            Color = Color(color), IsStroke = true, IsAntialias = true, StrokeWidth = width, StrokeJoin = SKStrokeJoin.Round, PathEffect = effect,
        };
        canvas.DrawPath(path, paint);
    }

    public void Area(IReadOnlyList<SKPoint> outline, string color)
    {
        using var path = new SKPath();
        path.AddPoly([.. outline], close: true);
        using var fill = Ink.Fill(Color(color).WithAlpha(80));
        canvas.DrawPath(path, fill);
    }

    public void Box(SKRect box, string color, bool smooth, string hover)
    {
        using var fill = Ink.Fill(Color(color));
        fill.IsAntialias = smooth;
        canvas.DrawRect(box, fill);
    }

    public void Dot(SKPoint center, float radius, string color, string hover)
    {
        if (color.Length > 0)
        {
            using var fill = Ink.Fill(Color(color));
            canvas.DrawCircle(center, radius, fill);
        }
    }

    public void Write(string text, float x, float y, float size, SKTextAlign align, bool upwards)
    {
        if (upwards)
        {
            Ink.WriteUpwards(canvas, text, x, y, size);
        }
        else
        {
            Ink.Write(canvas, text, x, y, size, align);
        }
    }

    public void Clip(SKRect box)
    {
        canvas.Save();
        canvas.ClipRect(box);
    }

    public void Unclip() => canvas.Restore();

    /// <summary>Lengths of dashes and gaps of a kind of line that plotly knows; null for a whole one.</summary>
    internal static float[]? Dashes(string kind) => kind switch
    {
        "dash" or "longdash" => [16, 8],
        "dot" => [4, 6],
        "dashdot" or "longdashdot" => [16, 6, 4, 6],
        _ => null,
    };

    private static SKColor Color(string color) => color switch
    {
        IChartSurface.Text => Ink.Text,
        IChartSurface.Line => Ink.Line,
        IChartSurface.Grid => Ink.Grid,
        _ => ChartTracePainter.Color(color),
    };
}
