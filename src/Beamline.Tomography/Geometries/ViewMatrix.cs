using Beamline.Arrays;

namespace Beamline.Tomography.Geometries;

/// <summary>
/// Where one view shows a point X (in voxels from the middle): column (U · X) / (D · X) and row (V · X) / (D · X), each with a constant
/// term. D is the depth below the source, 1 at the middle of the volume (on a curved detector the distance there is 1).
/// </summary>
/// <remarks>On a curved detector U / D is the tangent of the fan angle; the column is Middle + PerRadian times that angle.</remarks>
internal readonly record struct ViewMatrix(Vector3D U, double U0, Vector3D V, double V0, Vector3D D, double D0)
{
    internal static ViewMatrix Of(VectorGeometry geometry, GeometryView view)
    {
        var (columns, rows) = ((geometry.ColumnCount - 1) / 2.0, (geometry.RowCount - 1) / 2.0);
        var (s, p, u, v) = (view.Source, view.Detector, view.Column, view.Row);
        if (geometry.Beam == BeamShape.Parallel)
        {
            // X = detector + column number * u + row number * v + something along the beam.
            var across = Over(v.Cross(s), u);
            var along = Over(s.Cross(u), v);
            return new ViewMatrix(across, columns - across.Dot(p), along, rows - along.Dot(p), default, 1);
        }

        if (geometry.IsCurved)
        {
            var radius = (p - s).Norm;
            var (column, beam) = (u * (1 / u.Norm), (p - s) * (1 / radius));
            var distance = s.Norm;
            return new ViewMatrix(
                column * (1 / distance), -column.Dot(s) / distance, Vector3D.UnitZ, rows, beam * (1 / distance), -beam.Dot(s) / distance);
        }

        // Cramer's rule for X - s = depth * (p - s + column number * u + row number * v), scaled to a depth of 1 at the origin.
        var e = p - s;
        var normal = u.Cross(v);
        var scale = -1 / normal.Dot(s);
        var d = normal * scale;
        // Dividing by D0 = 1 was done by the scale: D · X + 1.
        var ux = (v.Cross(e) * scale) + (d * columns);
        var vx = (e.Cross(u) * scale) + (d * rows);
        var u0 = (-v.Cross(e).Dot(s) * scale) + columns;
        var v0 = (-e.Cross(u).Dot(s) * scale) + rows;
        return new ViewMatrix(ux, u0, vx, v0, d, 1);

        static Vector3D Over(Vector3D a, Vector3D b) => a * (1 / a.Dot(b));
    }

    /// <summary>Row on which a point falls.</summary>
    internal double Row(Vector3D x) => (V.Dot(x) + V0) / (D.Dot(x) + D0);
}
