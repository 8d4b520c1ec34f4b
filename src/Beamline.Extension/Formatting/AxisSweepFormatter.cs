using System.Globalization;
using System.Net;
using System.Text;
using Beamline.Arrays;
using Beamline.Display;
using Beamline.Notebook;
using Beamline.Tomography;

namespace Beamline.Extension.Formatting;

/// <summary>Shows a sweep as a strip of its slices, all in the same gray values, with column and score; the best is framed.</summary>
internal sealed class AxisSweepFormatter : IMimeFormatter
{
    /// <summary>Pixels of all pictures together: what keeps an output small.</summary>
    private const int StripPixels = 600_000;

    public bool CanFormat(Type type) => type == typeof(AxisSweep);

    public MimeBundle Format(object value)
    {
        var sweep = (AxisSweep)value;
        var edge = (int)Math.Clamp(Math.Sqrt(StripPixels / sweep.Candidates.Count), 64, 256);
        // One window for all, or the eye would compare gray scales.
        var values = sweep.Candidates[sweep.BestIndex].Slice.Values.ToArray().Order().ToArray();
        var (low, high) = (values[values.Length / 100], values[values.Length - 1 - (values.Length / 100)]);
        var window = high > low ? ValueWindow.Values(low, high) : ValueWindow.Default;
        var html = new StringBuilder("<div style=\"display:flex;flex-wrap:wrap;gap:6px\">");
        for (var i = 0; i < sweep.Candidates.Count; i++)
        {
            var candidate = sweep.Candidates[i];
            var best = i == sweep.BestIndex;
            var line = string.Create(CultureInfo.InvariantCulture, $"{candidate.Column:0.##}: {candidate.Score:g4}") + (best ? " (best)" : "");
            var picture = candidate.Slice.View(new ViewOptions
            {
                Window = window,
                MaxEdgePixels = edge,
                ScaleBar = false,
                Title = string.Create(CultureInfo.InvariantCulture, $"axis {candidate.Column:0.##}"),
            });
            html.Append("<figure style=\"margin:0;padding:3px;border:3px solid ").Append(best ? "#d62728" : "transparent").Append("\">")
                .Append("<img style=\"max-width:100%;height:auto\" width=\"").Append(picture.Width)
                .Append("\" src=\"data:image/png;base64,").Append(Convert.ToBase64String(picture.Png))
                .Append("\" alt=\"").Append(WebUtility.HtmlEncode("slice with the axis at column " + line)).Append("\">")
                .Append("<figcaption style=\"font-size:85%\">").Append(WebUtility.HtmlEncode(line)).Append("</figcaption></figure>");
        }

        html.Append("</div><div style=\"font-size:85%\">")
            .Append(WebUtility.HtmlEncode(
                $"Detector row {sweep.DetectorRow}; under each slice its axis in pixels and its {sweep.Scored.ToString().ToLowerInvariant()} (greater is better)."))
            .Append("</div>");
        return MimeBundle.FromHtml(html.ToString(), sweep.ToString())
            .With(MimeTypes.Png, Strip(sweep).View(new ViewOptions { Window = window, ScaleBar = false, Title = "axes " + Columns(sweep) }).Png);
    }

    private static string Columns(AxisSweep sweep) => string.Create(
        CultureInfo.InvariantCulture, $"{sweep.Candidates[0].Column:0.##} to {sweep.Candidates[^1].Column:0.##}");

    /// <summary>All slices side by side, for front ends without HTML.</summary>
    private static Image Strip(AxisSweep sweep)
    {
        var candidates = sweep.Candidates;
        var size = candidates[0].Slice.RowCount;
        var step = (size * candidates.Count / 2048) + 1;
        var small = (size + step - 1) / step;
        var strip = new Image(small, small * candidates.Count) { Quantity = candidates[0].Slice.Quantity };
        for (var y = 0; y < small; y++)
        {
            var row = strip.Row(y);
            for (var i = 0; i < candidates.Count; i++)
            {
                var from = candidates[i].Slice.Row(y * step);
                for (var x = 0; x < small; x++)
                {
                    row[(i * small) + x] = from[x * step];
                }
            }
        }

        return strip;
    }
}
