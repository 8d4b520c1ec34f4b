using System.Text.Json.Nodes;

namespace Beamline.Display;

/// <summary>Makes the static form of a plotly figure, or says what of it cannot be drawn.</summary>
internal static class ChartReader
{
    // More bins than a histogram gets by itself are not seen in a small picture.
    private const int MostAutomaticBins = 100;

    public static ChartFigure Read(JsonObject figure)
    {
        var layout = figure["layout"] as JsonObject ?? [];
        var colors = Colors(layout);
        var traces = new List<ChartTrace>();
        var kinds = new List<string>();
        var notDrawn = new List<string>();
        var names = new List<string>();
        foreach (var node in figure["data"] as JsonArray ?? [])
        {
            if (node is not JsonObject trace || ChartJson.Word(trace["visible"]) == "legendonly" || ChartJson.Flag(trace["visible"]) == false)
            {
                continue;
            }

            var kind = ChartJson.Word(trace["type"]) ?? "scatter";
            kinds.Add(kind);
            if (Obstacle(trace, kind, layout) is { } obstacle)
            {
                notDrawn.Add(obstacle);
            }
            else
            {
                traces.Add(Trace(trace, kind, colors[traces.Count % colors.Count], names));
            }
        }

        if (ChartJson.Word(layout["barmode"]) is "stack" or "relative" && traces.Count(t => t.HasBars) > 1)
        {
            notDrawn.Add("stacked bars");
        }

        var named = traces.Count(trace => trace.InLegend && trace.Name.Length > 0);
        var title = ChartJson.Text(layout["title"]).Split(ChartJson.LineBreak, 2);
        return new(title[0], Axis(layout["xaxis"], names), Axis(layout["yaxis"], []), traces, kinds, notDrawn)
        {
            Subtitle = title.Length > 1 ? title[1].Replace(ChartJson.LineBreak, ' ') : "",
            Y2 = traces.Any(trace => trace.OnSecondAxis) ? Axis(layout["yaxis2"], []) : null,
            HasLegend = named > 0 && (ChartJson.Flag(layout["showlegend"]) ?? traces.Count > 1),
            Size = (Pixels(layout["width"], 640), Pixels(layout["height"], 400)),
        };
    }

    private static int Pixels(JsonNode? node, int usual) => (int)Math.Clamp(ChartJson.Number(node) ?? usual, 240, 1600);

    private static IReadOnlyList<string> Colors(JsonObject layout)
    {
        var way = layout["colorway"] as JsonArray ?? layout["template"]?["layout"]?["colorway"] as JsonArray;
        var colors = way?.Select(ChartJson.Word).OfType<string>().ToArray();
        return colors is { Length: > 0 } ? colors : ChartTemplate.Colors;
    }

    private static string? Obstacle(JsonObject trace, string kind, JsonObject layout)
    {
        if (kind is not ("scatter" or "scattergl" or "bar" or "histogram"))
        {
            return kind;
        }

        if (ChartJson.Word(trace["xaxis"]) is not (null or "x"))
        {
            return $"{kind} on a second x axis";
        }

        // Bars of two scales side by side would be compared by eye.
        if (ChartJson.Word(trace["yaxis"]) is { } side && side != "y" &&
            !(side == "y2" && kind.StartsWith("scatter", StringComparison.Ordinal) && ChartJson.Word(layout["yaxis2"]?["overlaying"]) == "y"))
        {
            return $"{kind} on a second axis";
        }

        if (ChartJson.Word(trace["orientation"]) == "h" || (kind == "histogram" && trace["x"] is null))
        {
            return $"horizontal {kind}";
        }

        foreach (var extra in new[] { "error_x", "error_y" })
        {
            if (trace[extra] is not null)
            {
                return $"{kind} with error bars";
            }
        }

        if (ChartJson.Word(trace["fill"]) is { } fill && fill is not ("none" or "tozeroy"))
        {
            return $"{kind} filled {fill}";
        }

        if (kind == "histogram" && (ChartJson.Word(trace["histnorm"]) is { Length: > 0 } || trace["cumulative"] is not null ||
            ChartJson.Word(trace["histfunc"]) is not (null or "count")))
        {
            return "normalized or cumulative histogram";
        }

        var needed = ChartJson.Values(trace[kind == "histogram" ? "x" : "y"]);
        return needed is null ? $"{kind} without values" : null;
    }

