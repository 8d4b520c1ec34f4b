namespace Beamline.Arrays;

/// <summary>
/// Parallel-beam geometry of one slice: which ray each detector column sees at each angle.
/// </summary>
/// <remarks>
/// The image is square, <see cref="Geometry.ImageSize"/> pixels wide, and the axis passes through its middle, (ImageSize - 1) / 2.
/// With x and y measured from there (y down, like the rows of a picture), the ray of column c at angle a is
/// x cos a + y sin a = c - Axis.Column. Angles are degrees here and radians only inside the operators.
/// </remarks>
public sealed record ParallelGeometry : Geometry
{
    /// <summary>Makes a geometry.</summary>
    /// <param name="anglesDegrees">Angles in degrees; at least one.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="axis">The rotation axis; null means the middle of the detector.</param>
    /// <param name="imageSize">Edge of the square image in pixels; null means as wide as the detector.</param>
    /// <exception cref="ArgumentException">No angles, or the axis lies outside the detector.</exception>
    public ParallelGeometry(
        IReadOnlyList<double> anglesDegrees, int columnCount, RotationAxis? axis = null, int? imageSize = null)
        : base(CountOf(anglesDegrees), columnCount, imageSize ?? columnCount)
    {
        AnglesDegrees = anglesDegrees;
        Axis = axis ?? RotationAxis.Middle(columnCount);
        CheckAxis(Axis, columnCount);
    }

    /// <summary>Angles in degrees.</summary>
    public IReadOnlyList<double> AnglesDegrees { get; }

    /// <summary>Number of angles.</summary>
    public int AngleCount => AnglesDegrees.Count;

    /// <summary>Where the rotation axis falls on the detector.</summary>
    public RotationAxis Axis { get; }

    /// <summary>The same rays as vectors, one view for each angle.</summary>
    public override VectorGeometry ToVectors() => VectorGeometry.Slices(
        BeamShape.Parallel,
        AnglesDegrees.Select(angle =>
        {
            var (sin, cos) = SinCosDegrees(angle);
            var column = new Vector3D(cos, sin, 0);
            return new GeometryView(new Vector3D(-sin, cos, 0), column * (((ColumnCount - 1) / 2.0) - Axis.Column), column, Vector3D.UnitZ);
        }),
        ColumnCount, ImageSize);
}
