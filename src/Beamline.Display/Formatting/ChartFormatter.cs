using System.Net;
using System.Text.Json.Nodes;
using Beamline.Arrays;
using Beamline.Notebook;
using Plotly.NET;

namespace Beamline.Display;

/// <summary>
/// Shows Plotly.NET charts: the figure for front ends that know plotly, SVG inside the HTML for all others, a PNG where neither is
/// possible, and a line for logs. There is no script in it and nothing is fetched from elsewhere.
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

        if (HeatmapGuard.Find(chart) is { } large)
        {
            return Picture(large.Image, large.Message);
        }

        return Show(ChartDrawing.Of(chart));
    }

    /// <summary>Shows a figure of plotly.js.</summary>
    internal static MimeBundle Show(JsonObject json) => Show(ChartDrawing.Of(json));

    private static MimeBundle Show(ChartDrawing drawn)
    {
        var still = Bundle(drawn, drawn.Note);
        var whole = still.With(MimeTypes.Plotly, drawn.Json);
        var bytes = OutputBudget.SizeOf(whole);
        if (bytes > OutputBudget.HardBytes)
        {
            // The picture stays; only the figure with all its numbers is too much to save.
            return Bundle(drawn,
                $"Static picture only: the figure has {OutputBudget.Megabytes(bytes)} of numbers (limit " +
                $"{OutputBudget.Megabytes(OutputBudget.HardBytes)}). Plot fewer points for an interactive chart.");
        }

        return OutputBudget.Check(whole, drawn.Text);
    }

    private static MimeBundle Picture(Image image, string message)
    {
        var picture = image.View(new ViewOptions { Map = ColorMap.Viridis }).ToBundle();
        var html = picture.Parts.TryGetValue(MimeTypes.Html, out var shown) ? shown as string ?? "" : "";
        var text = picture.Parts.TryGetValue(MimeTypes.Text, out var line) ? line as string ?? "" : "";
        return picture
            .With(MimeTypes.Html, $"<p>{WebUtility.HtmlEncode(message)}</p>{html}")
            .With(MimeTypes.Text, $"{message}\n{text}");
    }

    private static MimeBundle Bundle(ChartDrawing drawn, string note)
    {
        var png = drawn.Png();
        var (width, height) = (drawn.Figure.Size.Width, drawn.Figure.Size.Height);
        // Where SVG is taken out of a page (untrusted notebooks), what is inside it comes to light: this picture, and writing of no size.
        var fallback = $"<img src=\"data:image/png;base64,{Convert.ToBase64String(png)}\" width=\"{width}\" height=\"{height}\" " +
            $"style=\"max-width:100%;height:auto\" alt=\"{WebUtility.HtmlEncode(drawn.Text)}\">";
        var svg = ChartPainter.Svg(drawn.Figure, followsTheme: true, drawn.Text, PageMark.Of(drawn.Json.ToJsonString()), fallback);
        var caption = note.Length > 0 ? $"<figcaption style=\"font-size:85%\">{WebUtility.HtmlEncode(note)}</figcaption>" : "";
        return MimeBundle.FromHtml(
                $"<figure style=\"margin:0\"><div style=\"font-size:0px\">{svg}</div>{caption}</figure>",
                note.Length > 0 ? $"{drawn.Text}\n{note}" : drawn.Text)
            .With(MimeTypes.Png, png)
            .WithMetadata(MimeTypes.Png, new JsonObject { ["width"] = width, ["height"] = height });
    }
}
