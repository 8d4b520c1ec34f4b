using SkiaSharp;

namespace Beamline.Display;

/// <summary>Draws panels in a grid of up to two columns, with axes, scale bars, color bars and titles.</summary>
internal static class FigurePainter
{
    private const float Margin = 6 * Ink.Density;
    private const float CellGap = 14 * Ink.Density;
    private const float TitleRoom = Ink.TitleSize * 1.5f;
    private const float AxisRoom = Ink.TickLength + (Ink.TickSize * 1.3f) + (Ink.LabelSize * 1.4f);
    private const int SmallestWidth = 90 * Ink.Density;
    private const int SmallestHeight = 60 * Ink.Density;

    /// <summary>Draws a figure.</summary>
    /// <param name="title">Above all panels; may be empty.</param>
    /// <param name="panels">The panels, row by row.</param>
    /// <param name="maxEdge">Longest edge of the picture of a single panel.</param>
    public static Figure Draw(string title, IReadOnlyList<Panel> panels, int maxEdge)
    {
        var sizes = PanelSizer.Fit(panels, panels.Count == 1 ? maxEdge : maxEdge * 5 / 8);
        var columns = Math.Min(2, panels.Count);
        var rows = (panels.Count + columns - 1) / columns;
        var left = new float[columns];
        var middle = new float[columns];
        var right = new float[columns];
        var height = new float[rows];
        for (var i = 0; i < panels.Count; i++)
        {
            var (c, r) = (i % columns, i / columns);
            height[r] = Math.Max(height[r], Math.Max(sizes[i].Height, SmallestHeight));
            left[c] = Math.Max(left[c], LeftRoom(panels[i], sizes[i].Height));
            middle[c] = Math.Max(middle[c], Math.Max(sizes[i].Width, SmallestWidth));
            right[c] = Math.Max(right[c], ColorBar.Room(panels[i], Math.Max(sizes[i].Height, SmallestHeight)));
        }

        var headline = title.Trim().Length > 0 ? Ink.TitleSize * 1.9f : 0;
        var width = (int)Math.Ceiling((2 * Margin) + left.Sum() + middle.Sum() + right.Sum() + (CellGap * (columns - 1)));
        var total = (int)Math.Ceiling((2 * Margin) + headline + height.Sum(h => h + TitleRoom + AxisRoom) + (CellGap / 2 * (rows - 1)));
        using var bitmap = Ink.Page(width, total);
        using var canvas = new SKCanvas(bitmap);
        if (headline > 0)
        {
            Ink.Write(canvas, Ink.Fit(title, Ink.TitleSize * 1.1f, width - (2 * Margin)), width / 2f,
                Margin + Ink.TitleSize, Ink.TitleSize * 1.1f, SKTextAlign.Center);
        }

        var placed = new List<PlacedPanel>();
        var y = Margin + headline;
        for (var r = 0; r < rows; r++)
        {
            var x = Margin;
            for (var c = 0; c < columns && (r * columns) + c < panels.Count; c++)
            {
                var i = (r * columns) + c;
                var roomForTitle = left[c] + middle[c] + right[c];
                placed.Add(DrawPanel(canvas, panels[i], sizes[i], (int)Math.Ceiling(x + left[c]), (int)Math.Ceiling(y + TitleRoom), roomForTitle));
                x += roomForTitle + CellGap;
            }

            y += height[r] + TitleRoom + AxisRoom + (CellGap / 2);
        }

        canvas.Flush();
        return new Figure(Ink.Encode(bitmap), width, total, placed);
    }

    private static PlacedPanel DrawPanel(
        SKCanvas canvas, Panel panel, (int Width, int Height) size, int x, int y, float roomForTitle)
    {
        var image = SKRectI.Create(x, y, size.Width, size.Height);
        var content = SKRect.Create(x, y, size.Width, Math.Max(size.Height, SmallestHeight));
        using (var picture = PanelPicture.Draw(panel, size.Width, size.Height))
        {
            canvas.DrawBitmap(picture, x, y);
        }

        using var frame = Ink.Stroke(Ink.Line, 1);
        canvas.DrawRect(x - 0.5f, y - 0.5f, size.Width + 1, size.Height + 1, frame);
        Ink.Write(canvas, Ink.Fit(panel.Title, Ink.TitleSize, roomForTitle), x, y - (Ink.TitleSize * 0.4f), Ink.TitleSize);
        DrawX(canvas, panel, image);
        DrawY(canvas, panel, image);
        var bar = ScaleBar.For(panel, image);
        bar?.Draw(canvas, image);
        ColorBar.Draw(canvas, panel, content);
        return new PlacedPanel(panel, image, ColorBar.Rect(content), bar?.Bar(image), bar?.Meters ?? 0);
    }

    private static void DrawX(SKCanvas canvas, Panel panel, SKRectI image)
    {
        using var line = Ink.Stroke(Ink.Line, 2);
        var taken = float.NegativeInfinity;
        foreach (var (label, place) in panel.X.Ticks(Math.Clamp(image.Width / 100, 1, 8)))
        {
            var x = image.Left + (float)(place * image.Width);
            canvas.DrawLine(x, image.Bottom, x, image.Bottom + Ink.TickLength, line);
            var half = Ink.Width(label, Ink.TickSize) / 2;
            if (x - half > taken + 6)
            {
                Ink.Write(canvas, label, x, image.Bottom + Ink.TickLength + (Ink.TickSize * 1.05f), Ink.TickSize, SKTextAlign.Center);
                taken = x + half;
            }
        }

        Ink.Write(canvas, panel.X.Label, image.MidX, image.Bottom + Ink.TickLength + (Ink.TickSize * 1.3f) + Ink.LabelSize, Ink.LabelSize, SKTextAlign.Center);
    }

    private static void DrawY(SKCanvas canvas, Panel panel, SKRectI image)
    {
        using var line = Ink.Stroke(Ink.Line, 2);
        var widest = 0f;
        var taken = float.NegativeInfinity;
        foreach (var (label, place) in panel.Y.Ticks(MostY(image.Height)).OrderBy(tick => tick.Place))
        {
            var y = image.Top + (float)(place * image.Height);
            canvas.DrawLine(image.Left - Ink.TickLength, y, image.Left, y, line);
            if (y - (Ink.TickSize / 2) > taken)
            {
                Ink.Write(canvas, label, image.Left - Ink.TickLength - 6, y + (Ink.TickSize * 0.36f), Ink.TickSize, SKTextAlign.Right);
                taken = y + (Ink.TickSize / 2);
            }

            widest = Math.Max(widest, Ink.Width(label, Ink.TickSize));
        }

        Ink.WriteUpwards(canvas, Ink.Fit(panel.Y.Label, Ink.LabelSize, Math.Max(image.Height, SmallestHeight)),
            image.Left - Ink.TickLength - 12 - widest - (Ink.LabelSize * 0.3f),
            Math.Max(image.MidY, image.Top + Ink.Width(panel.Y.Label, Ink.LabelSize) / 2), Ink.LabelSize);
    }

    private static float LeftRoom(Panel panel, int height)
    {
        var labels = panel.Y.Ticks(MostY(height)).Select(tick => Ink.Width(tick.Label, Ink.TickSize));
        return labels.DefaultIfEmpty(0).Max() + Ink.TickLength + 12 + (Ink.LabelSize * 1.4f);
    }

    private static int MostY(int height) => Math.Clamp(height / 56, 1, 8);
}
