using Beamline.Arrays;

namespace Beamline.Tomography.Operators;

/// <summary>Pixels [X0, X1) x [Y0, Y1) of a band that a thread backprojects at a time; FirstRow is the image row of the band's row 0.</summary>
internal readonly record struct PixelTile(int X0, int X1, int Y0, int Y1, int FirstRow)
{
    /// <summary>The columns of 16 angles under a tile of this edge stay in the second cache.</summary>
    private const int Edge = 64;

    private const int SmallEdge = 16;

    /// <summary>Cuts a band into tiles: large ones first, and small ones at the end, so that all threads are through at nearly the same time.</summary>
    internal static List<PixelTile> Cut(InterleavedSlab band, int firstRow, int threads)
    {
        var tiles = new List<PixelTile>();
        var size = Tiles(band, Edge) >= 4 * threads ? Edge : Edge / 2;
        AddTiles(tiles, new PixelTile(0, band.InnerCount, 0, band.OuterCount, firstRow), size);
        if (threads > 1)
        {
            var first = Math.Max(0, tiles.Count - threads);
            var last = tiles[first..];
            tiles.RemoveRange(first, last.Count);
            last.ForEach(tile => AddTiles(tiles, tile, SmallEdge));
        }

        return tiles;
    }

    private static int Tiles(InterleavedSlab band, int edge) => ((band.InnerCount + edge - 1) / edge) * ((band.OuterCount + edge - 1) / edge);

    private static void AddTiles(List<PixelTile> tiles, PixelTile all, int edge)
    {
        for (var y = all.Y0; y < all.Y1; y += edge)
        {
            for (var x = all.X0; x < all.X1; x += edge)
            {
                tiles.Add(new PixelTile(x, Math.Min(x + edge, all.X1), y, Math.Min(y + edge, all.Y1), all.FirstRow));
            }
        }
    }
}
