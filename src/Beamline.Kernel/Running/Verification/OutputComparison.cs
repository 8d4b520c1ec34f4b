using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Beamline.Kernel;

/// <summary>Compares one output with its stored form.</summary>
internal sealed partial class OutputComparison(VerifyOptions options)
{
    private const string WidgetView = "application/vnd.jupyter.widget-view+json";
    private readonly TextComparison _text = new(options.NumberTolerance);

    /// <summary>What an output is, in a word.</summary>
    public static string Kind(JsonObject output) => (string?)output["output_type"] switch
    {
        "stream" => (string?)output["name"] ?? "stdout",
        "error" => "error",
        _ => (output["data"] as JsonObject)?.Select(p => p.Key).Order(StringComparer.Ordinal).LastOrDefault() ?? "nothing",
    };

    /// <summary>The differences, each with its kind; none when the outputs agree.</summary>
    public IEnumerable<(string Kind, string Text)> Compare(JsonObject before, JsonObject now)
    {
        var (was, isNow) = ((string?)before["output_type"], (string?)now["output_type"]);
        if (was != isNow || (was == "stream" && (string?)before["name"] != (string?)now["name"]))
        {
            return [(Kind(before), $"stored as {was} {Kind(before)}, made as {isNow} {Kind(now)}")];
        }

        return was switch
        {
            "stream" => One(Kind(before), _text.Difference(Timeless(before), Timeless(now))),
            // The traceback holds places in files and differs between versions; name and message are what was promised.
            "error" => One("error", Error(before) is var a && Error(now) is var b && a == b ? null : $"stored '{a}', now '{b}'"),
            _ => Data(before["data"] as JsonObject ?? [], now["data"] as JsonObject ?? []),
        };
    }

    private static string Error(JsonObject output) => $"{output["ename"]}: {output["evalue"]}";

    private static IEnumerable<(string, string)> One(string kind, string? difference) =>
        difference is null ? [] : [(kind, difference)];

    private IEnumerable<(string Kind, string Text)> Data(JsonObject before, JsonObject now)
    {
        foreach (var type in before.Select(p => p.Key).Union(now.Select(p => p.Key)))
        {
            var (a, b) = (before[type], now[type]);
            var difference = a is null ? "was not stored" : b is null ? "is no longer made"
                : type == WidgetView ? null
                : NotebookWriter.IsJson(type) ? Json(a, b, "")
                : Flat(type, a.ToString(), b.ToString());
            if (difference is not null)
            {
                yield return (type, difference);
            }
        }
    }

    private string? Flat(string type, string before, string now) => type switch
    {
        "image/png" => Picture(before, now),
        _ when type.StartsWith("image/", StringComparison.Ordinal) && type != "image/svg+xml" =>
            Compact(before) == Compact(now) ? null : "the pictures differ (only PNG is compared by its pixels)",
        "text/html" or "image/svg+xml" => Html(before, now),
        _ => _text.Difference(before, now),
    };

    private string? Picture(string before, string now) => PictureComparison.Difference(before, now, options.ImageTolerance);

    /// <summary>HTML with its pictures compared as pictures, and with the identifiers that are made anew each time taken out.</summary>
    private string? Html(string before, string now)
    {
        var (oldPictures, newPictures) = (Embedded().Matches(before), Embedded().Matches(now));
        if (oldPictures.Count != newPictures.Count)
        {
            return $"{oldPictures.Count} pictures are stored, {newPictures.Count} were made";
        }

        for (var i = 0; i < oldPictures.Count; i++)
        {
            if (Picture(oldPictures[i].Groups[1].Value, newPictures[i].Groups[1].Value) is { } difference)
            {
                return $"picture {i + 1}: {difference}";
            }
        }

        return _text.Difference(Neutral(before), Neutral(now));
    }

    private string? Json(JsonNode before, JsonNode now, string path)
    {
        switch (before, now)
        {
            case (JsonObject a, JsonObject b):
                foreach (var name in a.Select(p => p.Key).Union(b.Select(p => p.Key)))
                {
                    var at = $"{path}.{name}";
                    var difference = !a.ContainsKey(name) ? $"{at} was not stored" : !b.ContainsKey(name) ? $"{at} is no longer there"
                        : Member(a[name], b[name], at);
                    if (difference is not null)
                    {
                        return difference;
                    }
                }

                return null;
            case (JsonArray a, JsonArray b):
                return a.Count != b.Count
                    ? $"{Place(path)} had {a.Count} elements, has {b.Count}"
                    : a.Zip(b).Select((pair, i) => Member(pair.First, pair.Second, $"{path}[{i}]")).FirstOrDefault(d => d is not null);
            case (JsonValue a, JsonValue b) when IsNumber(a) && IsNumber(b):
                return _text.AreClose(Number(a), Number(b)) ? null : $"{Place(path)} was {a.ToJsonString()}, is {b.ToJsonString()}";
            case (JsonValue a, JsonValue b) when a.GetValueKind() == b.GetValueKind() && a.GetValueKind() == System.Text.Json.JsonValueKind.String:
                return Html((string)a!, (string)b!) is { } text ? $"{Place(path)}: {text}" : null;
            default:
                return before.ToJsonString() == now.ToJsonString() ? null : $"{Place(path)} was {Short(before)}, is {Short(now)}";
        }
    }

    private string? Member(JsonNode? before, JsonNode? now, string path) =>
        before is null || now is null
            ? before is null && now is null ? null : $"{Place(path)} was {Short(before)}, is {Short(now)}"
            : Json(before, now, path);

    private static string Place(string path) => path.Length == 0 ? "the value" : path.TrimStart('.');

    private static string Short(JsonNode? node) => node?.ToJsonString() is not { } text ? "null" : text.Length > 60 ? text[..60] + "…" : text;

    private static bool IsNumber(JsonValue value) => value.GetValueKind() == System.Text.Json.JsonValueKind.Number;

    private static double Number(JsonValue value) => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);

    // What #!time printed is another each time, and no result.
    private static string Timeless(JsonObject stream) => TimeLine().Replace((string?)stream["text"] ?? "", "(time)");

    private static string Compact(string base64) => base64.ReplaceLineEndings("").Trim();

    private static string Neutral(string html) =>
        Identifier().Replace(Embedded().Replace(Viewer().Replace(html, "(viewer)"), "(picture)"), "(id)");

    // The viewer holds the packed values of the picture before it, which is compared as a picture, and the script of one version.
    [GeneratedRegex("(?<=<div data-beamline-viewer=\")[0-9a-f]+(?=\")|<script>if\\(!\\(globalThis\\.BeamlineViewer.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Viewer();

    [GeneratedRegex(@"^Time: [0-9.]+ m?s \(all threads of the process: [0-9.]+ m?s\)$", RegexOptions.Multiline)]
    private static partial Regex TimeLine();

    [GeneratedRegex("data:image/png;base64,([A-Za-z0-9+/=\\s]+)")]
    private static partial Regex Embedded();

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|\\b[0-9a-f]{32}\\b")]
    private static partial Regex Identifier();
}
