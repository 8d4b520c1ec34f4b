using System.Globalization;
using System.Text;

namespace Beamline.Learning;

/// <summary>Rows of a comparison as text.</summary>
internal static class ComparisonTable
{
    internal static IReadOnlyList<IReadOnlyList<string>> Cells(IReadOnlyList<ComparisonRow> rows, ComparisonDomain domain, bool isOfVolumes)
    {
        var picture = domain == ComparisonDomain.Slices && isOfVolumes ? "slice" : "projection";
        var columns = new (string Heading, Func<ComparisonRow, string> Cell)[]
        {
            ("method", r => r.Method),
            ("parameter", r => r.Parameter),
            ("chosen", r => r.Choice),
            ("PSNR (dB)", r => Number(r.PsnrDecibels, "0.00")),
            ("SSIM", r => Number(r.Ssim, "0.000")),
            ("RMSE", r => Number(r.Rmse, "g3")),
            ("resolution", r => r.Resolution?.ToString() ?? (r.ResolutionPixels is { } pixels ? double.IsInfinity(pixels) ? "none" : Number(pixels, "0.0") + " px" : "")),
            ("noise", r => Number(r.NoiseSigma, "g3")),
            ($"ms per {picture}", r => r.SecondsPerPicture > 0 ? Number(1000 * r.SecondsPerPicture, "g3") : ""),
            ("photons per pixel", r => Number(r.PhotonsPerPixel, "0")),
        };
        // Columns in which nothing stands are left out.
        var shown = columns.Where(c => rows.Any(r => c.Cell(r).Length > 0)).ToArray();
        return [[.. shown.Select(c => c.Heading)], .. rows.Select(r => shown.Select(c => c.Cell(r)).ToArray())];
    }

    internal static string Text(IReadOnlyList<IReadOnlyList<string>> cells)
    {
        var widths = Enumerable.Range(0, cells[0].Count).Select(c => cells.Max(r => r[c].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in cells)
        {
            // Words to the left, numbers to the right.
            var line = string.Join("  ", row.Select((cell, c) => IsWord(cells[0][c]) ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c])));
            text.Append("  ").AppendLine(line.TrimEnd());
        }

        return text.ToString();
    }

    private static bool IsWord(string heading) => heading is "method" or "parameter" or "chosen";

    private static string Number(double? value, string format) => value is { } number && !double.IsNaN(number) ? number.ToString(format, CultureInfo.InvariantCulture) : "";
}