    private static ChartTrace Trace(JsonObject trace, string kind, string color, List<string> names)
    {
        var name = ChartJson.Text(trace["name"]);
        var line = trace["line"] as JsonObject;
        var marker = trace["marker"] as JsonObject;
        var own = ChartJson.Word(line?["color"]) ?? ChartJson.Word(marker?["color"]) ?? color;
        if (kind == "histogram")
        {
            var (centers, counts, width) = Count(trace);
            return new(name, own, centers, counts) { HasBars = true, BarWidth = width, InLegend = Listed(trace) };
        }

        var y = Numbers(ChartJson.Values(trace["y"])!, null);
        var x = ChartJson.Values(trace["x"]) is { } places
            ? Numbers(places, names)
            : [.. Enumerable.Range(0, y.Length).Select(i => (ChartJson.Number(trace["x0"]) ?? 0) + (i * (ChartJson.Number(trace["dx"]) ?? 1)))];
        var count = Math.Min(x.Length, y.Length);
        if (kind == "bar")
        {
            return new(name, own, x[..count], y[..count])
            {
                HasBars = true,
                BarWidth = ChartJson.Number(trace["width"]),
                InLegend = Listed(trace),
            };
        }

        var mode = ChartJson.Word(trace["mode"]) ?? (count < 20 ? "lines+markers" : "lines");
        return new(name, own, x[..count], y[..count])
        {
            HasLine = mode.Contains("lines", StringComparison.Ordinal),
            HasMarkers = mode.Contains("markers", StringComparison.Ordinal),
            IsFilled = ChartJson.Word(trace["fill"]) == "tozeroy",
            Dash = ChartJson.Word(line?["dash"]) ?? "solid",
            OnSecondAxis = ChartJson.Word(trace["yaxis"]) == "y2",
            InLegend = Listed(trace),
        };
    }

    private static bool Listed(JsonObject trace) => ChartJson.Flag(trace["showlegend"]) ?? true;

    // Texts become places 0, 1, 2 ... in the order in which they first occur; without names they are gaps.
    private static double[] Numbers(object?[] values, List<string>? names) =>
    [
        .. values.Select(value =>
        {
            if (value is double number)
            {
                return number;
            }

            if (value is not string text || names is null)
            {
                return double.NaN;
            }

            if (!names.Contains(text))
            {
                names.Add(text);
            }

            return names.IndexOf(text);
        }),
    ];

    private static (double[] Centers, double[] Counts, double Width) Count(JsonObject trace)
    {
        var values = Numbers(ChartJson.Values(trace["x"])!, null).Where(double.IsFinite).ToArray();
        if (values.Length == 0)
        {
            return ([], [], 1);
        }

        double low = values.Min(), high = values.Max();
        var bins = trace["xbins"] as JsonObject;
        var asked = (int)(ChartJson.Number(trace["nbinsx"]) ?? Math.Min(MostAutomaticBins, Math.Ceiling(Math.Sqrt(values.Length))));
        var width = ChartJson.Number(bins?["size"]) ?? (high > low ? Ticks.RoundStep((high - low) / Math.Max(1, asked)) : 1);
        var start = ChartJson.Number(bins?["start"]) ?? (Math.Floor(low / width) * width);
        var count = Math.Clamp((int)Math.Floor((high - start) / width) + 1, 1, 10_000);
        var counts = new double[count];
        foreach (var value in values)
        {
            var bin = (int)Math.Floor((value - start) / width);
            if (bin >= 0 && bin < count)
            {
                counts[bin]++;
            }
        }

        return ([.. Enumerable.Range(0, count).Select(i => start + ((i + 0.5) * width))], counts, width);
    }

    private static ChartAxis Axis(JsonNode? node, List<string> categories)
    {
        var axis = node as JsonObject;
        var isLog = ChartJson.Word(axis?["type"]) == "log";
        var ends = ChartJson.Values(axis?["range"]);
        (double, double)? range = ends is [double from, double to]
            ? isLog ? (Math.Pow(10, from), Math.Pow(10, to)) : (from, to)
            : null;
        return new(ChartJson.Text(axis?["title"]), isLog)
        {
            Range = range,
            IsReversed = ChartJson.Word(axis?["autorange"]) == "reversed",
            Categories = categories,
        };
    }
}
