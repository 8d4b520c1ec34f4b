namespace Beamline.Display;

/// <summary>
/// Finds how many picture pixels each panel of a figure gets. All panels share one scale, so that a length is
/// equally long in each; a pixel is a whole number of picture pixels when there is room for more than one.
/// </summary>
internal static class PanelSizer
{
    /// <summary>Thinner pictures are drawn this thick, although that stretches them.</summary>
    internal const int Thinnest = 24;

    /// <summary>Picture pixels for one value at most: a few values need no large picture.</summary>
    internal const int LargestPixel = 32;

    // Enlarged pixels need less room than an image that is averaged down ...
    private const double EnlargedPart = 0.8;

    // ... but twice its size is worth a little more room, or an image of just over half the box stays tiny.
    private const double DoubledPart = 1.25;

    /// <summary>Sizes for panels that must each fit a square box.</summary>
    /// <param name="panels">The panels.</param>
    /// <param name="box">Edge of the box in picture pixels.</param>
    public static (int Width, int Height)[] Fit(IReadOnlyList<Panel> panels, int box)
    {
        // Pixel widths of all panels are compared in meters where they are known (an upright plane [z, y]
        // counts in y, the others in x).
        var unit = panels.Select(Unit).Where(u => u > 0).DefaultIfEmpty(1).Min();
        var scale = panels.Min(p => box / (Longest(p) * Unit(p) / unit));
        var finest = panels.Min(p => Finest(p) * Unit(p) / unit);
        var factor = scale * DoubledPart * finest >= 2
            ? Math.Clamp(Math.Floor(scale * EnlargedPart * finest), 2, LargestPixel)
            : Math.Min(1, scale * finest);
        scale = factor / finest;

        return [.. panels.Select(p => Size(p, scale * Unit(p) / unit, box))];
    }

    private static (int Width, int Height) Size(Panel panel, double scale, int box)
    {
        var width = Math.Max(Thinnest, (int)Math.Round(panel.ExtentX * scale));
        if (panel.PixelAspect is not null)
        {
            return (width, Math.Max(Thinnest, (int)Math.Round(panel.ExtentY * scale)));
        }

        // Rows that are no lengths may be stretched: between half as high and half again as high as wide.
        var natural = panel.ExtentY * width / panel.ExtentX;
        var height = Math.Clamp(natural, Math.Min(width * 0.5, box), Math.Min(width * 1.5, box));
        return (width, Math.Max(3 * Thinnest, (int)Math.Round(height)));
    }

    private static double Unit(Panel panel) => panel.PixelWidth?.Meters ?? 1;

    private static double Longest(Panel panel) =>
        panel.PixelAspect is null ? panel.ExtentX : Math.Max(panel.ExtentX, panel.ExtentY);

    // Picture pixels for each value along the axis that has the most values for its length.
    private static double Finest(Panel panel) =>
        panel.PixelAspect is { } aspect
            ? Math.Min(panel.Plane.ColumnStep, panel.Plane.RowStep * aspect)
            : panel.Plane.ColumnStep;
}
