using System.Text.Json.Nodes;

namespace Beamline.Display;

/// <summary>
/// Makes lines of very many points short without changing how they look: of each run of points the first, the last and those with the
/// smallest and largest values stay, in their order, and one gap if there was any. So no peak is lost.
/// </summary>
internal static class ChartThinning
{
    /// <summary>A line of more points is thinned before it is saved.</summary>
    public const int MostSaved = 20_000;

    // A run leaves 7 points at most: first, last, the extremes of x and of y, a gap.
    private const int MostPerRun = 7;

    /// <summary>Which points stay; null when there are not too many.</summary>
    public static int[]? Kept(IReadOnlyList<double> x, IReadOnlyList<double> y, int most)
    {
        var count = Math.Min(x.Count, y.Count);
        if (count <= most)
        {
            return null;
        }

        var runs = Math.Max(1, most / MostPerRun);
        var kept = new List<int>(runs * MostPerRun);
        var run = new List<int>(MostPerRun);
        for (var r = 0; r < runs; r++)
        {
            var (from, to) = ((int)((long)r * count / runs), (int)((long)(r + 1) * count / runs));
            int lowX = -1, highX = -1, lowY = -1, highY = -1, gap = -1;
            for (var i = from; i < to; i++)
            {
                var (a, b) = (x[i], y[i]);
                if (!double.IsFinite(a) || !double.IsFinite(b))
                {
                    gap = gap < 0 ? i : gap;
                    continue;
                }

                lowX = lowX < 0 || a < x[lowX] ? i : lowX;
                highX = highX < 0 || a > x[highX] ? i : highX;
                lowY = lowY < 0 || b < y[lowY] ? i : lowY;
                highY = highY < 0 || b > y[highY] ? i : highY;
            }

            run.Clear();
            run.AddRange([from, to - 1, lowX, highX, lowY, highY, gap]);
            run.Sort();
            foreach (var i in run)
            {
                if (i >= 0 && (kept.Count == 0 || kept[^1] != i))
                {
                    kept.Add(i);
                }
            }
        }

        return [.. kept];
    }

    /// <summary>A trace with fewer points, or the same.</summary>
    public static ChartTrace Thin(ChartTrace trace, int most) => Kept(trace.X, trace.Y, most) is { } kept
        ? trace with { X = [.. kept.Select(i => trace.X[i])], Y = [.. kept.Select(i => trace.Y[i])], PointsBefore = trace.PointsBefore }
        : trace;

    /// <summary>What a reader of a thinned line is told.</summary>
    public static string Note(int points, int kept) =>
        $"{points:N0} points, drawn by the smallest and largest of each {Math.Max(2, (long)points * MostPerRun / MostSaved):N0} ({kept:N0} points)";

    /// <summary>Thins the long lines of a figure, and says so below its title.</summary>
    /// <returns>What was said; null when nothing was too long.</returns>
    public static string? Thin(JsonObject figure)
    {
        string? said = null;
        foreach (var node in figure["data"] as JsonArray ?? [])
        {
            if (node is not JsonObject trace || ChartJson.Word(trace["type"]) is not (null or "scatter" or "scattergl") ||
                ChartJson.Values(trace["y"]) is not { } values || values.Length <= MostSaved)
            {
                continue;
            }

            var y = Numbers(values);
            var places = ChartJson.Values(trace["x"]);
            if (places is not null && places.Any(place => place is string))
            {
                continue;
            }

            var x = places is null ? [.. Enumerable.Range(0, y.Length).Select(i => (ChartJson.Number(trace["x0"]) ?? 0) + (i * (ChartJson.Number(trace["dx"]) ?? 1)))] : Numbers(places);
            if (Kept(x, y, MostSaved) is { } kept)
            {
                trace["x"] = new JsonArray([.. kept.Select(i => Value(x[i]))]);
                trace["y"] = new JsonArray([.. kept.Select(i => Value(y[i]))]);
                said ??= Note(y.Length, kept.Length);
            }
        }

        if (said is not null && figure["layout"] is JsonObject layout)
        {
            var title = ChartJson.Word(layout["title"]) ?? ChartJson.Word(layout["title"]?["text"]) ?? "";
            layout["title"] = new JsonObject { ["text"] = Titled(title, said) };
        }

        return said;
    }

    /// <summary>A title with a smaller line below it.</summary>
    public static string Titled(string title, string note) => $"{title}<br><sub>{note}</sub>";

    private static double[] Numbers(object?[] values) => Array.ConvertAll(values, v => v is double number ? number : double.NaN);

    private static JsonValue? Value(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
