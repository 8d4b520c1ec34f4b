using SkiaSharp;

namespace Beamline.Display;

/// <summary>A bar of a round length in the lower left corner of a picture.</summary>
/// <param name="Meters">How long it is in the sample.</param>
/// <param name="Pixels">How long it is in the picture.</param>
internal readonly record struct ScaleBar(double Meters, float Pixels)
{
    private const float Margin = 8 * Ink.Density;
    private const float Thickness = 3 * Ink.Density;
    private const float Padding = 4 * Ink.Density;

    public string Label => LengthUnit.Write(Meters);

    /// <summary>The bar for a panel: the largest of 1, 2, 5 times a power of ten up to a quarter of the width.</summary>
    /// <returns>The bar, or null where the size is not known or the picture too small for it.</returns>
    public static ScaleBar? For(Panel panel, SKRect image)
    {
        if (!panel.HasScaleBar || panel.PixelWidth is not { } pixel || !(pixel.Meters > 0))
        {
            return null;
        }

        var extent = panel.ExtentX * pixel.Meters;
        var meters = Ticks.RoundBelow(extent / 4);
        var bar = new ScaleBar(meters, (float)(meters / extent * image.Width));
        var box = bar.Box(image);
        return box.Right <= image.Right - Margin && box.Top >= image.Top + Margin ? bar : null;
    }

    public void Draw(SKCanvas canvas, SKRect image)
    {
        var box = Box(image);
        using var shade = Ink.Fill(new SKColor(0, 0, 0, 150));
        canvas.DrawRect(box, shade);
        var middle = box.MidX;
        using var white = Ink.Fill(SKColors.White);
        white.IsAntialias = false;
        canvas.DrawRect(Bar(image), white);
        Ink.Write(canvas, Label, middle, box.Top + Padding + (Ink.TickSize * 0.8f), Ink.TickSize, SKTextAlign.Center, SKColors.White);
    }

    /// <summary>Where the white bar lies.</summary>
    public SKRect Bar(SKRect image)
    {
        var box = Box(image);
        var left = (float)Math.Round(box.MidX - (Pixels / 2));
        var bottom = (float)Math.Round(box.Bottom - Padding);
        return new SKRect(left, bottom - Thickness, left + (float)Math.Round(Pixels), bottom);
    }

    private SKRect Box(SKRect image)
    {
        var width = Math.Max(Pixels, Ink.Width(Label, Ink.TickSize)) + (2 * Padding);
        var height = (3 * Padding) + Thickness + (Ink.TickSize * 0.8f);
        var bottom = image.Bottom - Margin;
        return new SKRect(image.Left + Margin, bottom - height, image.Left + Margin + width, bottom);
    }
}
