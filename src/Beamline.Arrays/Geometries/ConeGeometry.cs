namespace Beamline.Arrays;

/// <summary>Cone beam with a flat detector, on a circle around the sample.</summary>
/// <remarks>
/// Conventions as in <see cref="Geometry"/>; the vectors are those of ASTRA's cone for voxels of edge 1. CIL's distance_source_origin and TIGRE's DSO are
/// SourceToAxis, TIGRE's DSD is SourceToDetector. A detector offset of those packages is here the column of the axis and the row of the central plane.
/// </remarks>
public sealed record ConeGeometry : Geometry
{
    private readonly PointSource _lengths;

    /// <summary>Makes a geometry.</summary>
    /// <param name="anglesDegrees">Angles in degrees; at least one.</param>
    /// <param name="rowCount">Number of detector rows.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="sourceToAxis">Distance from the source to the rotation axis (source-object distance).</param>
    /// <param name="sourceToDetector">Distance from the source to the detector.</param>
    /// <param name="detectorPixel">Edge of a square detector pixel, on the detector.</param>
    /// <param name="axis">Where the axis falls on the detector; null means the middle.</param>
    /// <param name="centralRow">Row that lies in the plane of the source's circle; null means the middle.</param>
    /// <param name="detectorRollDegrees">Rotation of the detector about the beam: positive turns its columns from x toward the slices' z.</param>
    /// <param name="imageSize">Edge of the square slices in pixels; null means as many as columns.</param>
    /// <param name="sliceCount">Number of slices; null means as many as detector rows.</param>
    /// <param name="voxelSize">Edge of a voxel; null means a detector pixel over the magnification.</param>
    /// <exception cref="ArgumentException">No angles, axis or central row outside the detector, the detector before the axis, or the source in the volume.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length or a count is not positive, or the roll 45 degrees or more.</exception>
    public ConeGeometry(
        IReadOnlyList<double> anglesDegrees, int rowCount, int columnCount, Length sourceToAxis, Length sourceToDetector, Length detectorPixel,
        RotationAxis? axis = null, double? centralRow = null, double detectorRollDegrees = 0, int? imageSize = null, int? sliceCount = null,
        Length? voxelSize = null)
        : base(CountOf(anglesDegrees), columnCount, imageSize ?? columnCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        _lengths = new PointSource(sourceToAxis, sourceToDetector, detectorPixel).Checked();
        (AnglesDegrees, RowCount, SliceCount) = (anglesDegrees, rowCount, sliceCount ?? rowCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(SliceCount, 1, nameof(sliceCount));
        Axis = axis ?? RotationAxis.Middle(columnCount);
        CheckAxis(Axis, columnCount);
        CentralRow = centralRow ?? ((rowCount - 1) / 2.0);
        if (!double.IsFinite(CentralRow))
        {
            throw new ArgumentException($"The central row is {CentralRow}: it must be finite.", nameof(centralRow));
        }

        if (!(Math.Abs(detectorRollDegrees) < 45))
        {
            throw new ArgumentOutOfRangeException(
                nameof(detectorRollDegrees), detectorRollDegrees, "The roll of the detector is in degrees, between -45 and 45.");
        }

        DetectorRollDegrees = detectorRollDegrees;
        VoxelSize = voxelSize ?? _lengths.DefaultVoxel;
        PointSource.Positive(VoxelSize, "voxel size", nameof(voxelSize));
        _lengths.CheckOutside(ImageSize, VoxelSize);
    }

    /// <summary>Angles in degrees.</summary>
    public IReadOnlyList<double> AnglesDegrees { get; }

    /// <summary>Number of detector rows.</summary>
    public int RowCount { get; }

    /// <summary>Number of slices.</summary>
    public int SliceCount { get; }

    /// <summary>Distance from the source to the rotation axis.</summary>
    public Length SourceToAxis => _lengths.SourceToAxis;

    /// <summary>Distance from the source to the detector.</summary>
    public Length SourceToDetector => _lengths.SourceToDetector;

    /// <summary>Edge of a detector pixel, on the detector.</summary>
    public Length DetectorPixel => _lengths.DetectorPixel;

    /// <summary>How much larger the sample appears on the detector.</summary>
    public double Magnification => _lengths.Magnification;

    /// <summary>Where the rotation axis falls on the detector.</summary>
    public RotationAxis Axis { get; }

    /// <summary>The detector row that lies in the plane of the source's circle.</summary>
    public double CentralRow { get; }

    /// <summary>Rotation of the detector about the beam, about its point of axis and central row.</summary>
    public double DetectorRollDegrees { get; }

    /// <summary>Edge of a voxel.</summary>
    public Length VoxelSize { get; }

    /// <inheritdoc/>
    public override VectorGeometry ToVectors()
    {
        var unit = VoxelSize.Meters;
        var (toAxis, behind) = (SourceToAxis.Meters / unit, (SourceToDetector.Meters - SourceToAxis.Meters) / unit);
        var pixel = DetectorPixel.Meters / unit;
        var (sinRoll, cosRoll) = SinCosDegrees(DetectorRollDegrees);
        return VectorGeometry.Cone(
            AnglesDegrees.Select(angle =>
            {
                var (sin, cos) = SinCosDegrees(angle);
                var (across, beam) = (new Vector3D(cos, sin, 0), new Vector3D(-sin, cos, 0));
                var column = ((across * cosRoll) + (Vector3D.UnitZ * sinRoll)) * pixel;
                var row = ((Vector3D.UnitZ * cosRoll) - (across * sinRoll)) * pixel;
                var middle = (beam * behind) + (column * (((ColumnCount - 1) / 2.0) - Axis.Column)) + (row * (((RowCount - 1) / 2.0) - CentralRow));
                return new GeometryView(beam * -toAxis, middle, column, row);
            }),
            RowCount, ColumnCount, ImageSize, SliceCount, VoxelSize);
    }
}
