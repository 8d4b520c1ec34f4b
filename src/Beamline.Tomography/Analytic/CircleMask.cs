using Beamline.Arrays;

namespace Beamline.Tomography.Analytic;

/// <summary>Clears the pixels that some projection does not see.</summary>
internal static class CircleMask
{
    // The circle around the axis that touches the nearer edge of the detector.
    internal static void Apply(InterleavedSlab band, int firstRow, ParallelGeometry geometry) =>
        Apply(band, firstRow, geometry, Math.Min(geometry.Axis.Column, geometry.ColumnCount - 1 - geometry.Axis.Column) + 0.5);

    internal static unsafe void Apply(InterleavedSlab band, int firstRow, Geometry geometry, double radius)
    {
        for (var y = 0; y < band.OuterCount; y++)
        {
            var dy = firstRow + y - geometry.ImageCenter;
            for (var x = 0; x < band.InnerCount; x++)
            {
                var dx = x - geometry.ImageCenter;
                if ((dx * dx) + (dy * dy) > radius * radius)
                {
                    new Span<float>(band.Origin + (y * band.RowStride) + ((long)x * band.Lanes), band.Lanes).Clear();
                }
            }
        }

        GC.KeepAlive(band);
    }
}
