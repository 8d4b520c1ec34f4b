namespace Beamline.Display;

/// <summary>
/// What is drawn in one panel: values [row, column], and how many pixels of the array lie between two of them
/// (more than 1 when a big array was read sparsely).
/// </summary>
internal sealed record Plane(int RowCount, int ColumnCount, float[] Values)
{
    /// <summary>Pixels of the array for each row of the plane.</summary>
    public double RowStep { get; init; } = 1;

    /// <summary>Pixels of the array for each column of the plane.</summary>
    public double ColumnStep { get; init; } = 1;

    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * ColumnCount, ColumnCount);
}
