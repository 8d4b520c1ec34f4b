using Beamline.Arrays;

namespace Beamline.Tomography.Geometries;

/// <summary>
/// The way of the rays of one view and column over the slices: at line j of the axis they run along, they are at First + Slope j across it,
/// all rows alike. Row r is then at slice A0 + A1 j + r (B0 + B1 j).
/// </summary>
internal readonly record struct PlanarRay(bool AlongY, float First, float Slope, float A0, float A1, float B0, float B1)
{
    /// <summary>Pixels that a ray in the slice travels from line to line.</summary>
    internal float Length => MathF.Sqrt(1 + (Slope * Slope));

    /// <summary>Voxels that the ray of a row travels from line to line.</summary>
    internal float LengthOf(int row)
    {
        var rise = A1 + (row * B1);
        return MathF.Sqrt(1 + (Slope * Slope) + (rise * rise));
    }

    /// <summary>The lines of an axis of <paramref name="count"/> on which the ray is within (low - 1, high).</summary>
    internal (int From, int To) Lines(int count, int low, int high)
    {
        if (MathF.Abs(Slope) < 1e-6f)
        {
            return First > low - 1 && First < high ? (0, count) : (0, 0);
        }

        var (a, b) = ((low - 1 - First) / Slope, (high - First) / Slope);
        (a, b) = a < b ? (a, b) : (b, a);
        // One line more at both ends: what is outside is passed over where it is met.
        var from = (int)Math.Clamp(MathF.Floor(a) - 1, 0, count);
        return (from, Math.Max(from, (int)Math.Clamp(MathF.Ceiling(b) + 2, 0, count)));
    }
}

/// <summary>The planar rays of all views and columns, where there are such.</summary>
internal static class PlanarRays
{
    /// <summary>[view, column]; null when rays of one column do not lie over each other, or run steeper than 45 degrees to the slices.</summary>
    internal static PlanarRay[]? Of(VectorGeometry geometry)
    {
        var rays = new PlanarRay[geometry.ViewCount * geometry.ColumnCount];
        for (var i = 0; i < geometry.ViewCount; i++)
        {
            var view = geometry.Views[i];
            var isVertical = geometry.Beam == BeamShape.Parallel
                ? Math.Abs(view.Source.Cross(view.Row).Z) <= 1e-9 * view.Source.Norm * view.Row.Norm
                : Math.Abs(view.Row.X) + Math.Abs(view.Row.Y) <= 1e-9 * view.Row.Norm;
            if (!isVertical || Math.Abs(view.Column.Z) > 1e-9 * view.Column.Norm)
            {
                return null;
            }

            for (var c = 0; c < geometry.ColumnCount; c++)
            {
                var (p, d) = RayWalk.Ray(geometry, view, 0, c);
                var (_, last) = RayWalk.Ray(geometry, view, geometry.RowCount - 1, c);
                var along = Math.Abs(d.Y) >= Math.Abs(d.X);
                var most = Math.Max(Math.Abs(d.X), Math.Abs(d.Y));
                if (Math.Abs(d.Z) > most || Math.Abs(last.Z) > most)
                {
                    return null;
                }

                rays[(i * geometry.ColumnCount) + c] = Make(geometry, view, c, p, d, along);
            }
        }

        return rays;
    }

