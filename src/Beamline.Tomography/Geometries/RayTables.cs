using Beamline.Arrays;

namespace Beamline.Tomography.Geometries;

/// <summary>What the GPU kernels read of each view: the first ray, its steps, and where a voxel falls.</summary>
internal static class RayTables
{
    internal const int Fields = 24;

    /// <summary>[view, field]: source or direction, pixel (0, 0), column, row (3 each), then the column, row and depth planes of a voxel index (4 each).</summary>
    internal static float[] Of(VectorGeometry geometry)
    {
        var table = new float[geometry.ViewCount * Fields];
        var middle = new Vector3D(geometry.ImageCenter, geometry.ImageCenter, geometry.IsSliceWise ? 0 : (geometry.SliceCount - 1) / 2.0);
        for (var i = 0; i < geometry.ViewCount; i++)
        {
            var view = geometry.Views[i];
            var m = ViewMatrix.Of(geometry, view);
            var corner = view.Detector - (view.Column * ((geometry.ColumnCount - 1) / 2.0)) - (view.Row * ((geometry.RowCount - 1) / 2.0)) + middle;
            var source = geometry.Beam == BeamShape.Parallel ? view.Source : view.Source + middle;
            float[] values =
            [
                .. Floats(source), .. Floats(corner), .. Floats(view.Column), .. Floats(view.Row),
                .. Floats(m.U), (float)(m.U0 - m.U.Dot(middle)), .. Floats(m.V), (float)(m.V0 - m.V.Dot(middle)),
                .. Floats(m.D), (float)(m.D0 - m.D.Dot(middle)),
            ];
            values.CopyTo(table, i * Fields);
        }

        return table;

        static float[] Floats(Vector3D v) => [(float)v.X, (float)v.Y, (float)v.Z];
    }

    /// <summary>[view, column, 4]: 1 along y, first, slope, length of the rays that stay in their slices.</summary>
    internal static float[] Planar(PlanarRay[] rays) => [.. rays.SelectMany(r => new[] { r.AlongY ? 1 : 0, r.First, r.Slope, r.Length })];
}
