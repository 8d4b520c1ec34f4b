namespace Beamline.Arrays;

/// <summary>Parallel beam with a rotation axis that is not at right angles to it: laminography of flat samples, and tomography with a tilted axis.</summary>
/// <remarks>
/// Conventions as in <see cref="Geometry"/>: z is the rotation axis, so the slices turn with the sample. With a tilt t the beam runs along
/// (-sin a cos t, cos a cos t, sin t): a positive tilt leans the upper end of the axis (z below 0) toward the source. 0 is tomography.
/// </remarks>
public sealed record LaminographyGeometry : Geometry
{
    /// <summary>Makes a geometry.</summary>
    /// <param name="anglesDegrees">Angles in degrees; at least one.</param>
    /// <param name="rowCount">Number of detector rows.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="tiltDegrees">Angle by which the axis is off the right angle to the beam, between -85 and 85.</param>
    /// <param name="axis">Where the axis falls on the detector; null means the middle.</param>
    /// <param name="centralRow">Row on which the middle of the volume falls; null means the middle.</param>
    /// <param name="imageSize">Edge of the square slices in pixels; null means as many as columns.</param>
    /// <param name="sliceCount">Number of slices; null means as many as detector rows.</param>
    /// <param name="pixelSize">Edge of a detector pixel at the sample, and of a voxel; null when not known.</param>
    /// <exception cref="ArgumentException">No angles, or axis or central row outside the detector or not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count or the pixel is not positive, or the tilt out of range.</exception>
    public LaminographyGeometry(
        IReadOnlyList<double> anglesDegrees, int rowCount, int columnCount, double tiltDegrees, RotationAxis? axis = null, double? centralRow = null,
        int? imageSize = null, int? sliceCount = null, Length? pixelSize = null)
        : base(CountOf(anglesDegrees), columnCount, imageSize ?? columnCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        (AnglesDegrees, RowCount, SliceCount) = (anglesDegrees, rowCount, sliceCount ?? rowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(SliceCount, 1, nameof(sliceCount));
        if (!(Math.Abs(tiltDegrees) <= 85))
        {
            throw new ArgumentOutOfRangeException(
                nameof(tiltDegrees), tiltDegrees, "The tilt is in degrees, between -85 and 85; 0 is an axis at right angles to the beam.");
        }

        TiltDegrees = tiltDegrees;
        Axis = axis ?? RotationAxis.Middle(columnCount);
        CheckAxis(Axis, columnCount);
        CentralRow = centralRow ?? ((rowCount - 1) / 2.0);
        if (!double.IsFinite(CentralRow))
        {
            throw new ArgumentException($"The central row is {CentralRow}: it must be finite.", nameof(centralRow));
        }

        if (pixelSize is { } pixel)
        {
            PointSource.Positive(pixel, "pixel size", nameof(pixelSize));
        }

        PixelSize = pixelSize;
    }

    /// <summary>Angles in degrees.</summary>
    public IReadOnlyList<double> AnglesDegrees { get; }

    /// <summary>Number of detector rows.</summary>
    public int RowCount { get; }

    /// <summary>Number of slices.</summary>
    public int SliceCount { get; }

    /// <summary>Angle by which the axis is off the right angle to the beam.</summary>
    public double TiltDegrees { get; }

    /// <summary>Where the rotation axis falls on the detector.</summary>
    public RotationAxis Axis { get; }

    /// <summary>The detector row on which the middle of the volume falls.</summary>
    public double CentralRow { get; }

    /// <summary>Edge of a detector pixel at the sample, and of a voxel.</summary>
    public Length? PixelSize { get; }

    /// <inheritdoc/>
    public override VectorGeometry ToVectors()
    {
        var (sinTilt, cosTilt) = SinCosDegrees(TiltDegrees);
        return VectorGeometry.Parallel(
            AnglesDegrees.Select(angle =>
            {
                var (sin, cos) = SinCosDegrees(angle);
                var (column, forward) = (new Vector3D(cos, sin, 0), new Vector3D(-sin, cos, 0));
                var row = (Vector3D.UnitZ * cosTilt) - (forward * sinTilt);
                var middle = (column * (((ColumnCount - 1) / 2.0) - Axis.Column)) + (row * (((RowCount - 1) / 2.0) - CentralRow));
                return new GeometryView((forward * cosTilt) + (Vector3D.UnitZ * sinTilt), middle, column, row);
            }),
            RowCount, ColumnCount, ImageSize, SliceCount, PixelSize);
    }
}
