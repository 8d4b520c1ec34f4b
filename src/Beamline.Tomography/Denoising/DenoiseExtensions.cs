using Beamline.Arrays;

namespace Beamline.Tomography;

/// <summary>Classical filters against noise: <c>image.Denoise(new GaussianFilter { SigmaPixels = 1.2 })</c>.</summary>
public static class DenoiseExtensions
{
    /// <summary>Filters every projection. Lazy.</summary>
    /// <param name="projections">The stack.</param>
    /// <param name="filter">The filter and its parameters.</param>
    public static ProjectionStack Denoise(this ProjectionStack projections, NoiseFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return filter.Apply(projections);
    }

    /// <inheritdoc cref="NoiseFilter.Apply(Image)"/>
    /// <param name="image">The image.</param>
    /// <param name="filter">The filter and its parameters.</param>
    public static Image Denoise(this Image image, NoiseFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return filter.Apply(image);
    }

    /// <inheritdoc cref="NoiseFilter.Apply(Volume)"/>
    /// <param name="volume">The volume.</param>
    /// <param name="filter">The filter and its parameters.</param>
    public static Volume Denoise(this Volume volume, NoiseFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return filter.Apply(volume);
    }
}
