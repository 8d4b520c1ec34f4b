namespace Beamline.Learning;

/// <summary>One part of an image that is denoised by itself.</summary>
/// <param name="InputStart">First pixel that goes in, a multiple of the network's.</param>
/// <param name="InputLength">Pixels that go in.</param>
/// <param name="Start">First pixel that is kept.</param>
/// <param name="Length">Pixels that are kept.</param>
internal readonly record struct Tile(int InputStart, int InputLength, int Start, int Length);

/// <summary>Divides an edge of an image into tiles that see all that their pixels depend on.</summary>
internal static class Tiles
{
    public static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    /// <summary>Tiles of an edge whose length is a multiple of the network's.</summary>
    /// <param name="length">Length of the edge.</param>
    /// <param name="kept">Pixels that a tile keeps, nearly.</param>
    /// <param name="halo">Pixels that it must see beyond them.</param>
    /// <param name="multiple">What the network needs: inner grids then lie alike in the tile and in the whole.</param>
    public static IReadOnlyList<Tile> Divide(int length, int kept, int halo, int multiple)
    {
        var (step, reach) = (Math.Max(multiple, kept / multiple * multiple), RoundUp(halo, multiple));
        var tiles = new List<Tile>();
        for (var start = 0; start < length; start += step)
        {
            var end = Math.Min(length, start + step);
            var (from, to) = (Math.Max(0, start - reach), Math.Min(length, end + reach));
            tiles.Add(new Tile(from, to - from, start, end - start));
        }

        return tiles;
    }
}
