namespace Beamline.Tomography.Preprocessing;

/// <summary>
/// Columns that flicker are interpolated over. Half of all angles see a column change little, whatever the sample does (its edges are rare);
/// where the median of the second difference along the angle is far above that of the columns around, the column itself is restless.
/// </summary>
/// <remarks>Ours; Vo 2018, algorithm 6, takes means, which the edges of the sample rule.</remarks>
/// <param name="ratio">How much more a column changes than those around it.</param>
/// <param name="size">Columns of the median that says how much is usual.</param>
internal sealed class FlickerStripes(double ratio, int size) : StripeRemover
{
    /// <summary>A column beside a restless one that shares some of its unrest goes too.</summary>
    private const double Beside = 1.5;

    internal override void Apply(SinogramBlock sinogram)
    {
        var unrest = Unrest(sinogram);
        var usual = new float[unrest.Length];
        new RunningMedian(size).Apply(unrest, usual);
        var mask = new bool[unrest.Length];
        for (var c = 2; c < mask.Length - 2; c++)
        {
            mask[c] = Exceeds(c, ratio) || (Exceeds(c, Beside) && (Exceeds(c - 1, ratio) || Exceeds(c + 1, ratio)));
        }

        StripeDetector.InterpolateOver(sinogram, mask);

        bool Exceeds(int column, double factor) => unrest[column] > factor * usual[column];
    }

    private static float[] Unrest(SinogramBlock sinogram)
    {
        var (angles, columns) = (sinogram.Angles, sinogram.Columns);
        var columnMajor = new float[sinogram.Values.Length];
        ColumnTranspose.Run(sinogram.Values, columnMajor, angles, columns);
        var changes = new float[angles - 2];
        var unrest = new float[columns];
        for (var c = 0; c < columns; c++)
        {
            var values = columnMajor.AsSpan(c * angles, angles);
            for (var a = 0; a < changes.Length; a++)
            {
                changes[a] = Math.Abs(values[a] - (2 * values[a + 1]) + values[a + 2]);
            }

            unrest[c] = SelectedMedian.Of(changes);
        }

        return unrest;
    }
}
