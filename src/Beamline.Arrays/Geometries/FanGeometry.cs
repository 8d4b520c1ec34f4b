namespace Beamline.Arrays;

/// <summary>The form of a detector in a fan beam.</summary>
public enum FanDetector
{
    /// <summary>Columns at equal distances on a straight line.</summary>
    Flat,

    /// <summary>Columns at equal angles on a circle around the source.</summary>
    Curved,
}

/// <summary>Fan beam: every detector row has its own line of the source and becomes one slice.</summary>
/// <remarks>
/// Conventions as in <see cref="Geometry"/>. ASTRA's fanflat has the same angles, with source_origin = SourceToAxis and origin_det = SourceToDetector
/// - SourceToAxis; CIL's distance_source_origin and TIGRE's DSO are SourceToAxis, TIGRE's DSD is SourceToDetector.
/// </remarks>
public sealed record FanGeometry : Geometry
{
    private readonly PointSource _lengths;

    /// <summary>Makes a geometry.</summary>
    /// <param name="anglesDegrees">Angles in degrees; at least one.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="sourceToAxis">Distance from the source to the rotation axis (source-object distance).</param>
    /// <param name="sourceToDetector">Distance from the source to the detector.</param>
    /// <param name="detectorPixel">Distance from one detector column to the next, on the detector.</param>
    /// <param name="axis">Where the axis falls on the detector; null means the middle.</param>
    /// <param name="detector">Flat or curved.</param>
    /// <param name="imageSize">Edge of the square slices in pixels; null means as many as columns.</param>
    /// <param name="voxelSize">Edge of a pixel of the slices; null means a detector pixel over the magnification.</param>
    /// <exception cref="ArgumentException">No angles, the axis lies outside the detector, the detector before the axis, or the source in the volume.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length or a count is not positive.</exception>
    public FanGeometry(
        IReadOnlyList<double> anglesDegrees, int columnCount, Length sourceToAxis, Length sourceToDetector, Length detectorPixel,
        RotationAxis? axis = null, FanDetector detector = FanDetector.Flat, int? imageSize = null, Length? voxelSize = null)
        : base(CountOf(anglesDegrees), columnCount, imageSize ?? columnCount)
    {
        _lengths = new PointSource(sourceToAxis, sourceToDetector, detectorPixel).Checked();
        AnglesDegrees = anglesDegrees;
        Axis = axis ?? RotationAxis.Middle(columnCount);
        CheckAxis(Axis, columnCount);
        Detector = detector;
        VoxelSize = voxelSize ?? _lengths.DefaultVoxel;
        PointSource.Positive(VoxelSize, "voxel size", nameof(voxelSize));
        _lengths.CheckOutside(ImageSize, VoxelSize);
    }

    /// <summary>Angles in degrees.</summary>
    public IReadOnlyList<double> AnglesDegrees { get; }

    /// <summary>Distance from the source to the rotation axis.</summary>
    public Length SourceToAxis => _lengths.SourceToAxis;

    /// <summary>Distance from the source to the detector.</summary>
    public Length SourceToDetector => _lengths.SourceToDetector;

    /// <summary>Distance from one detector column to the next, on the detector.</summary>
    public Length DetectorPixel => _lengths.DetectorPixel;

    /// <summary>How much larger the sample appears on the detector.</summary>
    public double Magnification => _lengths.Magnification;

    /// <summary>Where the rotation axis falls on the detector.</summary>
    public RotationAxis Axis { get; }

    /// <summary>Flat or curved.</summary>
    public FanDetector Detector { get; }

    /// <summary>Edge of a pixel of the slices.</summary>
    public Length VoxelSize { get; }

    /// <inheritdoc/>
    public override VectorGeometry ToVectors()
    {
        var unit = VoxelSize.Meters;
        var (toAxis, behind) = (SourceToAxis.Meters / unit, (SourceToDetector.Meters - SourceToAxis.Meters) / unit);
        var pixel = DetectorPixel.Meters / unit;
        var fromMiddle = ((ColumnCount - 1) / 2.0) - Axis.Column;
        return VectorGeometry.Slices(
            BeamShape.Fan,
            AnglesDegrees.Select(angle =>
            {
                var (sin, cos) = SinCosDegrees(angle);
                var source = new Vector3D(sin, -cos, 0) * toAxis;
                var (column, beam) = (new Vector3D(cos, sin, 0), new Vector3D(-sin, cos, 0));
                if (Detector == FanDetector.Flat)
                {
                    return new GeometryView(source, (beam * behind) + (column * (fromMiddle * pixel)), column * pixel, Vector3D.UnitZ);
                }

                // The middle of an arc around the source; its columns run along the tangent there.
                var radius = toAxis + behind;
                var (s, c) = Math.SinCos(fromMiddle * pixel / radius);
                return new GeometryView(source, source + (((beam * c) + (column * s)) * radius), ((column * c) - (beam * s)) * pixel, Vector3D.UnitZ);
            }),
            ColumnCount, ImageSize, VoxelSize, Detector == FanDetector.Curved);
    }
}
