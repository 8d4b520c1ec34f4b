using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>Shows images that follow each other: <c>frames.ViewSeries()</c>.</summary>
public static class SeriesExtensions
{
    /// <summary>Draws the first, the middle and the last image; the viewer goes through all of them and plays them.</summary>
    /// <param name="images">Images of one shape, in order.</param>
    /// <param name="options">Window and colors of all; null for 1% to 99% in gray.</param>
    /// <exception cref="ArgumentException">There is no image, or their shapes differ.</exception>
    public static PictureView ViewSeries(this IReadOnlyList<Image> images, ViewOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        return SeriesPicture.Draw(images, options ?? ViewOptions.Default);
    }
}
