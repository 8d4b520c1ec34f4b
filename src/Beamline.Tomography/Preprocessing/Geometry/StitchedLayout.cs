namespace Beamline.Tomography.Preprocessing;

/// <summary>Where columns of stitched projections come from. The first half turn is not resampled.</summary>
/// <param name="Width">Columns of the stitched projections.</param>
/// <param name="Axis">The axis in them.</param>
/// <param name="Shift">Stitched column minus original column.</param>
/// <param name="Overlap">Half of the columns that both halves see.</param>
internal readonly record struct StitchedLayout(int Width, double Axis, int Shift, double Overlap)
{
    internal static StitchedLayout Make(double axis, int columns)
    {
        var last = columns - 1;
        if (!(axis >= 0 && axis <= last) || Math.Abs(axis - (last / 2.0)) < 1)
        {
            throw new ArgumentException(
                $"The axis is at column {axis:0.##} of {columns}; for half acquisition it lies on the detector, near one of its edges.", nameof(axis));
        }

        // The longer side of the axis is seen at once; the mirror image of the same length lies beyond it.
        if (axis > last / 2.0)
        {
            return new StitchedLayout((int)Math.Floor(2 * axis) + 1, axis, 0, last - axis);
        }

        var beyond = (int)Math.Floor(last - (2 * axis));
        return new StitchedLayout(columns + beyond, axis + beyond, beyond, axis);
    }
}
