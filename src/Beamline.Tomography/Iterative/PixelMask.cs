using Beamline.Arrays;
using Beamline.Tomography.Analytic;

namespace Beamline.Tomography.Iterative;

/// <summary>Which pixels are reconstructed: the user's mask and the circle that all projections see, both or neither.</summary>
internal static class PixelMask
{
    /// <summary>1 inside and 0 outside, [y, x]; null when everything is inside.</summary>
    internal static float[]? Of(IterativeOptions options, Geometry? geometry)
    {
        if (options.Mask is null && !options.MaskOutsideCircle)
        {
            return null;
        }

        var size = geometry?.ImageSize ?? options.Mask!.ColumnCount;
        var mask = new float[options.Mask?.Values.Length ?? size * size];
        Array.Fill(mask, 1);
        for (var i = 0; options.Mask is { } picture && i < mask.Length; i++)
        {
            mask[i] = picture.Values[i] == 0 ? 0 : 1;
        }

        if (options.MaskOutsideCircle && geometry is not null)
        {
            using var slab = new InterleavedSlab(size, size, 16, 0);
            for (var y = 0; y < size; y++)
            {
                slab.SetRow(y, 0, mask.AsSpan(y * size, size));
            }

            if (geometry is ParallelGeometry parallel)
            {
                CircleMask.Apply(slab, 0, parallel);
            }
            else
            {
                CircleMask.Apply(slab, 0, geometry, Geometries.SeenCircle.Radius(geometry.ToVectors()));
            }

            mask = OperatorNorm.FirstLane(slab);
        }

        return Array.Exists(mask, m => m != 0)
            ? mask
            : throw new ArgumentException("The mask is 0 everywhere: there is nothing to reconstruct.", nameof(options));
    }
}
