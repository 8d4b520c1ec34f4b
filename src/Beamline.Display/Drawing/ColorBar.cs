using SkiaSharp;

namespace Beamline.Display;

/// <summary>The bar beside a picture that says which value a color stands for.</summary>
internal static class ColorBar
{
    public const float Gap = 8 * Ink.Density;
    public const float Width = 10 * Ink.Density;
    public const float Tip = 6 * Ink.Density;
    private const float LabelGap = 3 * Ink.Density;
    // How much longer than the bar its name may be: title and axis leave that room.
    private const float OverReach = 30 * Ink.Density;
    private const string NotFiniteLabel = "NaN, ∞";

    /// <summary>Round values on the bar of a panel.</summary>
    public static Ticks TicksOf(Panel panel, float height) =>
        Ticks.Linear(panel.Range.Low, panel.Range.High, Math.Clamp((int)(height / (Ink.TickSize * 2.6f)), 2, 7));

    /// <summary>Room right of the picture for the bar, its labels and the name of the quantity.</summary>
    public static float Room(Panel panel, float height) =>
        Gap + Width + Math.Max(
            Ink.TickLength + LabelGap + LabelRoom(panel, height) + (NameOf(panel, height).Length > 0 ? Ink.LabelSize * 1.5f : 0),
            panel.Summary.NotFinite > 0 ? LabelGap + Ink.Width(NotFiniteLabel, Ink.TickSize) : 0);

    public static SKRect Rect(SKRect content) =>
        new(content.Right + Gap, content.Top + Tip, content.Right + Gap + Width, content.Bottom - Tip);

    public static void Draw(SKCanvas canvas, Panel panel, SKRect content)
    {
        var bar = Rect(content);
        using var paint = new SKPaint { IsAntialias = false };
        for (var y = bar.Top; y < bar.Bottom; y++)
        {
            paint.Color = Ink.Color(panel.Map.Rgb((bar.Bottom - y - 0.5) / bar.Height));
            canvas.DrawRect(bar.Left, y, bar.Width, 1, paint);
        }

        // A pointed end says that some values lie beyond it.
        using var line = Ink.Stroke(Ink.Line, 2);
        canvas.DrawRect(bar, line);
        var summary = panel.Summary;
        if (summary.HasFinite && summary.Maximum > panel.Range.High)
        {
            DrawTip(canvas, bar.Left, bar.Right, bar.Top, -Tip, panel.Map.Rgb(1));
        }

        if (summary.HasFinite && summary.Minimum < panel.Range.Low)
        {
            DrawTip(canvas, bar.Left, bar.Right, bar.Bottom, Tip, panel.Map.Rgb(0));
        }

        var ticks = TicksOf(panel, content.Height);
        for (var i = 0; i < ticks.Values.Count; i++)
        {
            var y = bar.Bottom - (float)(panel.Range.Fraction(ticks.Values[i]) * bar.Height);
            canvas.DrawLine(bar.Right, y, bar.Right + Ink.TickLength, y, line);
            Ink.Write(canvas, ticks.Labels[i], bar.Right + Ink.TickLength + LabelGap, y + (Ink.TickSize * 0.36f), Ink.TickSize);
        }

        var name = NameOf(panel, content.Height);
        if (name.Length > 0)
        {
            var x = bar.Right + Ink.TickLength + LabelGap + LabelRoom(panel, content.Height) + (Ink.LabelSize * 1.3f);
            Ink.WriteUpwards(canvas, name, x, content.MidY, Ink.LabelSize);
        }

        if (panel.Summary.NotFinite > 0)
        {
            using var swatch = Ink.Fill(Ink.Color(Ink.NotFinite));
            var top = content.Bottom + (Ink.TickSize * 0.6f);
            canvas.DrawRect(bar.Left, top, Width, Width, swatch);
            Ink.Write(canvas, NotFiniteLabel, bar.Right + LabelGap, top + (Width * 0.85f), Ink.TickSize);
        }
    }

    private static string NameOf(Panel panel, float height)
    {
        var exponent = TicksOf(panel, height).Exponent;
        var power = exponent == 0 ? "" : $" × {NumberText.Power(exponent)}";
        var (name, unit) = (panel.Quantity.Name ?? "", panel.Quantity.Unit ?? "");
        var full = (name + (unit.Length > 0 ? $" ({unit}){power}" : power)).Trim();
        var room = height + OverReach;
        // Of a long name and its unit the unit is what makes the numbers mean something.
        return Ink.Width(full, Ink.LabelSize) <= room || unit.Length + power.Length == 0
            ? Ink.Fit(full, Ink.LabelSize, room)
            : Ink.Fit((unit + power).Trim(), Ink.LabelSize, room);
    }

    private static float LabelRoom(Panel panel, float height) =>
        TicksOf(panel, height).Labels.Select(label => Ink.Width(label, Ink.TickSize)).DefaultIfEmpty(0).Max();

    private static void DrawTip(SKCanvas canvas, float left, float right, float y, float height, uint color)
    {
        using var path = new SKPath();
        path.MoveTo(left, y);
        path.LineTo((left + right) / 2, y + height);
        path.LineTo(right, y);
        path.Close();
        using var fill = Ink.Fill(Ink.Color(color));
        canvas.DrawPath(path, fill);
        using var line = Ink.Stroke(Ink.Line, 1.5f);
        line.IsAntialias = true;
        canvas.DrawPath(path, line);
    }
}
