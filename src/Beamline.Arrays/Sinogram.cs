namespace Beamline.Arrays;

/// <summary>
/// One detector row seen at every angle: [angle, column], 32-bit floats. The rows of the picture are angles.
/// </summary>
[TypeFormatterSource("Beamline.Display.ArrayFormatterSource, Beamline.Display")]
public sealed class Sinogram
{
    private readonly float[] _values;

    /// <summary>Makes a sinogram over existing values, without copying.</summary>
    /// <param name="anglesDegrees">The angle of each row in degrees.</param>
    /// <param name="columnCount">Number of detector columns, 1 or more.</param>
    /// <param name="values">Values angle by angle; one row of columns for each angle.</param>
    /// <exception cref="ArgumentException">The number of values does not fit.</exception>
    public Sinogram(IReadOnlyList<double> anglesDegrees, int columnCount, float[] values)
    {
        ArgumentNullException.ThrowIfNull(anglesDegrees);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(columnCount, 1);
        Check.Angles(anglesDegrees, anglesDegrees.Count);
        if (values.LongLength != (long)anglesDegrees.Count * columnCount)
        {
            throw new ArgumentException(
                $"A sinogram of {anglesDegrees.Count} angles and {columnCount} columns needs " +
                $"{(long)anglesDegrees.Count * columnCount} values, not {values.Length}.",
                nameof(values));
        }

        (AnglesDegrees, ColumnCount, _values) = (anglesDegrees, columnCount, values);
    }

    /// <summary>The angle of each row in degrees.</summary>
    public IReadOnlyList<double> AnglesDegrees { get; }

    /// <summary>Number of angles (rows of the picture).</summary>
    public int AngleCount => AnglesDegrees.Count;

    /// <summary>Number of detector columns.</summary>
    public int ColumnCount { get; }

    /// <summary>All values, angle by angle.</summary>
    public Span<float> Values => _values;

    /// <summary>What the values mean.</summary>
    public Quantity Quantity { get; init; }

    /// <summary>Width of a detector pixel at the sample; null when not known.</summary>
    public Length? PixelSize { get; init; }

    /// <summary>The detector row that this sinogram is of.</summary>
    public int DetectorRow { get; init; }

    /// <summary>The values of one angle.</summary>
    /// <param name="index">Index of the angle, 0 to <see cref="AngleCount"/> - 1.</param>
    public Span<float> Row(int index)
    {
        Check.Index(index, AngleCount, "angle");
        return _values.AsSpan(index * ColumnCount, ColumnCount);
    }

    /// <inheritdoc/>
    public override string ToString() => $"Sinogram float32 {AngleCount} angles x {ColumnCount} columns";
}
