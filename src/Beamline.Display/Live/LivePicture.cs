using Beamline.Arrays;
using SkiaSharp;

namespace Beamline.Display;

/// <summary>One encoded picture of a job.</summary>
/// <param name="MimeType">image/jpeg or image/png.</param>
/// <param name="Bytes">The file, at most <see cref="LivePicture.MostBytes"/>.</param>
/// <param name="Width">Width on the page in CSS pixels.</param>
/// <param name="Height">Height on the page in CSS pixels.</param>
/// <param name="Caption">What it shows and what gray stands for.</param>
internal sealed record LiveFrame(string MimeType, byte[] Bytes, int Width, int Height, string Caption);

/// <summary>Draws the slices of one job in gray: small enough to be sent several times a second, with a window that does not flicker.</summary>
internal sealed class LivePicture
{
    /// <summary>Bytes of a picture: below 100 kB also as base64.</summary>
    public const int MostBytes = 74_000;

    /// <summary>Edge of the box on the page that pictures fit into, in CSS pixels.</summary>
    public const int Box = 320;

    private const int MostEdge = 512;
    private const int LeastEdgeForBar = 160;

    // Neighbors alike in this part of a picture: it is flat and PNG may beat JPEG.
    private const double FlatShare = 0.6;
    private static readonly int[] Qualities = [85, 70, 55, 40];
    private readonly LiveWindow _window = new();

    /// <summary>Draws and encodes a slice.</summary>
    public LiveFrame Encode(Image image)
    {
        var range = _window.Next(image.Values);
        var edge = MostEdge;
        while (true)
        {
            var shrink = Math.Min(1, (double)edge / Math.Max(image.RowCount, image.ColumnCount));
            var (rows, columns) = (Math.Max(1, (int)Math.Round(image.RowCount * shrink)), Math.Max(1, (int)Math.Round(image.ColumnCount * shrink)));
            using var bitmap = Draw(image, rows, columns, range, out var flat, out var notFinite);
            if (Smallest(bitmap, flat) is { } file)
            {
                var (width, height) = SizeOnPage(image.RowCount, image.ColumnCount, Aspect(image));
                return new LiveFrame(file.MimeType, file.Bytes, width, height, Caption(image, range, notFinite));
            }

            edge /= 2;
        }
    }

    /// <summary>Width and height in CSS pixels of pictures of a shape: the same for all of a job.</summary>
    public static (int Width, int Height) SizeOnPage(int rows, int columns, double aspect = 1)
    {
        var tall = rows * aspect;
        var scale = Box / Math.Max(tall, columns);
        return (Math.Max(1, (int)Math.Round(columns * scale)), Math.Max(1, (int)Math.Round(tall * scale)));
    }

    private static double Aspect(Image image) =>
        image is { PixelSizeX: { } x, PixelSizeY: { } y } && x.Meters > 0 && y.Meters > 0 ? Math.Clamp(y.Meters / x.Meters, 0.01, 100) : 1;

    private static unsafe SKBitmap Draw(Image image, int rows, int columns, ValueRange range, out double flat, out long notFinite)
    {
        var values = rows == image.RowCount && columns == image.ColumnCount
            ? image.Values
            : Resampler.Resample(new Plane(image.RowCount, image.ColumnCount, image.Values.ToArray()), rows, columns, out _);
        var bitmap = new SKBitmap(new SKImageInfo(columns, rows, SKColorType.Gray8, SKAlphaType.Opaque));
        var pixels = (byte*)bitmap.GetPixels();
        var (low, scale) = ((float)range.Low, (float)(255 / (range.High - range.Low)));
        (long alike, notFinite) = (0, 0);
        for (var y = 0; y < rows; y++)
        {
            var row = pixels + (y * (long)bitmap.RowBytes);
            var from = values.Slice(y * columns, columns);
            for (var x = 0; x < columns; x++)
            {
                var gray = (from[x] - low) * scale;
                if (!float.IsFinite(from[x]))
                {
                    (gray, notFinite) = (0, notFinite + 1);
                }

                row[x] = (byte)Math.Clamp(gray + 0.5f, 0, 255);
                alike += x > 0 && row[x] == row[x - 1] ? 1 : 0;
            }
        }

        flat = (double)alike / ((long)rows * columns);
        if (image.PixelSizeX is { Meters: > 0 } pixel && Math.Min(rows, columns) >= LeastEdgeForBar)
        {
            var extent = image.ColumnCount * pixel.Meters;
            var meters = Ticks.RoundBelow(extent / 4);
            using var canvas = new SKCanvas(bitmap);
            new ScaleBar(meters, (float)(meters / extent * columns)).Draw(canvas, new SKRect(0, 0, columns, rows));
        }

        return bitmap;
    }

    /// <summary>The smallest file of good quality; null when none is small enough.</summary>
    private static (string MimeType, byte[] Bytes)? Smallest(SKBitmap bitmap, double flat)
    {
        byte[]? jpeg = null;
        foreach (var quality in Qualities)
        {
            using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, quality);
            jpeg = data.Size <= MostBytes ? data.ToArray() : null;
            if (jpeg is not null)
            {
                break;
            }
        }

        if (flat >= FlatShare)
        {
            using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
            if (png.Size <= (jpeg?.Length ?? MostBytes))
            {
                return ("image/png", png.ToArray());
            }
        }

        return jpeg is null ? null : ("image/jpeg", jpeg);
    }

    private static string Caption(Image image, ValueRange range, long notFinite)
    {
        var unit = image.Quantity.Unit is { Length: > 0 } u ? " " + u : "";
        var window = notFinite == image.Values.Length
            ? "no value is finite"
            : $"gray {NumberText.Short(range.Low)} to {NumberText.Short(range.High)}{unit}";
        return image.Title.Length > 0 ? $"{image.Title}; {window}" : window;
    }
}
