namespace Beamline.Notebook;

/// <summary>Finds what a user probably meant.</summary>
public static class Suggestion
{
    /// <summary>The nearest of some names, by the number of letters inserted, removed, replaced or swapped.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="names">What would have been right.</param>
    /// <returns>The nearest name, or null when none is near (more than a third of the letters differ).</returns>
    public static string? Nearest(string written, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(names);
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var name in names)
        {
            var distance = Distance(written.ToLowerInvariant(), name.ToLowerInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (name, distance);
            }
        }

        return bestDistance <= Math.Max(1, (written.Length + 2) / 3) ? best : null;
    }

    /// <summary>" Did you mean X?" for the nearest name, or nothing when none is near.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="names">What would have been right.</param>
    /// <param name="prefix">Put before the name, for instance "--".</param>
    public static string DidYouMean(string written, IEnumerable<string> names, string prefix = "") =>
        Nearest(written, names) is { } name ? $" Did you mean {prefix}{name}?" : "";

    private static int Distance(string a, string b)
    {
        // Optimal string alignment distance (Damerau-Levenshtein without repeated edits of one substring).
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + replace);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
