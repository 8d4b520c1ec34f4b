namespace Beamline.Arrays;

/// <summary>Which ray each detector pixel sees in each projection: parallel, fan, cone, laminography, or vectors for each view.</summary>
/// <remarks>
/// One convention for all. The volume's middle is the origin, a voxel is the unit: x along columns, y along rows (down in a picture), z along
/// slices. The rotation axis is z. At angle a the detector's columns run along (cos a, sin a, 0) and the beam along (-sin a, cos a, 0): at 0
/// degrees the source is above the picture. The center of column c lies at c, of row r at r. Angles are degrees here and radians
/// only inside the operators. docs/geometry.md has a sketch.
/// </remarks>
[TypeFormatterSource("Beamline.Display.GeometryFormatterSource, Beamline.Display")]
public abstract record Geometry
{
    private protected Geometry(int viewCount, int columnCount, int imageSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(imageSize, 1);
        (ViewCount, ColumnCount, ImageSize) = (viewCount, columnCount, imageSize);
    }

    /// <summary>Number of projections.</summary>
    public int ViewCount { get; }

    /// <summary>Number of detector columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Edge of a square slice in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>Coordinate of the rotation axis in a slice, in pixels: (ImageSize - 1) / 2.</summary>
    public double ImageCenter => (ImageSize - 1) / 2.0;

    /// <summary>The same rays as vectors, view by view.</summary>
    public abstract VectorGeometry ToVectors();

    private protected static int CountOf(IReadOnlyList<double> anglesDegrees)
    {
        ArgumentNullException.ThrowIfNull(anglesDegrees);
        if (anglesDegrees.Count == 0)
        {
            throw new ArgumentException("There is no angle: a geometry needs at least one.", nameof(anglesDegrees));
        }

        Check.Angles(anglesDegrees, anglesDegrees.Count);
        return anglesDegrees.Count;
    }

    private protected static void CheckAxis(RotationAxis axis, int columnCount)
    {
        if (!double.IsFinite(axis.Column) || axis.Column < 0 || axis.Column > columnCount - 1)
        {
            throw new ArgumentException(
                $"The rotation axis at column {axis.Column:0.##} lies outside the detector (columns 0 to {columnCount - 1}). " +
                "Give the axis in pixels counted from 0 at the center of the first column.",
                nameof(axis));
        }
    }

    /// <summary>Sine and cosine, exact at multiples of 90 degrees, where rays run along the pixels.</summary>
    private protected static (double Sin, double Cos) SinCosDegrees(double degrees) => Math.IEEERemainder(degrees, 360) switch
    {
        0 => (0, 1),
        90 => (1, 0),
        -90 => (-1, 0),
        180 or -180 => (0, -1),
        var turn => Math.SinCos(turn * (Math.PI / 180)),
    };
}
