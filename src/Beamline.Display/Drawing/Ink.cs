using SkiaSharp;

namespace Beamline.Display;

/// <summary>Sizes, colors and text drawing that pictures and charts have in common. Sizes are in picture pixels.</summary>
internal static class Ink
{
    /// <summary>Picture pixels for each CSS pixel: pictures are sharp on dense screens.</summary>
    public const int Density = 2;

    public const float TitleSize = 13 * Density;
    public const float LabelSize = 11 * Density;
    public const float TickSize = 10 * Density;
    public const float TickLength = 4 * Density;

    public static readonly SKColor Paper = SKColors.White;
    public static readonly SKColor Text = new(0x22, 0x22, 0x22);
    public static readonly SKColor Line = new(0x66, 0x66, 0x66);
    public static readonly SKColor Grid = new(0xE4, 0xE4, 0xE4);

    /// <summary>The color of NaN and infinity: in none of the color maps.</summary>
    public const uint NotFinite = 0xFF00C8;

    public static float Width(string text, float size)
    {
        using var font = Fonts.Of(size);
        return font.MeasureText(text);
    }

    /// <summary>Writes one line; y is its base line.</summary>
    public static void Write(
        SKCanvas canvas, string text, float x, float y, float size, SKTextAlign align = SKTextAlign.Left, SKColor? color = null)
    {
        using var font = Fonts.Of(size);
        using var paint = new SKPaint { Color = color ?? Text, IsAntialias = true };
        canvas.DrawText(text, x, y, align, font, paint);
    }

    /// <summary>Writes one line upwards; x is its base line, y its middle.</summary>
    public static void WriteUpwards(SKCanvas canvas, string text, float x, float y, float size)
    {
        canvas.Save();
        canvas.Translate(x, y);
        canvas.RotateDegrees(-90);
        Write(canvas, text, 0, 0, size, SKTextAlign.Center);
        canvas.Restore();
    }

    /// <summary>One line without control characters, shortened with … to fit.</summary>
    public static string Fit(string text, float size, float room)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        if (Width(line, size) <= room)
        {
            return line;
        }

        int low = 0, high = line.Length;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Width(line[..middle] + "…", size) <= room ? (middle, high) : (low, middle - 1);
        }

        return line[..low].TrimEnd() + "…";
    }

    public static SKPaint Stroke(SKColor color, float width) =>
        new() { Color = color, StrokeWidth = width, IsStroke = true, IsAntialias = false };

    public static SKPaint Fill(SKColor color) => new() { Color = color, IsAntialias = true };

    public static SKColor Color(uint rgb) => new(0xFF000000 | rgb);

    /// <summary>PNG bytes; one byte for each pixel when the picture is all gray, which keeps outputs small.</summary>
    public static unsafe byte[] Encode(SKBitmap bitmap)
    {
        var pixels = (uint*)bitmap.GetPixels();
        var count = bitmap.Width * bitmap.Height;
        var gray = true;
        for (var i = 0; i < count && gray; i++)
        {
            var p = pixels[i];
            gray = (p & 0xFF) == ((p >> 8) & 0xFF) && (p & 0xFF) == ((p >> 16) & 0xFF);
        }

        if (!gray)
        {
            using var color = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            return color.ToArray();
        }

        using var single = new SKBitmap(bitmap.Width, bitmap.Height, SKColorType.Gray8, SKAlphaType.Opaque);
        var to = (byte*)single.GetPixels();
        for (var y = 0; y < bitmap.Height; y++)
        {
            for (var x = 0; x < bitmap.Width; x++)
            {
                to[(y * single.RowBytes) + x] = (byte)pixels[(y * bitmap.Width) + x];
            }
        }

        using var data = single.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A white page; opaque, so that it can be read in dark themes, too.</summary>
    public static SKBitmap Page(int width, int height)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        bitmap.Erase(Paper);
        return bitmap;
    }
}
