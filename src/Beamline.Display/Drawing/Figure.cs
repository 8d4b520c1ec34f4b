using SkiaSharp;

namespace Beamline.Display;

/// <summary>Where a panel came to lie in the picture, in picture pixels.</summary>
/// <param name="Panel">The panel.</param>
/// <param name="Image">The values as pixels.</param>
/// <param name="ColorBar">The color bar.</param>
/// <param name="ScaleBar">The scale bar's white part; null when there is none.</param>
/// <param name="ScaleBarMeters">What its length stands for.</param>
internal sealed record PlacedPanel(Panel Panel, SKRectI Image, SKRect ColorBar, SKRect? ScaleBar, double ScaleBarMeters);

/// <summary>A drawn figure.</summary>
/// <param name="Png">The picture.</param>
/// <param name="Width">Its width in picture pixels.</param>
/// <param name="Height">Its height in picture pixels.</param>
/// <param name="Panels">Where things are.</param>
internal sealed record Figure(byte[] Png, int Width, int Height, IReadOnlyList<PlacedPanel> Panels);
