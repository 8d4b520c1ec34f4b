using System.Text.Json.Nodes;
using Beamline.Notebook;
using Plotly.NET;

namespace Beamline.Display;

/// <summary>
/// Shows Plotly.NET charts: the figure for front ends that know plotly, and a static picture for all others.
/// There is no script in it and nothing is fetched from elsewhere.
/// </summary>
public sealed class ChartFormatter : IMimeFormatter
{
    /// <inheritdoc/>
    public bool CanFormat(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return typeof(GenericChart).IsAssignableFrom(type);
    }

    /// <inheritdoc/>
    public MimeBundle Format(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value is not GenericChart chart)
        {
            throw new ArgumentException($"A {value.GetType().Name} is no Plotly.NET chart.", nameof(value));
        }

        var json = JsonNode.Parse(GenericChart.toFigureJson(chart)) as JsonObject
            ?? throw new InvalidOperationException("Plotly.NET wrote a chart that is no JSON object.");
        return Show(json);
    }

    /// <summary>Shows a figure of plotly.js.</summary>
    internal static MimeBundle Show(JsonObject json)
    {
        ChartTemplate.Slim(json);
        var figure = ChartReader.Read(json);
        var picture = ChartPainter.Draw(figure);
        var (width, height) = (picture.Width / Ink.Density, picture.Height / Ink.Density);
        var text = Text(figure);
        var caption = figure.NotDrawn.Count > 0 ? text : "";
        var still = Bundle(picture.Png, width, height, text, caption);
        var whole = still.With(MimeTypes.Plotly, json);
        var bytes = OutputBudget.SizeOf(whole);
        if (bytes > OutputBudget.HardBytes)
        {
            // The picture stays; only the figure with all its numbers is too much to save.
            return Bundle(picture.Png, width, height, text,
                $"Static picture only: the figure has {OutputBudget.Megabytes(bytes)} of numbers (limit " +
                $"{OutputBudget.Megabytes(OutputBudget.HardBytes)}). Plot fewer points for an interactive chart.");
        }

        return OutputBudget.Check(whole, text);
    }

    private static MimeBundle Bundle(byte[] png, int width, int height, string text, string caption) =>
        MimeBundle.FromHtml(StaticPicture.Html(png, width, height, text, caption), caption.Length > 0 && caption != text ? $"{text}\n{caption}" : text)
            .With(MimeTypes.Png, png)
            .WithMetadata(MimeTypes.Png, new JsonObject { ["width"] = width, ["height"] = height });

    private static string Text(ChartFigure figure)
    {
        var kinds = figure.Kinds.GroupBy(kind => kind).Select(g => g.Count() == 1 ? g.Key : $"{g.Count()} {g.Key}");
        var title = figure.Title.Length > 0 ? $"Chart '{figure.Title}'" : "Chart";
        return figure.Kinds.Count == 0 ? $"{title} without data" : $"{title}: {string.Join(", ", kinds)}";
    }
}
