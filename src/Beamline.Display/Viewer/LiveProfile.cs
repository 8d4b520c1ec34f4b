namespace Beamline.Display;

/// <summary>Exact values along a line of a cut, by straight lines between pixels; the nearest where one is not finite.</summary>
internal static class LiveProfile
{
    private const int MostPoints = 4096;

    /// <summary>Reads about one value for each pixel of the line, both ends included.</summary>
    /// <param name="array">The array.</param>
    /// <param name="cut">The cut; its region and step are not looked at.</param>
    /// <param name="from">Row and column of the first point.</param>
    /// <param name="to">Row and column of the last point.</param>
    public static float[] Read(object array, PlaneRequest cut, (double Row, double Column) from, (double Row, double Column) to)
    {
        var shape = ArrayRows.Of(array).Shape;
        int[] axes = [cut.Normal, cut.Rows, cut.Columns];
        if (!axes.Order().SequenceEqual([0, 1, 2]) || !new[] { from.Row, from.Column, to.Row, to.Column }.All(double.IsFinite))
        {
            throw new ArgumentException("a line needs two points in a cut");
        }

        var (rows, columns) = (shape[cut.Rows], shape[cut.Columns]);
        (double Row, double Column) Inside((double Row, double Column) p) => (Math.Clamp(p.Row, 0, rows - 1), Math.Clamp(p.Column, 0, columns - 1));
        var count = Math.Clamp((int)Math.Ceiling(Math.Sqrt(Square(to.Row - from.Row) + Square(to.Column - from.Column))) + 1, 2, MostPoints);
        var values = new float[count];
        Plane? patch = null;
        var (patchRow, patchColumn) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var t = (double)i / (count - 1);
            var (row, column) = Inside((from.Row + ((to.Row - from.Row) * t), from.Column + ((to.Column - from.Column) * t)));
            // Patches along the line: few reads, and never a whole plane.
            if (patch is null || row < patchRow || column < patchColumn || row > patchRow + patch.RowCount - 2 && patchRow + patch.RowCount < rows ||
                column > patchColumn + patch.ColumnCount - 2 && patchColumn + patch.ColumnCount < columns)
            {
                (patchRow, patchColumn) = ((int)row / 32 * 32, (int)column / 32 * 32);
                patch = LivePlane.Read(array, cut with
                {
                    RowStart = patchRow, ColumnStart = patchColumn, RowEnd = Math.Min(rows, patchRow + 34), ColumnEnd = Math.Min(columns, patchColumn + 34), Step = 1,
                });
            }

            values[i] = Between(patch, row - patchRow, column - patchColumn);
        }

        return values;
    }

    private static double Square(double v) => v * v;

    private static float Between(Plane p, double row, double column)
    {
        var (r, c) = ((int)row, (int)column);
        var (r1, c1) = (Math.Min(r + 1, p.RowCount - 1), Math.Min(c + 1, p.ColumnCount - 1));
        var (fr, fc) = (row - r, column - c);
        var top = (p.Row(r)[c] * (1 - fc)) + (p.Row(r)[c1] * fc);
        var bottom = (p.Row(r1)[c] * (1 - fc)) + (p.Row(r1)[c1] * fc);
        var mean = (float)((top * (1 - fr)) + (bottom * fr));
        return float.IsFinite(mean) ? mean : p.Row(fr < 0.5 ? r : r1)[fc < 0.5 ? c : c1];
    }
}
