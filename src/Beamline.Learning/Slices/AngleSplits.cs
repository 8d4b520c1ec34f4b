namespace Beamline.Learning;

/// <summary>Deals the views of a scan into parts that see the sample from all sides alike.</summary>
internal static class AngleSplits
{
    /// <summary>Views that each part needs.</summary>
    public const int LeastViews = 8;

    /// <summary>
    /// Views in the order of their direction, dealt out in turn. Directions count modulo 180 degrees: of a full turn, which sees each direction twice, every k-th
    /// view would give parts with half as many directions; and views in the order of a golden angle would give parts with gaps.
    /// </summary>
    /// <returns>Indices of the views of each part, in rising order.</returns>
    public static int[][] Deal(IReadOnlyList<double> anglesDegrees, int splits)
    {
        var order = Enumerable.Range(0, anglesDegrees.Count).OrderBy(i => Direction(anglesDegrees[i])).ThenBy(i => anglesDegrees[i]).ToArray();
        return [.. Enumerable.Range(0, splits).Select(k => order.Where((_, place) => place % splits == k).Order().ToArray())];
    }

    /// <summary>Angle modulo 180. What rounding puts just below 180 is 0.</summary>
    private static double Direction(double degrees)
    {
        var folded = ((degrees % 180) + 180) % 180;
        return 180 - folded < 1e-6 ? 0 : folded;
    }
}
