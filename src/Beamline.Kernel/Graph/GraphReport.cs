using System.Net;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Shows the graph of executed cells: a drawing, and the same as text.</summary>
internal static class GraphReport
{
    public const string OnlyExecuted =
        "A kernel knows only cells that ran. 'beamline lint NOTEBOOK' looks at all cells of a file.";

    // More boxes are no picture any more; the text has all of them.
    private const int MostDrawn = 150;

    public static MimeBundle All(NotebookGraph graph)
    {
        GraphCell[] cells = [.. graph.Cells];
        if (cells.Length == 0)
        {
            return MimeBundle.FromText("No cell has run yet. " + OnlyExecuted);
        }

        var stale = graph.AllStale().ToDictionary(s => s.Cell);
        var text = string.Join('\n', cells.Select(c => Line(c, stale.GetValueOrDefault(c))));
        var summary = stale.Count == 0 ? "No cell is out of date."
            : $"{stale.Count} of {cells.Length} cells out of date. #!rerun stale runs them in order.";
        var drawn = cells.Length <= MostDrawn ? cells : cells[^MostDrawn..];
        var places = drawn.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => p.i);
        var edges = drawn.SelectMany(to => to.Inputs.Where(i => places.ContainsKey(i.Producer)).GroupBy(i => i.Producer)
            .Select(from => new GraphEdge(places[from.Key], places[to], [.. from.Select(i => i.Name).Distinct()]))).ToArray();
        var svg = GraphSvg.Draw(
            [.. drawn.Select(c => new GraphNode(c.Label, FirstLine(c.Text), stale.GetValueOrDefault(c)?.Text))],
            edges,
            summary + " The list below says the same in words.",
            "g" + Guid.NewGuid().ToString("N")[..8]);
        var note = drawn.Length < cells.Length ? $"<p>The drawing shows the last {MostDrawn} of {cells.Length} cells.</p>" : "";
        var html = $"<div>{svg}{note}<p>{WebUtility.HtmlEncode(summary)}</p><details><summary>As a list</summary>" +
            HtmlTable.Of(["Cell", "Makes or changes", "Uses", "State"], cells.Select(c => Row(c, stale.GetValueOrDefault(c)))) +
            $"</details><p><small>{WebUtility.HtmlEncode(OnlyExecuted)}</small></p></div>";
        return MimeBundle.FromHtml(html, $"{text}\n{summary}\n{OnlyExecuted}");
    }

    public static MimeBundle One(NotebookGraph graph, string name)
    {
        GraphCell[] makers = [.. graph.Cells.Where(c => c.Writes.Contains(name))];
        if (makers.Length == 0)
        {
            throw new MagicException($"No cell that ran makes {name}." +
                Suggestion.DidYouMean(name, graph.Cells.SelectMany(c => c.Writes).Distinct()) + " " + OnlyExecuted);
        }

        var slot = graph.SlotOf(name);
        var lines = new List<string>();
        foreach (var maker in makers)
        {
            var isNow = slot?.Writer == maker ? " (its present value)" : "";
            lines.Add($"{name} is {(maker.Facts.Declares.Any(d => d.Name == name) ? "made" : "changed")} by {maker.Label}{isNow}");
            lines.AddRange(maker.Inputs.Select(i => $"  which uses {i.Name} of {i.Producer.Label}").Distinct());
            if (NotebookGraph.Stale(maker) is { } cause)
            {
                lines.Add($"  OUT OF DATE: {cause.Text}");
            }
        }

        GraphCell[] users = [.. graph.Cells.Where(c => c.Inputs.Any(i => i.Name == name))];
        lines.Add(users.Length == 0 ? $"No other cell uses {name}." : $"{name} is used by {string.Join(", ", users.Select(u => u.Label))}");
        var further = graph.Cells.Where(c => !users.Contains(c) && users.Any(u => u != c && NotebookGraph.DependsOn(c, u))).ToArray();
        if (further.Length > 0)
        {
            lines.Add($"and through them by {string.Join(", ", further.Select(u => u.Label))}");
        }

        return MimeBundle.FromText(string.Join('\n', lines));
    }

    private static string Line(GraphCell cell, StaleCause? cause)
    {
        var row = Row(cell, cause);
        return $"{row[0]}: {(row[1].Length > 0 ? $"makes {row[1]}" : "makes nothing")}" +
            (row[2].Length > 0 ? $"; uses {row[2]}" : "") + (row[3].Length > 0 ? $"; {row[3]}" : "");
    }

    private static string[] Row(GraphCell cell, StaleCause? cause) =>
    [
        cell.Label,
        string.Join(", ", cell.Writes),
        string.Join(", ", cell.Inputs.Select(i => $"{i.Name} of {i.Producer.Label}").Distinct()),
        cause is not null ? $"OUT OF DATE: {cause.Text}" : cell.Status == CellStatus.Ok ? "" : "ended with an error",
    ];

    private static string FirstLine(string text) =>
        text.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0 && !l.StartsWith("//", StringComparison.Ordinal)) ?? "";
}
