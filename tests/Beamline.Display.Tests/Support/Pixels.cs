using SkiaSharp;

namespace Beamline.Display.Tests;

/// <summary>Reads the pixels of a PNG file back.</summary>
internal sealed class Pixels : IDisposable
{
    private readonly SKBitmap _bitmap;

    public Pixels(byte[] png) => _bitmap = SKBitmap.Decode(png) ?? throw new InvalidDataException("Not a PNG picture.");

    public int Width => _bitmap.Width;

    public int Height => _bitmap.Height;

    public uint At(int x, int y)
    {
        var color = _bitmap.GetPixel(x, y);
        return ((uint)color.Red << 16) | ((uint)color.Green << 8) | color.Blue;
    }

    public int GrayAt(int x, int y)
    {
        var color = At(x, y);
        Assert.Equal(color >> 16, color & 0xFF);
        return (int)(color & 0xFF);
    }

    public int Count(SKRectI box, Func<uint, bool> which)
    {
        var count = 0;
        for (var y = box.Top; y < box.Bottom; y++)
        {
            for (var x = box.Left; x < box.Right; x++)
            {
                count += which(At(x, y)) ? 1 : 0;
            }
        }

        return count;
    }

    public void Dispose() => _bitmap.Dispose();
}
