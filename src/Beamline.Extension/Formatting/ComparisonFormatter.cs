using System.Net;
using System.Text;
using Beamline.Display;
using Beamline.Learning;
using Beamline.Notebook;
using Plotly.NET;

namespace Beamline.Extension.Formatting;

/// <summary>Shows a comparison as tables, the slices side by side in the same gray values, and curves of resolution and noise.</summary>
public sealed class ComparisonFormatter : IMimeFormatter
{
    /// <summary>Pixels of all pictures together: what keeps an output small.</summary>
    private const int StripPixels = 600_000;

    private static readonly ChartFormatter Charts = new();

    /// <inheritdoc/>
    public bool CanFormat(Type type) => type == typeof(DenoisingComparison);

    /// <inheritdoc/>
    public MimeBundle Format(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var comparison = (DenoisingComparison)value;
        var html = new StringBuilder();
        foreach (var domain in Enum.GetValues<ComparisonDomain>().Where(d => comparison.Rows(d).Count > 0))
        {
            html.Append("<p><b>").Append(WebUtility.HtmlEncode(comparison.Title(domain))).Append("</b></p>").Append(Table(comparison, domain));
        }

        html.Append("<ul style=\"font-size:85%\">");
        foreach (var note in comparison.Notes)
        {
            html.Append("<li>").Append(WebUtility.HtmlEncode(note)).Append("</li>");
        }

        html.Append("</ul>").Append(Strip(comparison));
        if (comparison.Slices.Any(r => r.Correlation is not null))
        {
            html.Append(Details("Fourier ring correlation of slices", comparison.ToCorrelationChart()));
            html.Append(Details("Noise power spectrum of slices", comparison.ToNoisePowerChart()));
        }

        return MimeBundle.FromHtml(html.ToString(), comparison.ToString());
    }

    private static string Table(DenoisingComparison comparison, ComparisonDomain domain)
    {
        var cells = comparison.Table(domain);
        var rows = new FactRows([.. cells[0]]);
        foreach (var row in cells.Skip(1))
        {
            rows.Add([.. row]);
        }

        return rows.ToString();
    }

    private static string Details(string title, GenericChart chart) =>
        Charts.Format(chart).Parts.TryGetValue(MimeTypes.Html, out var shown) && shown is string html
            ? $"<details><summary>{WebUtility.HtmlEncode(title)}</summary>{html}</details>" : "";

    private static StringBuilder Strip(DenoisingComparison comparison)
    {
        var pictures = comparison.Slices.Select(r => (Name: r.Parameter.Length > 0 && r.Method != "network" ? $"{r.Method}, {r.Parameter}" : r.Method, r.Picture)).ToList();
        if (comparison.ReferenceSlice is { } reference)
        {
            pictures.Insert(0, ("reference", reference));
        }

        // One window for all, or the eye would compare gray scales; that of the reference, or of what the network made.
        var values = (comparison.ReferenceSlice ?? comparison.Slices[1].Picture).Values.ToArray();
        Array.Sort(values);
        var (low, high) = (values[values.Length / 200], values[values.Length - 1 - (values.Length / 200)]);
        var window = high > low ? ValueWindow.Values(low, high) : ValueWindow.Default;
        var edge = (int)Math.Clamp(Math.Sqrt((double)StripPixels / pictures.Count), 64, 320);
        var html = new StringBuilder("<div style=\"display:flex;flex-wrap:wrap;gap:6px\">");
        foreach (var (name, picture) in pictures)
        {
            var view = picture.View(new ViewOptions { Window = window, MaxEdgePixels = edge, ScaleBar = false, Title = name });
            html.Append("<figure style=\"margin:0\"><img style=\"max-width:100%;height:auto\" width=\"").Append(view.Width)
                .Append("\" src=\"data:image/png;base64,").Append(Convert.ToBase64String(view.Png))
                .Append("\" alt=\"").Append(WebUtility.HtmlEncode("slice, " + name)).Append("\"></figure>");
        }

        return html.Append("</div>");
    }
}

/// <summary>Serves hosts that find formatters by the duck-typed convention; see <see cref="ComparisonFormatter"/>.</summary>
public sealed class ComparisonFormatterSource() : BundleFormatterSource(new ComparisonFormatter());