    private static PlanarRay Make(VectorGeometry geometry, GeometryView view, int column, Vector3D p, Vector3D d, bool alongY)
    {
        var (middle, middleZ) = (geometry.ImageCenter, (geometry.SliceCount - 1) / 2.0);
        var (p0, q0, major, minor) = alongY ? (p.Y, p.X, d.Y, d.X) : (p.X, p.Y, d.X, d.Y);
        var slope = minor / major;
        // At line j: t = (j - middle - p0) / major along the ray.
        var first = q0 + ((-middle - p0) * slope) + middle;
        if (geometry.IsSliceWise)
        {
            return new PlanarRay(alongY, (float)first, (float)slope, 0, 0, 1, 0);
        }

        var (t0, t1) = ((-middle - p0) / major, 1 / major);
        var (next, nextDirection) = RayWalk.Ray(geometry, view, 1, column);
        if (geometry.Beam == BeamShape.Parallel)
        {
            // The rays of higher rows cross the line elsewhere along the beam, too.
            var rise = d.Z / major;
            var z0 = p.Z + (t0 * d.Z) + middleZ;
            var (nextP0, nextZ) = (alongY ? next.Y : next.X, next.Z);
            var z1 = nextZ + ((-middle - nextP0) / major * d.Z) + middleZ;
            return new PlanarRay(alongY, (float)first, (float)slope, (float)z0, (float)rise, (float)(z1 - z0), 0);
        }

        var step = nextDirection.Z - d.Z;
        return new PlanarRay(
            alongY, (float)first, (float)slope, (float)(p.Z + middleZ + (d.Z * t0)), (float)(d.Z * t1), (float)(step * t0), (float)(step * t1));
    }
}

/// <summary>Joseph's way through the volume for one ray: the plane coordinates at each line, in double precision.</summary>
/// <remarks>Joseph, IEEE Trans. Med. Imaging 1 (1982) 192, in three dimensions: the four voxels next to the ray on each plane it crosses.</remarks>
internal readonly record struct RayWalk(int Axis, double U0, double Du, double V0, double Dv, double Length)
{
    /// <summary>A point of a ray and its direction, in voxels from the middle.</summary>
    internal static (Vector3D Point, Vector3D Direction) Ray(VectorGeometry geometry, GeometryView view, int row, int column)
    {
        var c = column - ((geometry.ColumnCount - 1) / 2.0);
        var across = view.Row * (row - ((geometry.RowCount - 1) / 2.0));
        if (geometry.Beam == BeamShape.Parallel)
        {
            return (view.Detector + (view.Column * c) + across, view.Source);
        }

        var toDetector = view.Detector - view.Source;
        if (geometry.IsCurved)
        {
            var radius = toDetector.Norm;
            var (sin, cos) = Math.SinCos(c * view.Column.Norm / radius);
            return (view.Source + across, (toDetector * (cos / radius)) + (view.Column * (sin / view.Column.Norm)));
        }

        return geometry.Beam == BeamShape.Fan
            ? (view.Source + across, toDetector + (view.Column * c))
            : (view.Source, toDetector + (view.Column * c) + across);
    }

    /// <summary>The walk along the axis that the ray runs closest to: y before x before z. U is x (y along x), V is z (y along z).</summary>
    internal static RayWalk Of(VectorGeometry geometry, GeometryView view, int row, int column)
    {
        var (p, d) = Ray(geometry, view, row, column);
        var (middle, middleZ) = (geometry.ImageCenter, (geometry.SliceCount - 1) / 2.0);
        p += new Vector3D(middle, middle, middleZ);
        var (x, y, z) = (Math.Abs(d.X), Math.Abs(d.Y), Math.Abs(d.Z));
        return y >= x && y >= z ? Make(1, p.Y, d.Y, p.X, d.X, p.Z, d.Z)
            : x >= z ? Make(0, p.X, d.X, p.Y, d.Y, p.Z, d.Z)
            : Make(2, p.Z, d.Z, p.X, d.X, p.Y, d.Y);

        RayWalk Make(int axis, double p0, double major, double u, double du, double v, double dv) => new(
            axis, u - (p0 / major * du), du / major, v - (p0 / major * dv), dv / major, d.Norm / Math.Abs(major));
    }

    /// <summary>Lines on which V or U is within (low - 1, high): those that can touch the indices low to high - 1.</summary>
    internal static (int From, int To) Within(double first, double slope, int low, int high, int from, int to)
    {
        if (Math.Abs(slope) < 1e-9)
        {
            return first > low - 1 && first < high ? (from, to) : (from, from);
        }

        var (a, b) = ((low - 1 - first) / slope, (high - first) / slope);
        (a, b) = a < b ? (a, b) : (b, a);
        var start = (int)Math.Clamp(Math.Floor(a), from, to);
        return (start, Math.Max(start, (int)Math.Clamp(Math.Ceiling(b) + 1, from, to)));
    }
}
