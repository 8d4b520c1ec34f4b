namespace Beamline.Learning;

/// <summary>The eight ways to lay a picture down: mirrored up-down or left-right, rows and columns exchanged.</summary>
/// <param name="FlipRows">Up-down.</param>
/// <param name="FlipColumns">Left-right.</param>
/// <param name="Transpose">Rows and columns exchanged, after mirroring.</param>
internal readonly record struct Orientation(bool FlipRows, bool FlipColumns, bool Transpose)
{
    /// <summary>All of them, the picture as it is first, those without exchange before those with.</summary>
    public static IReadOnlyList<Orientation> All { get; } =
        [.. Enumerable.Range(0, 8).Select(i => new Orientation((i & 1) != 0, (i & 2) != 0, (i & 4) != 0))];

    /// <summary>Rows and columns of the picture when it is laid down so.</summary>
    public (int Rows, int Columns) Shape(int rows, int columns) => Transpose ? (columns, rows) : (rows, columns);

    /// <summary>Lays images [channel, row, column] down.</summary>
    public void Lay(ReadOnlySpan<float> from, int rows, int columns, Span<float> into)
    {
        for (var start = 0; start < from.Length; start += rows * columns)
        {
            for (var r = 0; r < rows; r++)
            {
                for (var c = 0; c < columns; c++)
                {
                    into[start + Place(r, c, rows, columns)] = from[start + (r * columns) + c];
                }
            }
        }
    }

    /// <summary>Where a pixel of the picture comes to lie.</summary>
    public int Place(int row, int column, int rows, int columns)
    {
        var (r, c) = (FlipRows ? rows - 1 - row : row, FlipColumns ? columns - 1 - column : column);
        return Transpose ? (c * rows) + r : (r * columns) + c;
    }
}
