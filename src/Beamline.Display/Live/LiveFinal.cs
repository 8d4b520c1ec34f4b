using System.Text.Json.Nodes;
using Beamline.Compute;
using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>What stays of the display of a job that is done: a line, the convergence chart, and the viewer of the result.</summary>
internal static class LiveFinal
{
    /// <summary>The last content of a display.</summary>
    /// <param name="state">The job at its end.</param>
    /// <param name="residuals">Of all iterations, the start first; empty for none.</param>
    /// <param name="result">What to view; null when the cell shows it itself or it cannot be shown.</param>
    /// <param name="keepsPicture">Whether the last preview stays when there is no viewer.</param>
    public static MimeBundle Bundle(LiveState state, IReadOnlyList<double> residuals, object? result, bool keepsPicture)
    {
        var summary = LiveHtml.Summary(state);
        var html = $"<div style=\"font-size:13px;line-height:20px\">{LiveHtml.Encode(summary)}</div>";
        var view = result is null ? null : Drawn(result);
        var bundle = MimeBundle.Empty;
        if (Chart(state, residuals) is { } chart)
        {
            html += chart.Parts[MimeTypes.Html];
            // Front ends that know plotly show it instead of the HTML: it may stand only where the HTML has nothing else to look at.
            bundle = view is null ? chart : bundle;
        }

        if (view is not null)
        {
            html += view.Html;
            bundle = bundle.With(MimeTypes.Png, view.Png);
        }
        else if (keepsPicture && state.Frame is { } frame)
        {
            html += LiveHtml.Picture(frame);
        }

        return LiveHtml.Mark(OutputBudget.Check(
            bundle.With(MimeTypes.Html, html).With(MimeTypes.Text, view is null ? summary : $"{summary}\n{view.Text}"), summary));
    }

    private static MimeBundle? Chart(LiveState state, IReadOnlyList<double> residuals)
    {
        if (state.Curves is { Steps.Count: > 1 } curves)
        {
            return new ChartFormatter().Format(Plot.TrainingCurves(curves, state.Words));
        }

        // As text and back: the reader of charts takes what a file would hold.
        return residuals.Count(double.IsFinite) > 1
            ? ChartFormatter.Show((JsonObject)JsonNode.Parse(Figure(state.Name, residuals).ToJsonString())!)
            : null;
    }

    /// <summary>Written by hand: to load Plotly.NET takes longer than many a job.</summary>
    private static JsonObject Figure(string name, IReadOnlyList<double> residuals)
    {
        var isLog = residuals.All(r => !double.IsFinite(r) || r > 0);
        JsonObject Titled(string text) => new() { ["title"] = new JsonObject { ["text"] = text } };
        var y = Titled("residual");
        y["type"] = isLog ? "log" : "linear";
        return new JsonObject
        {
            ["data"] = new JsonArray(new JsonObject
            {
                ["type"] = "scatter",
                ["mode"] = "lines",
                ["x"] = new JsonArray([.. Enumerable.Range(0, residuals.Count).Select(i => (JsonNode)i)]),
                ["y"] = new JsonArray([.. residuals.Select(r => double.IsFinite(r) ? (JsonNode)r : null)]),
            }),
            ["layout"] = new JsonObject
            {
                // plotly.js takes tags in titles for markup.
                ["title"] = new JsonObject { ["text"] = $"{name.Replace('<', '‹').Replace('>', '›')}: convergence" },
                ["xaxis"] = Titled("iteration"),
                ["yaxis"] = y,
                ["width"] = 480,
                ["height"] = 300,
            },
        };
    }

    private static PictureView? Drawn(object result)
    {
        try
        {
            return Pictures.CanDraw(result.GetType()) ? Pictures.Draw(result, ViewOptions.Default) : null;
        }
        catch (Exception e) when (e is ObjectDisposedException or ArgumentException or InvalidOperationException or IOException)
        {
            // The cell has disposed it already.
            return null;
        }
    }
}
