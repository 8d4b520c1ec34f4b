using SkiaSharp;

namespace Beamline.Display;

/// <summary>The one font of all pictures. It is embedded, because system fonts differ and may be absent.</summary>
internal static class Fonts
{
    private const string Resource = "DejaVuSans-subset.ttf";
    private static readonly Lazy<SKTypeface> Loaded = new(Load);

    public static SKTypeface Sans => Loaded.Value;

    /// <summary>The font at a size in picture pixels.</summary>
    public static SKFont Of(float size) => new(Sans, size)
    {
        Edging = SKFontEdging.Antialias,
        Hinting = SKFontHinting.None,
        Subpixel = true,
    };

    private static SKTypeface Load()
    {
        using var stream = typeof(Fonts).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The font {Resource} is missing from Beamline.Display: build it again.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data)
            ?? throw new InvalidOperationException($"The font {Resource} inside Beamline.Display cannot be read: build it again.");
    }
}
