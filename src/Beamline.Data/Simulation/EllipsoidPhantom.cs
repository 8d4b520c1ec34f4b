using Beamline.Arrays;

namespace Beamline.Data.Simulation;

/// <summary>An ellipsoid of constant value, in voxels from the middle of the volume. Where ellipsoids overlap their values add.</summary>
/// <param name="Center">Its middle.</param>
/// <param name="SemiAxes">Half its lengths along its own axes; positive. Large ones make cylinders and plates.</param>
/// <param name="RotationDegrees">Angle from x toward y of its first axis, in degrees, about z.</param>
/// <param name="Value">What it adds, for instance attenuation for each voxel length.</param>
public readonly record struct Ellipsoid(Vector3D Center, Vector3D SemiAxes, double RotationDegrees, double Value)
{
    /// <summary>A ball.</summary>
    /// <param name="x">x of its middle, in voxels.</param>
    /// <param name="y">y of its middle, in voxels.</param>
    /// <param name="z">z of its middle, in voxels.</param>
    /// <param name="radius">Its radius in voxels.</param>
    /// <param name="value">What it adds.</param>
    public static Ellipsoid Ball(double x, double y, double z, double radius, double value) =>
        new(new Vector3D(x, y, z), new Vector3D(radius, radius, radius), 0, value);

    /// <summary>The exact integral along the line through two points, in value times voxels.</summary>
    /// <param name="point">A point of the line.</param>
    /// <param name="direction">Its direction; any length but zero.</param>
    public double LineIntegral(Vector3D point, Vector3D direction)
    {
        // In the coordinates in which it is the unit ball.
        var (p, d) = (ToUnit(point - Center), ToUnit(direction));
        var (a, b, c) = (d.Dot(d), p.Dot(d), p.Dot(p) - 1);
        var root = (b * b) - (a * c);
        return root <= 0 ? 0 : 2 * Value * Math.Sqrt(root) / a * direction.Norm;
    }

    /// <summary>Whether a point lies inside.</summary>
    /// <param name="point">The point.</param>
    public bool Contains(Vector3D point)
    {
        var p = ToUnit(point - Center);
        return p.Dot(p) <= 1;
    }

    private Vector3D ToUnit(Vector3D v)
    {
        var (sin, cos) = PortableMath.SinCosDegrees(RotationDegrees);
        return new Vector3D(
            ((v.X * cos) + (v.Y * sin)) / SemiAxes.X, ((v.Y * cos) - (v.X * sin)) / SemiAxes.Y, v.Z / SemiAxes.Z);
    }
}

/// <summary>
/// A volume of ellipsoids, whose line integrals are known exactly for every geometry. Because volume and projections come from the formulas
/// and not from each other, a reconstruction from them is a fair test.
/// </summary>
public sealed class EllipsoidPhantom
{
    // The Shepp-Logan head in three dimensions with Toft's values: value, semi-axes, center, rotation in degrees; spans -1 to 1, y up.
    private static readonly double[][] Head =
    [
        [1, .69, .92, .81, 0, 0, 0, 0],
        [-.8, .6624, .874, .78, 0, -.0184, 0, 0],
        [-.2, .11, .31, .22, .22, 0, 0, -18],
        [-.2, .16, .41, .28, -.22, 0, 0, 18],
        [.1, .21, .25, .41, 0, .35, -.15, 0],
        [.1, .046, .046, .05, 0, .1, .25, 0],
        [.1, .046, .046, .05, 0, -.1, .25, 0],
        [.1, .046, .023, .05, -.08, -.605, 0, 0],
        [.1, .023, .023, .02, 0, -.606, 0, 0],
        [.1, .023, .046, .02, .06, -.605, 0, 0],
    ];

    /// <summary>Makes a phantom.</summary>
    /// <param name="ellipsoids">The ellipsoids, in voxels from the middle of the volume.</param>
    /// <exception cref="ArgumentException">A semi-axis is not positive or a number not finite.</exception>
    public EllipsoidPhantom(IEnumerable<Ellipsoid> ellipsoids)
    {
        ArgumentNullException.ThrowIfNull(ellipsoids);
        Ellipsoids = [.. ellipsoids];
        foreach (var e in Ellipsoids)
        {
            if (!(e.SemiAxes.X > 0) || !(e.SemiAxes.Y > 0) || !(e.SemiAxes.Z > 0) || !e.Center.IsFinite || !e.SemiAxes.IsFinite ||
                !double.IsFinite(e.RotationDegrees + e.Value))
            {
                throw new ArgumentException($"{e} is no ellipsoid: semi-axes are positive and all numbers finite.", nameof(ellipsoids));
            }
        }
    }

    /// <summary>The ellipsoids.</summary>
    public IReadOnlyList<Ellipsoid> Ellipsoids { get; }

    /// <summary>The Shepp-Logan head in three dimensions: values 0 to 1, skull 1, brain 0.2.</summary>
    /// <param name="size">Edge of the cube that holds it, in voxels.</param>
    /// <param name="factor">What all values are multiplied by.</param>
    public static EllipsoidPhantom SheppLogan(int size, double factor = 1)
    {
        var s = size / 2.0;
        return new EllipsoidPhantom(Head.Select(e => new Ellipsoid(
            new Vector3D(e[4] * s, -e[5] * s, e[6] * s), new Vector3D(e[1] * s, e[2] * s, e[3] * s), -e[7], e[0] * factor)));
    }

