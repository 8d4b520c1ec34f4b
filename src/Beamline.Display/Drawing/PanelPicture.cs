using SkiaSharp;

namespace Beamline.Display;

/// <summary>The colored pixels of a panel, without anything around them.</summary>
internal static class PanelPicture
{
    // One bad pixel in a block of good ones must still be seen.
    private const double LeastTint = 0.5;

    public static unsafe SKBitmap Draw(Panel panel, int width, int height)
    {
        var values = Resampler.Resample(panel.Plane, height, width, out var notFinite);
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        var pixels = (uint*)bitmap.GetPixels();
        for (var i = 0; i < values.Length; i++)
        {
            pixels[i] = 0xFF000000 | Color(panel, values[i], notFinite[i]);
        }

        return bitmap;
    }

    private static uint Color(Panel panel, float value, float notFinite)
    {
        if (float.IsNaN(value))
        {
            return Ink.NotFinite;
        }

        var color = panel.Map.Rgb(panel.Range.Fraction(value));
        return notFinite > 1e-4f ? ColorTables.Mix(color, Ink.NotFinite, Math.Max(LeastTint, notFinite)) : color;
    }
}
