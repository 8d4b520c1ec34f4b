using System.Text.Json.Nodes;
using Plotly.NET;

namespace Beamline.Display;

/// <summary>A chart read once, for all its forms.</summary>
/// <param name="Json">The figure for plotly, with a slim template and lines that are not too long.</param>
/// <param name="Figure">What a picture shows of it.</param>
/// <param name="Text">One line for logs.</param>
/// <param name="Note">What a reader should know; mostly empty.</param>
internal sealed record ChartDrawing(JsonObject Json, ChartFigure Figure, string Text, string Note)
{
    public static ChartDrawing Of(GenericChart chart) => Of(JsonNode.Parse(GenericChart.toFigureJson(chart)) as JsonObject
        ?? throw new InvalidOperationException("Plotly.NET wrote a chart that is no JSON object."));

    /// <summary>Reads a figure of plotly.js; it is slimmed in place.</summary>
    public static ChartDrawing Of(JsonObject json)
    {
        ChartTemplate.Slim(json);
        var thinned = ChartThinning.Thin(json);
        var figure = ChartReader.Read(json);
        var text = ChartText.Of(figure);
        return new(json, figure, text, thinned ?? (figure.NotDrawn.Count > 0 ? text : ""));
    }

    public byte[] Png() => ChartPainter.Draw(Figure).Png;

    public string Svg() => ChartPainter.Svg(Figure, followsTheme: false, Text, "b");
}
