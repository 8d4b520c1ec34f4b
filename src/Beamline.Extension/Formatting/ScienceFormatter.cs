using System.Globalization;
using System.Net;
using System.Text;
using Beamline.Display;
using Beamline.Notebook;
using Beamline.Tomography;
using Plotly.NET;

namespace Beamline.Extension.Formatting;

/// <summary>Shows what has a chart of its own: the chart, its numbers as a table, and one line for logs.</summary>
public sealed class ScienceFormatter : IMimeFormatter
{
    private const int MostRows = 20;
    private static readonly ChartFormatter Charts = new();

    /// <inheritdoc/>
    public bool CanFormat(Type type) =>
        type == typeof(ConvergenceHistory) || type == typeof(FourierCorrelation) || type == typeof(NoisePowerSpectrum) || type == typeof(IterativeResult);

    /// <inheritdoc/>
    public MimeBundle Format(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value switch
        {
            ConvergenceHistory { Count: 0 } empty => MimeBundle.FromText(empty.ToString()),
            ConvergenceHistory history => Charted(history.ToChart(), history.ToString(), "", Table(history)),
            FourierCorrelation correlation => Charted(correlation.ToChart(), correlation.ToString(), "", ""),
            NoisePowerSpectrum spectrum => Charted(spectrum.ToChart(), spectrum.ToString(), "", ""),
            IterativeResult result => Result(result),
            _ => throw new ArgumentException($"A {value.GetType().Name} has no chart.", nameof(value)),
        };
    }

    private static MimeBundle Result(IterativeResult result)
    {
        var volume = result.Volume.View().ToBundle();
        var above = $"<p>{WebUtility.HtmlEncode(result.ToString())}</p>" + (volume.Parts.TryGetValue(MimeTypes.Html, out var html) ? html as string : "");
        var history = result.History.Count == 0 ? MimeBundle.Empty : Charted(result.History.ToChart(), result.ToString(), "", Table(result.History));
        var below = history.Parts.TryGetValue(MimeTypes.Html, out var chart)
            ? $"<details><summary>{WebUtility.HtmlEncode(result.History.ToString())}</summary>{chart}</details>" : "";
        var bundle = MimeBundle.FromHtml(above + below, $"{result}\n{result.History}");
        return volume.Parts.TryGetValue(MimeTypes.Png, out var png) && png is byte[] bytes ? bundle.With(MimeTypes.Png, bytes) : bundle;
    }

    private static MimeBundle Charted(GenericChart chart, string line, string above, string below)
    {
        var bundle = Charts.Format(chart);
        var html = bundle.Parts.TryGetValue(MimeTypes.Html, out var shown) ? shown as string : "";
        return bundle.With(MimeTypes.Html, above + html + below).With(MimeTypes.Text, line);
    }

    // The first and the last iterations, when there are many.
    private static string Table(ConvergenceHistory history)
    {
        var html = new StringBuilder("<details><summary>iterations</summary><table><thead><tr>");
        foreach (var heading in new[] { "iteration", "relative residual", "objective", "relative change" })
        {
            html.Append("<th>").Append(heading).Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        for (var i = 0; i < history.Count; i++)
        {
            if (history.Count > MostRows && i == MostRows / 2)
            {
                var left = history.Count - MostRows;
                html.Append(CultureInfo.InvariantCulture, $"<tr><td colspan=\"4\">… {left} more</td></tr>");
                i += left;
            }

            var record = history[i];
            html.Append("<tr>");
            foreach (var text in new[] { $"{record.Iteration}", Number(record.RelativeResidual), Number(record.Objective), Number(record.RelativeChange) })
            {
                html.Append("<td style=\"text-align:right\">").Append(text).Append("</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table></details>").ToString();
    }

    private static string Number(double value) => double.IsNaN(value) ? "" : value.ToString("g4", CultureInfo.InvariantCulture);
}

/// <summary>Serves hosts that find formatters by the duck-typed convention; see <see cref="ScienceFormatter"/>.</summary>
public sealed class ScienceFormatterSource() : BundleFormatterSource(new ScienceFormatter());