    /// <summary>The exact line integrals that a detector would see; each pixel is the mean over subRays x subRays rays in it.</summary>
    /// <param name="geometry">The geometry.</param>
    /// <param name="rowCount">Number of detector rows for parallel and fan beam, one slice each; null takes the geometry's.</param>
    /// <param name="subRays">Rays along each edge of a detector pixel, 1 or more.</param>
    /// <returns>Line integrals [view, row, column], in value times voxels.</returns>
    public MemoryProjectionStack Project(Geometry geometry, int? rowCount = null, int subRays = 2)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentOutOfRangeException.ThrowIfLessThan(subRays, 1);
        var vectors = geometry.ToVectors();
        if (rowCount is { } count && vectors.IsSliceWise)
        {
            vectors = vectors.WithRows(count);
        }

        var (rows, columns) = (vectors.RowCount, vectors.ColumnCount);
        var stack = new MemoryProjectionStack(Angles(geometry, vectors), rows, columns)
        {
            Quantity = Quantity.LineIntegral,
            PixelSize = vectors.VoxelSize,
        };
        Parallel.For(0, vectors.ViewCount, i =>
        {
            var frame = stack.Frame(i);
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < columns; column++)
                {
                    frame[(row * columns) + column] = (float)Pixel(vectors, vectors.Views[i], row, column, subRays);
                }
            }
        });
        return stack;
    }

    /// <summary>The truth: each voxel is the mean over subVoxels³ points in it.</summary>
    /// <param name="sliceCount">Number of slices.</param>
    /// <param name="imageSize">Edge of the square slices in pixels.</param>
    /// <param name="subVoxels">Points along each edge of a voxel, 1 or more.</param>
    public Volume ToVolume(int sliceCount, int imageSize, int subVoxels = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(subVoxels, 1);
        var volume = new Volume(sliceCount, imageSize, imageSize) { Quantity = Quantity.AttenuationPerPixel };
        var (middleZ, middle) = ((sliceCount - 1) / 2.0, (imageSize - 1) / 2.0);
        Parallel.For(0, sliceCount, z =>
        {
            for (var y = 0; y < imageSize; y++)
            {
                var line = volume.Row(z, y);
                for (var x = 0; x < imageSize; x++)
                {
                    line[x] = (float)Mean(new Vector3D(x - middle, y - middle, z - middleZ), subVoxels);
                }
            }
        });
        return volume;
    }

    private static double[] Angles(Geometry geometry, VectorGeometry vectors) => geometry switch
    {
        ParallelGeometry g => [.. g.AnglesDegrees],
        FanGeometry g => [.. g.AnglesDegrees],
        ConeGeometry g => [.. g.AnglesDegrees],
        LaminographyGeometry g => [.. g.AnglesDegrees],
        _ => [.. vectors.Views.Select(v => Math.Atan2(v.Column.Y, v.Column.X) * (180 / Math.PI))],
    };

    private double Pixel(VectorGeometry geometry, GeometryView view, int row, int column, int subRays)
    {
        double sum = 0;
        for (var i = 0; i < subRays * subRays; i++)
        {
            var r = row + (((i / subRays) + 0.5) / subRays) - 0.5 - ((geometry.RowCount - 1) / 2.0);
            var c = column + (((i % subRays) + 0.5) / subRays) - 0.5 - ((geometry.ColumnCount - 1) / 2.0);
            var (point, direction) = Ray(geometry, view, r, c);
            foreach (var ellipsoid in Ellipsoids)
            {
                sum += ellipsoid.LineIntegral(point, direction);
            }
        }

        return sum / (subRays * subRays);
    }

    private static (Vector3D Point, Vector3D Direction) Ray(VectorGeometry geometry, GeometryView view, double r, double c)
    {
        if (geometry.Beam == BeamShape.Parallel)
        {
            return (view.Detector + (view.Column * c) + (view.Row * r), view.Source);
        }

        if (geometry.Beam == BeamShape.Cone)
        {
            return (view.Source, view.Detector + (view.Column * c) + (view.Row * r) - view.Source);
        }

        var (source, toDetector) = (view.Source + (view.Row * r), view.Detector - view.Source);
        if (!geometry.IsCurved)
        {
            return (source, toDetector + (view.Column * c));
        }

        var radius = toDetector.Norm;
        var (sin, cos) = Math.SinCos(c * view.Column.Norm / radius);
        return (source, (toDetector * (cos / radius)) + (view.Column * (sin / view.Column.Norm)));
    }

    private double Mean(Vector3D middle, int sub)
    {
        double sum = 0;
        for (var i = 0; i < sub * sub * sub; i++)
        {
            var point = middle + new Vector3D(Part(i % sub), Part(i / sub % sub), Part(i / (sub * sub)));
            foreach (var ellipsoid in Ellipsoids)
            {
                sum += ellipsoid.Contains(point) ? ellipsoid.Value : 0;
            }
        }

        return sum / (sub * sub * sub);

        double Part(int index) => ((index + 0.5) / sub) - 0.5;
    }
}
