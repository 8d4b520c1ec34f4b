namespace Beamline.Data.Scans;

/// <summary>What can be wrong with a list of angles although every one of them is a number.</summary>
internal static class AngleChecks
{
    private const int FewestToJudge = 20;

    /// <summary>The sentence about angles that look like radians; null when they do not.</summary>
    /// <remarks>A scan that turns by pi or two pi DEGREES in twenty steps or more is not made by anybody.</remarks>
    internal static string? LikeRadians(IReadOnlyList<double> angles)
    {
        if (angles.Count < FewestToJudge)
        {
            return null;
        }

        var span = angles.Max() - angles.Min();
        var withLast = span * angles.Count / (angles.Count - 1);
        return Near(span) || Near(withLast)
            ? $"the {angles.Count} angles go from {angles.Min():0.####} to {angles.Max():0.####}, which looks like radians taken for degrees. " +
              "Say what they are: ScanOptions.AngleUnit = AngleUnit.Radians (they are converted), or AngleUnit.Degrees if they really are degrees."
            : null;
    }

    /// <summary>What is strange but can be worked with: angles out of order, or the same more than once.</summary>
    internal static IEnumerable<string> Strange(IReadOnlyList<double> angles)
    {
        var turns = 0;
        var firstTurn = -1;
        for (var i = 2; i < angles.Count; i++)
        {
            if ((angles[i] - angles[i - 1]) * (angles[i - 1] - angles[i - 2]) < 0)
            {
                turns++;
                firstTurn = firstTurn < 0 ? i : firstTurn;
            }
        }

        if (turns > 0)
        {
            yield return $"the angles are not in order: they turn around {turns} times, first at projection {firstTurn} " +
                $"({angles[firstTurn - 1]:0.####}° to {angles[firstTurn]:0.####}°). Right for an interlaced scan; otherwise give them with ScanOptions.AnglesDegrees.";
        }

        var order = Enumerable.Range(0, angles.Count).OrderBy(i => angles[i]).ToArray();
        var same = Enumerable.Range(1, Math.Max(0, order.Length - 1)).Where(i => angles[order[i]] == angles[order[i - 1]]).ToArray();
        if (same.Length > 0)
        {
            yield return $"{same.Length} angles are there more than once, for instance {angles[order[same[0]]]:0.####}° of projections " +
                $"{order[same[0] - 1]} and {order[same[0]]}. Those directions count double in a reconstruction.";
        }
    }

    private static bool Near(double span) => Math.Abs(span - Math.PI) < 0.01 * Math.PI || Math.Abs(span - (2 * Math.PI)) < 0.02 * Math.PI;
}
