using Beamline.Arrays;
using Beamline.Tomography;

namespace Beamline.Learning;

/// <summary>Finds the flattest square of material in a picture, and measures the noise in it.</summary>
internal static class FlatSearch
{
    private const int LeastEdge = 4;

    /// <summary>The flattest square with values of at least half of the largest, or of any values when there is none; null in tiny pictures.</summary>
    internal static FlatRegion? Find(Image guide, double discFraction)
    {
        var edge = Math.Min(Math.Clamp(guide.ColumnCount / 16, 8, 32), Math.Min(guide.RowCount, guide.ColumnCount));
        if (edge < LeastEdge)
        {
            return null;
        }

        var sorted = guide.Values.ToArray();
        Array.Sort(sorted);
        var material = sorted[(int)(0.99 * (sorted.Length - 1))] / 2;
        (FlatRegion Region, double Spread, bool IsMaterial)? best = null;
        for (var row = 0; row + edge <= guide.RowCount; row += Math.Max(1, edge / 4))
        {
            for (var column = 0; column + edge <= guide.ColumnCount; column += Math.Max(1, edge / 4))
            {
                var region = new FlatRegion(row, column, edge);
                if (!IsInside(guide, region, discFraction))
                {
                    continue;
                }

                var (mean, spread) = Measure(guide, region);
                var found = (region, spread, mean >= material);
                if (best is not { } old || (found.Item3 && !old.IsMaterial) || (found.Item3 == old.IsMaterial && spread < old.Spread))
                {
                    best = found;
                }
            }
        }

        return best?.Region;
    }

    /// <summary>Mean and standard deviation of a region; of the difference to the truth when there is one.</summary>
    internal static (double Mean, double Sigma) Measure(Image image, FlatRegion region, Image? truth = null)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var row = region.Row; row < region.Row + region.Edge; row++)
        {
            for (var column = region.Column; column < region.Column + region.Edge; column++)
            {
                double value = image[row, column] - (truth?[row, column] ?? 0);
                sum += value;
                squares += value * value;
            }
        }

        var count = (double)region.Edge * region.Edge;
        return (sum / count, Math.Sqrt(Math.Max(0, (squares - (sum * sum / count)) / (count - 1))));
    }

    /// <summary>Where the noise of slices was measured, in words; nothing when nowhere.</summary>
    internal static IEnumerable<string> Say(FlatRegion? region, bool isDifference) => region is null ? [] :
        [$"Noise of slices: standard deviation{(isDifference ? " of the difference to the reference" : "")} in the square of {region.Edge} pixels at row {region.Row}, column {region.Column} of the middle slice."];

    private static bool IsInside(Image guide, FlatRegion region, double discFraction)
    {
        var (y, x) = (region.Row + (region.Edge / 2.0) - (guide.RowCount / 2.0), region.Column + (region.Edge / 2.0) - (guide.ColumnCount / 2.0));
        return Math.Sqrt((y * y) + (x * x)) + (region.Edge / Math.Sqrt(2)) <= discFraction * guide.ColumnCount / 2;
    }
}
