namespace Beamline.Arrays;

/// <summary>
/// Parallel-beam geometry of one slice: which ray each detector column sees at each angle.
/// </summary>
/// <remarks>
/// The image is square, <see cref="ImageSize"/> pixels wide, and the axis passes through its middle, (ImageSize - 1) / 2.
/// With x and y measured from there (y down, like the rows of a picture), the ray of column c at angle a is
/// x cos a + y sin a = c - Axis.Column. Angles are degrees here and radians only inside the operators.
/// </remarks>
public sealed record ParallelGeometry
{
    /// <summary>Makes a geometry.</summary>
    /// <param name="anglesDegrees">Angles in degrees; at least one.</param>
    /// <param name="columnCount">Number of detector columns.</param>
    /// <param name="axis">The rotation axis; null means the middle of the detector.</param>
    /// <param name="imageSize">Edge of the square image in pixels; null means as wide as the detector.</param>
    /// <exception cref="ArgumentException">No angles, or the axis lies outside the detector.</exception>
    public ParallelGeometry(
        IReadOnlyList<double> anglesDegrees, int columnCount, RotationAxis? axis = null, int? imageSize = null)
    {
        ArgumentNullException.ThrowIfNull(anglesDegrees);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        if (anglesDegrees.Count == 0)
        {
            throw new ArgumentException("There is no angle: a geometry needs at least one.", nameof(anglesDegrees));
        }

        Check.Angles(anglesDegrees, anglesDegrees.Count);
        AnglesDegrees = anglesDegrees;
        ColumnCount = columnCount;
        Axis = axis ?? RotationAxis.Middle(columnCount);
        ImageSize = imageSize ?? columnCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(ImageSize, 1, nameof(imageSize));
        if (!double.IsFinite(Axis.Column) || Axis.Column < 0 || Axis.Column > columnCount - 1)
        {
            throw new ArgumentException(
                $"The rotation axis at column {Axis.Column:0.##} lies outside the detector (columns 0 to {columnCount - 1}). " +
                "Give the axis in pixels counted from 0 at the center of the first column.",
                nameof(axis));
        }
    }

    /// <summary>Angles in degrees.</summary>
    public IReadOnlyList<double> AnglesDegrees { get; }

    /// <summary>Number of angles.</summary>
    public int AngleCount => AnglesDegrees.Count;

    /// <summary>Number of detector columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Where the rotation axis falls on the detector.</summary>
    public RotationAxis Axis { get; }

    /// <summary>Edge of the square image in pixels.</summary>
    public int ImageSize { get; }

    /// <summary>Coordinate of the rotation axis in the image, in pixels: (ImageSize - 1) / 2.</summary>
    public double ImageCenter => (ImageSize - 1) / 2.0;
}
