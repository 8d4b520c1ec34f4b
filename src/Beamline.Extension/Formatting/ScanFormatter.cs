using System.Net;
using System.Text;
using Beamline.Arrays;
using Beamline.Data;
using Beamline.Display;
using Beamline.Notebook;

namespace Beamline.Extension.Formatting;

/// <summary>Shows a scan: what it holds as a table, and its first projection.</summary>
internal sealed class ScanFormatter : IMimeFormatter
{
    private const int MostMetadata = 20;
    private readonly ArrayFormatter _pictures = new();

    public bool CanFormat(Type type) => type == typeof(TomographyScan);

    public MimeBundle Format(object value)
    {
        var scan = (TomographyScan)value;
        var picture = _pictures.Format(scan.Frames.Projection(0));
        var html = new StringBuilder("<table>");
        Row(html, "file", Path.GetFileName(scan.Source));
        Row(html, "projections", $"{scan.Frames.AngleCount} of {scan.Frames.RowCount} × {scan.Frames.ColumnCount} pixels, {scan.StoredType}");
        Row(html, "angles", Angles(scan.AnglesDegrees));
        Row(html, "flats, darks", $"{scan.Flats?.FrameCount ?? 0}, {scan.Darks?.FrameCount ?? 0}");
        Row(html, "pixel size", scan.PixelSize?.ToString() ?? "not known");
        foreach (var (name, text) in scan.Metadata.Take(MostMetadata))
        {
            Row(html, name, text);
        }

        html.Append("</table>");
        foreach (var warning in scan.Warnings)
        {
            html.Append("<div role=\"note\">⚠ ").Append(WebUtility.HtmlEncode(warning)).Append("</div>");
        }

        html.Append(DatasetTree.Html(scan.Source));
        if (picture.Parts.TryGetValue(MimeTypes.Html, out var shown))
        {
            html.Append(shown);
        }

        var bundle = MimeBundle.FromHtml(html.ToString(), scan.ToString());
        return picture.Parts.TryGetValue(MimeTypes.Png, out var png) && png is byte[] bytes
            ? bundle.With(MimeTypes.Png, bytes)
            : bundle;
    }

    private static string Angles(IReadOnlyList<double> angles) => angles.Count == 1
        ? $"{angles[0]:0.###}°"
        : $"{angles[0]:0.###}° to {angles[^1]:0.###}°, {(angles[^1] - angles[0]) / (angles.Count - 1):0.####}° apart on average";

    private static void Row(StringBuilder html, string name, string value) =>
        html.Append("<tr><th style=\"text-align:left\">").Append(WebUtility.HtmlEncode(name)).Append("</th><td style=\"text-align:left\">")
            .Append(WebUtility.HtmlEncode(value)).Append("</td></tr>");
}
