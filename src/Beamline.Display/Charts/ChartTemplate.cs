using System.Text.Json.Nodes;
using Plotly.NET;

namespace Beamline.Display;

/// <summary>How charts look: few words instead of the 8 kB of Plotly.NET's own template in each output.</summary>
internal static class ChartTemplate
{
    private static readonly Lazy<JsonNode?> Default = new(() =>
        JsonNode.Parse(GenericChart.toFigureJson(Plotly.NET.CSharp.Chart.Line<double, double, string>([0.0], [0.0])))?["layout"]?["template"]);

    /// <summary>Colors of the series in turn: those of Okabe and Ito, which color-blind people can tell apart.</summary>
    public static IReadOnlyList<string> Colors { get; } =
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#B8A800"];

    /// <summary>Puts our template in the place of Plotly.NET's; one that a user chose stays.</summary>
    public static void Slim(JsonObject figure)
    {
        if (figure["layout"] is not JsonObject layout)
        {
            figure["layout"] = layout = [];
        }

        var template = layout["template"];
        if (template is null || JsonNode.DeepEquals(template, Default.Value))
        {
            layout["template"] = Make();
        }
    }

    private static JsonObject Make()
    {
        JsonObject Axis() => new()
        {
            ["gridcolor"] = "#E4E4E4",
            ["zerolinecolor"] = "#BBBBBB",
            ["linecolor"] = "#666666",
            ["ticks"] = "outside",
            ["automargin"] = true,
        };

        return new JsonObject
        {
            ["layout"] = new JsonObject
            {
                ["colorway"] = new JsonArray([.. Colors.Select(color => (JsonNode)color)]),
                ["plot_bgcolor"] = "white",
                ["paper_bgcolor"] = "white",
                ["font"] = new JsonObject { ["color"] = "#222222" },
                ["xaxis"] = Axis(),
                ["yaxis"] = Axis(),
            },
        };
    }
}
