using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>Draws arrays: <c>volume.View()</c>, <c>image.View(new() { Map = ColorMap.Viridis })</c>.</summary>
public static class ViewExtensions
{
    /// <summary>Draws an image with axes, scale bar and color bar.</summary>
    /// <param name="image">The image.</param>
    /// <param name="options">Window, colors, title; null for 1% to 99% in gray.</param>
    public static PictureView View(this Image image, ViewOptions? options = null) => Draw(image, options);

    /// <summary>Draws amplitude and phase beside each other; the viewer also shows real, imaginary and unwrapped parts.</summary>
    /// <param name="image">The complex image.</param>
    /// <param name="options">Window and colors of the amplitude; null for 1% to 99% in gray.</param>
    public static PictureView View(this ComplexImage image, ViewOptions? options = null) => Draw(image, options);

    /// <summary>Draws a sinogram with angles down and columns across.</summary>
    /// <param name="sinogram">The sinogram.</param>
    /// <param name="options">Window, colors, title; null for 1% to 99% in gray.</param>
    /// <exception cref="ArgumentException">The sinogram has no angle.</exception>
    public static PictureView View(this Sinogram sinogram, ViewOptions? options = null) => Draw(sinogram, options);

    /// <summary>Draws three projections (or the one asked for) and one sinogram; reads nothing else.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="options">Window, colors, projection, detector row; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such projection or row.</exception>
    /// <exception cref="ArgumentException">The stack has no projection.</exception>
    public static PictureView View(this ProjectionStack stack, ViewOptions? options = null) => Draw(stack, options);

    /// <summary>
    /// Draws the planes z, y, x through one point and the maximum along z. Of a large volume only those planes
    /// and at most 64 slices are read; the titles say so.
    /// </summary>
    /// <param name="volume">The volume.</param>
    /// <param name="options">Window, colors, slices; null for the middle ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice, row or column.</exception>
    public static PictureView View(this Volume volume, ViewOptions? options = null) => Draw(volume, options);

    private static PictureView Draw(object array, ViewOptions? options)
    {
        ArgumentNullException.ThrowIfNull(array);
        return Pictures.Draw(array, options ?? ViewOptions.Default).Of(array);
    }
}
