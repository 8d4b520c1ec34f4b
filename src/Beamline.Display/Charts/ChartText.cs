namespace Beamline.Display;

/// <summary>What a log shows of a chart: one line.</summary>
internal static class ChartText
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const int SparkWidth = 16;
    private const int MostTraces = 4;

    /// <summary>Title, and of each line its number of points, where it begins and ends and a sketch of it.</summary>
    public static string Of(ChartFigure chart) => string.Concat(Line(chart).Select(c => char.IsControl(c) ? ' ' : c));

    private static string Line(ChartFigure chart)
    {
        var title = (chart.Title.Length > 0 ? $"Chart '{chart.Title}'" : "Chart") + (chart.Subtitle.Length > 0 ? $" ({chart.Subtitle})" : "");
        if (chart.Kinds.Count == 0)
        {
            return $"{title} without data";
        }

        var traces = chart.Traces.Take(MostTraces).Select(trace => Trace(trace, chart)).ToList();
        if (chart.NotDrawn.Count > 0)
        {
            traces.AddRange(chart.NotDrawn.Distinct().Take(MostTraces));
        }

        if (chart.Traces.Count > MostTraces)
        {
            traces.Add($"{chart.Traces.Count - MostTraces} more");
        }

        return $"{title}: {string.Join("; ", traces)}";
    }

    private static string Trace(ChartTrace trace, ChartFigure chart)
    {
        var finite = trace.Y.Where(double.IsFinite).ToArray();
        var name = trace.Name.Length > 0 ? trace.Name : trace.HasBars ? "bars" : trace.HasLine ? "line" : "points";
        var count = $"{name}, {trace.PointsBefore:N0} {(trace.PointsBefore == 1 ? "point" : "points")}";
        if (finite.Length == 0)
        {
            return $"{count}, no finite value";
        }

        var isLog = trace.OnSecondAxis ? chart.Y2?.IsLog == true : chart.Y.IsLog;
        var range = finite.Length == 1
            ? NumberText.Short(finite[0])
            : $"{NumberText.Short(finite[0])} to {NumberText.Short(finite[^1])} (from {NumberText.Short(finite.Min())} to {NumberText.Short(finite.Max())})";
        return finite.Length < 3 ? $"{count}, {range}" : $"{count}, {range} {Spark(trace.Y, isLog)}";
    }

    // One block for the mean of each run of points; a blank where there is none.
    private static string Spark(double[] values, bool isLog)
    {
        var scaled = Array.ConvertAll(values, v => isLog ? v > 0 ? Math.Log10(v) : double.NaN : v);
        var width = Math.Min(SparkWidth, scaled.Length);
        var means = Enumerable.Range(0, width).Select(i =>
        {
            var run = scaled.AsSpan((int)((long)i * scaled.Length / width)..(int)((long)(i + 1) * scaled.Length / width)).ToArray();
            return run.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();
        }).ToArray();
        var finite = means.Where(double.IsFinite).ToArray();
        if (finite.Length == 0)
        {
            return "";
        }

        var (low, high) = (finite.Min(), finite.Max());
        return string.Concat(means.Select(mean => !double.IsFinite(mean) ? ' '
            : Blocks[high > low ? Math.Min(Blocks.Length - 1, (int)((mean - low) / (high - low) * Blocks.Length)) : 0])).TrimEnd();
    }
}
