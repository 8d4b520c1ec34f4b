using SkiaSharp;

namespace Beamline.Display;

/// <summary>What a chart is drawn on: pixels, or the elements of an SVG. Coordinates are picture pixels.</summary>
/// <remarks>Colors are CSS colors, or one of <see cref="Text"/>, <see cref="Line"/> and <see cref="Grid"/>, which follow the theme of a page.</remarks>
internal interface IChartSurface
{
    /// <summary>The color of writing.</summary>
    const string Text = "text";

    /// <summary>The color of axes.</summary>
    const string Line = "line";

    /// <summary>The color of grid lines.</summary>
    const string Grid = "grid";

    /// <summary>A straight line without smoothed edges: an axis, a tick.</summary>
    void Rule(float x1, float y1, float x2, float y2, string color, float width);

    /// <summary>Lines through points, one for each piece.</summary>
    void Path(IReadOnlyList<SKPoint[]> pieces, string color, float width, string dash, string hover);

    /// <summary>A filled outline, faint.</summary>
    void Area(IReadOnlyList<SKPoint> outline, string color);

    /// <summary>A filled box.</summary>
    /// <param name="box">Where.</param>
    /// <param name="color">Of the inside.</param>
    /// <param name="smooth">False where neighbors touch and no paper may show between them.</param>
    /// <param name="hover">Shown to a pointer that rests on it, where that is possible.</param>
    void Box(SKRect box, string color, bool smooth, string hover);

    /// <summary>A filled circle; an invisible one that only catches the pointer when the color is empty.</summary>
    void Dot(SKPoint center, float radius, string color, string hover);

    /// <summary>One line of text; y is its base line (x when upwards).</summary>
    void Write(string text, float x, float y, float size, SKTextAlign align = SKTextAlign.Left, bool upwards = false);

    /// <summary>Hides what lies outside until <see cref="Unclip"/>.</summary>
    void Clip(SKRect box);

    /// <summary>Ends <see cref="Clip"/>.</summary>
    void Unclip();
}
