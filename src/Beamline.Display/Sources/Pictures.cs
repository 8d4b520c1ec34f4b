using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>
/// Which values can be shown as pictures, and how. A new type (a scan, a complex image) gets a line in each of
/// the two switches and a class beside this one; everything else follows.
/// </summary>
internal static class Pictures
{
    /// <summary>Whether values of a type can be drawn.</summary>
    public static bool CanDraw(Type type) =>
        type == typeof(Image) || type == typeof(ComplexImage) || type == typeof(Sinogram) || type == typeof(Volume) ||
        typeof(ProjectionStack).IsAssignableFrom(type) || type == typeof(PictureView);

    /// <summary>Draws a value.</summary>
    /// <exception cref="ArgumentException">Its type cannot be drawn.</exception>
    public static PictureView Draw(object value, ViewOptions options) => value switch
    {
        PictureView view => view,
        Image image => ImagePicture.Draw(image, options),
        ComplexImage image => ComplexPicture.Draw(image, options),
        Sinogram sinogram => SinogramPicture.Draw(sinogram, options),
        Volume volume => VolumePicture.Draw(volume, options),
        ProjectionStack stack => StackPicture.Draw(stack, options),
        _ => throw new ArgumentException(
            $"A {value.GetType().Name} cannot be drawn. Image, ComplexImage, Sinogram, ProjectionStack and Volume can.", nameof(value)),
    };
}
