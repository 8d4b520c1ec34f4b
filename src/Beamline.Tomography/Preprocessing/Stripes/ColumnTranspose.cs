namespace Beamline.Tomography.Preprocessing;

/// <summary>Exchanges rows and columns, in tiles that stay in the cache.</summary>
internal static class ColumnTranspose
{
    private const int Tile = 32;

    /// <summary>From [rows, columns] to [columns, rows].</summary>
    internal static void Run(ReadOnlySpan<float> source, Span<float> target, int rows, int columns)
    {
        for (var r0 = 0; r0 < rows; r0 += Tile)
        {
            for (var c0 = 0; c0 < columns; c0 += Tile)
            {
                var (r1, c1) = (Math.Min(r0 + Tile, rows), Math.Min(c0 + Tile, columns));
                for (var c = c0; c < c1; c++)
                {
                    for (var r = r0; r < r1; r++)
                    {
                        target[(c * rows) + r] = source[(r * columns) + c];
                    }
                }
            }
        }
    }
}
