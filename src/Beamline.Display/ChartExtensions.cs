using System.Text;
using Plotly.NET;

namespace Beamline.Display;

/// <summary>Writes charts to files: <c>Plot.Profile(image, 100).SaveSvg("profile.svg")</c>.</summary>
public static class ChartExtensions
{
    /// <summary>Writes the chart as an SVG file, drawn without a browser: dark on white.</summary>
    /// <param name="chart">Lines, points, bars or histograms; of others the file says what cannot be drawn.</param>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <exception cref="InvalidOperationException">A heatmap above 512 x 512: it is a picture, which <c>image.View().Save</c> writes.</exception>
    /// <exception cref="IOException">The file cannot be written; none is left half-written.</exception>
    public static void SaveSvg(this GenericChart chart, string path) =>
        Save(path, () => Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + Read(chart).Svg()));

    /// <summary>Writes the chart as a PNG file of twice its size on the page, drawn without a browser.</summary>
    /// <param name="chart">Lines, points, bars or histograms; of others the file says what cannot be drawn.</param>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <exception cref="InvalidOperationException">A heatmap above 512 x 512: it is a picture, which <c>image.View().Save</c> writes.</exception>
    /// <exception cref="IOException">The file cannot be written; none is left half-written.</exception>
    public static void SavePng(this GenericChart chart, string path) => Save(path, () => Read(chart).Png());

    /// <summary>One line about the chart for a log: title, and of each line its points, ends and a sketch.</summary>
    /// <param name="chart">The chart.</param>
    public static string ToLine(this GenericChart chart) => Read(chart).Text;

    private static ChartDrawing Read(GenericChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        return HeatmapGuard.Find(chart) is { } large ? throw new InvalidOperationException(large.Message) : ChartDrawing.Of(chart);
    }

    private static void Save(string path, Func<byte[]> make)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PictureFile.Write(path, make());
    }
}
