namespace Beamline.Data;

/// <summary>Finds the name that a user probably meant, by counting edits between words.</summary>
internal static class Nearest
{
    /// <summary>" Did you mean X?", or nothing when no name is near.</summary>
    internal static string DidYouMean(string written, IEnumerable<string> names)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var name in names)
        {
            var distance = Distance(written, name);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return best is not null && bestDistance <= Math.Max(1, (written.Length + 2) / 3) ? $" Did you mean {best}?" : "";
    }

    private static int Distance(string a, string b)
    {
        // Levenshtein, one row at a time; upper and lower case count as the same letter.
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                var replaced = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
