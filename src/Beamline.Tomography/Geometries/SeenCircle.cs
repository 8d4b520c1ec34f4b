using Beamline.Arrays;

namespace Beamline.Tomography.Geometries;

/// <summary>The circle around the axis that all views see.</summary>
internal static class SeenCircle
{
    /// <summary>Its radius in voxels: the least distance of an edge ray from the axis.</summary>
    internal static double Radius(VectorGeometry geometry)
    {
        var least = double.PositiveInfinity;
        foreach (var view in geometry.Views)
        {
            foreach (var column in new[] { 0, geometry.ColumnCount - 1 })
            {
                var (p, d) = RayWalk.Ray(geometry, view, geometry.RowCount / 2, column);
                least = Math.Min(least, Math.Abs((p.X * d.Y) - (p.Y * d.X)) / Math.Sqrt((d.X * d.X) + (d.Y * d.Y)));
            }
        }

        // Half a column beyond the center of the outermost.
        return least + 0.5;
    }
}
