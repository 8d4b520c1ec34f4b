using System.Text.Json.Nodes;
using System.Xml.Linq;
using Beamline.Arrays;
using Beamline.Compute;
using Beamline.Notebook;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Beamline.Display.Tests;

/// <summary>Charts as SVG, as files, with very many points, and with two vertical axes.</summary>
public sealed class ChartFormsTests : IDisposable
{
    private const string Bad = "<script>alert(1)</script>";
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-charts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_html_is_svg_that_follows_the_theme_and_can_be_read_aloud()
    {
        var html = Html(Plot.Lines([1, 2, 3], new("Dose", "time (s)", "dose (Gy)"), ("a", [1.0, 2, 3]), ("b", [3.0, double.NaN, 1])));
        var svg = Svg(html);
        Assert.Equal("img", svg.Attribute("role")!.Value);
        var title = svg.Elements().Single(e => e.Name.LocalName == "title");
        Assert.Equal(title.Attribute("id")!.Value, svg.Attribute("aria-labelledby")!.Value);
        Assert.Equal("Dose", title.Value);
        Assert.Contains("a, 3 points", svg.Elements().First(e => e.Name.LocalName == "desc").Value);
        Assert.Equal("currentColor", svg.Attribute("fill")!.Value);
        Assert.Contains("b: 3 at 1", svg.Descendants().Where(e => e.Name.LocalName == "title").Select(e => e.Value));
        Assert.Contains("time (s)", svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("#fff", html);
    }

    [Fact]
    public void Two_charts_of_a_page_have_different_identifiers_and_the_same_chart_the_same()
    {
        string Mark(double y) => Svg(Html(Plot.Line([1, 2], [y, 2], new("", "x", "y")))).Attribute("aria-labelledby")!.Value;
        Assert.NotEqual(Mark(1), Mark(3));
        Assert.Equal(Mark(1), Mark(1));
    }

    [Fact]
    public void Whatever_is_written_on_a_chart_is_escaped()
    {
        var chart = Plot.Lines([1, 2], new(Bad, Bad + "x", Bad + "y"), (Bad + "1", [1.0, 2]), (Bad + "2", [3.0, 4]));
        var html = Html(chart);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html);
        chart.SaveSvg(PathOf("bad.svg"));
        Assert.DoesNotContain("<script", File.ReadAllText(PathOf("bad.svg")), StringComparison.OrdinalIgnoreCase);
        var bars = Html(Chart.Column<double, string, string>([1.0, 2], new[] { Bad, "b" }));
        Assert.DoesNotContain("<script", bars, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Charts_are_written_to_files_without_a_browser()
    {
        var chart = Plot.Line([1, 10, 100], [1e-3, 1e-1, 10], new("T\u0001", "f (1/µm)", "power") { LogX = true, LogY = true });
        chart.SaveSvg(PathOf("a.svg"));
        var svg = XDocument.Load(PathOf("a.svg")).Root!;
        Assert.Equal("svg", svg.Name.LocalName);
        Assert.DoesNotContain("currentColor", svg.ToString());
        chart.SavePng(PathOf("a.png"));
        using var pixels = new Pixels(File.ReadAllBytes(PathOf("a.png")));
        Assert.Equal((1360, 800), (pixels.Width, pixels.Height));
        Assert.Equal(["a.png", "a.svg"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        Assert.ThrowsAny<IOException>(() => chart.SaveSvg(PathOf("absent/a.svg")));
        Directory.CreateDirectory(PathOf("taken.svg"));
        Assert.ThrowsAny<Exception>(() => chart.SaveSvg(PathOf("taken.svg")));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
    }

    [Fact]
    public void A_million_points_keep_their_peaks_and_say_that_they_were_thinned()
    {
        var x = Enumerable.Range(0, 1_000_000).Select(i => (double)i).ToArray();
        var y = x.Select(i => Math.Sin(i / 1e5)).ToArray();
        y[123_456] = 50;
        y[654_321] = -70;
        y[500_000] = double.NaN;
        foreach (var chart in new[] { Plot.Line(x, y, new("Long", "x", "y")), Chart.Line<double, double, string>(x, y) })
        {
            var bundle = new ChartFormatter().Format(chart);
            var figure = (JsonObject)bundle.Parts[MimeTypes.Plotly];
            var values = ChartJson.Values(figure["data"]![0]!["y"])!;
            Assert.InRange(values.Length, 2000, ChartThinning.MostSaved);
            Assert.Equal((-70.0, 50.0), (values.OfType<double>().Where(double.IsFinite).Min(), values.OfType<double>().Where(double.IsFinite).Max()));
            Assert.Contains(values, v => v is null or double.NaN);
            Assert.Contains("1,000,000 points, drawn by the smallest and largest", ChartJson.Text(figure["layout"]!["title"]));
            Assert.Contains("1,000,000 points", (string)bundle.Parts[MimeTypes.Html]);
            Assert.True(OutputBudget.SizeOf(bundle) < OutputBudget.NormalBytes);
        }
    }

    [Fact]
    public void Thinning_keeps_order_ends_and_extremes_and_leaves_short_lines_alone()
    {
        Assert.Null(ChartThinning.Kept([1, 2, 3], [1, 2, 3], 3));
        var random = new Random(3);
        var y = Enumerable.Range(0, 9999).Select(_ => random.NextDouble()).ToArray();
        double[] x = [.. Enumerable.Range(0, y.Length).Select(i => (double)i)];
        var kept = ChartThinning.Kept(x, y, 700)!;
        Assert.InRange(kept.Length, 200, 700);
        Assert.Equal(kept.Order().Distinct(), kept);
        Assert.Equal((0, y.Length - 1), (kept[0], kept[^1]));
        Assert.Equal((y.Min(), y.Max()), (kept.Min(i => y[i]), kept.Max(i => y[i])));
    }

    [Fact]
    public void Training_curves_have_the_learning_rate_on_the_right()
    {
        var chart = Plot.TrainingCurves([1, 0.5, 0.3], [1.1, double.NaN, 0.5], [1e-3, 1e-3, 1e-4]);
        var figure = ChartReader.Read(PlotTests.Json(chart));
        Assert.Empty(figure.NotDrawn);
        Assert.Equal([false, false, true], figure.Traces.Select(t => t.OnSecondAxis));
        Assert.Equal(("learning rate", true), (figure.Y2!.Title, figure.Y2.IsLog));
        Assert.Equal([1.0, 2, 3], figure.Traces[0].X);
        // Values of the right axis do not stretch the left one.
        var ticks = Svg(Html(chart)).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToArray();
        Assert.Contains("learning rate", ticks);
        Assert.Contains("epoch", ticks);
        Assert.Null(ChartReader.Read(PlotTests.Json(Plot.TrainingCurves([1, 0.5]))).Y2);
        Assert.False(ChartReader.Read(PlotTests.Json(Plot.TrainingCurves([1, -0.5]))).Y.IsLog);
        Assert.Throws<ArgumentException>(() => Plot.TrainingCurves([1, 2], learningRate: [1]));
        Assert.Throws<ArgumentException>(() => Plot.TrainingCurves([1, 2], [1]));

        var curves = new JobCurves([0, 50, 100], [double.NaN, 0.5, 0.3], [1, 0.6, 0.4], [2e-3, 1e-3, 0]);
        var steps = ChartReader.Read(PlotTests.Json(Plot.TrainingCurves(curves, new JobWords { Iteration = "step", Residual = "loss", Score = "RMSE" })));
        Assert.Equal(["loss", "RMSE", "learning rate"], steps.Traces.Select(t => t.Name));
        Assert.Equal("step", steps.X.Title);
        Assert.Throws<ArgumentException>(() => Plot.TrainingCurves(curves with { Scores = [1] }, new JobWords()));
    }

    [Fact]
    public void Convergence_is_logarithmic_over_iterations()
    {
        var figure = ChartReader.Read(PlotTests.Json(Plot.Convergence([0, 1, 2], ("residual", [1, 0.1, 0.01]))));
        Assert.True(figure.Y.IsLog);
        Assert.Equal(("iteration", "residual"), (figure.X.Title, figure.Y.Title));
    }

    [Theory]
    [InlineData(new double[0], "0 points")]
    [InlineData(new[] { 5.0 }, "1 point, 5")]
    [InlineData(new[] { double.NaN, double.NaN }, "no finite value")]
    public void Nearly_empty_charts_are_drawn_and_told(double[] y, string said)
    {
        var chart = Plot.Line([.. Enumerable.Range(0, y.Length).Select(i => (double)i)], y, new("T", "x", "y") { LogY = true });
        var bundle = new ChartFormatter().Format(chart);
        Assert.Contains(said, (string)bundle.Parts[MimeTypes.Text]);
        Assert.DoesNotContain("NaN\"", (string)bundle.Parts[MimeTypes.Html]);
        _ = Svg((string)bundle.Parts[MimeTypes.Html]);
    }

    [Fact]
    public void The_line_for_a_log_has_ends_and_a_sketch()
    {
        Assert.Equal("Chart 'T': y, 8 points, 0 to 7 (from 0 to 7) ▁▂▃▄▅▆▇█",
            Plot.Line([0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7], new("T", "x", "y")).ToLine());
        Assert.DoesNotContain('\n', Plot.Lines([1, 2, 3], new("T", "x", "y"), ("a\nb", [1.0, 2, 3]), ("c", [1.0, 2, 3])).ToLine());
    }

    [Theory]
    [InlineData(512, 512, true)]
    [InlineData(513, 512, false)]
    [InlineData(4, 513, false)]
    public void Heatmaps_above_512_are_pictures(int rows, int columns, bool isPlotly)
    {
        var values = Enumerable.Range(0, rows).Select(r => Enumerable.Range(0, columns).Select(c => (double)(r + c)).ToArray()).ToArray();
        foreach (var chart in new[]
        {
            Chart.Heatmap<double, double, double, string>(values),
            Chart.Heatmap<string>(zEncoded: EncodedTypedArray.ofFloat32Array([.. values.SelectMany(v => v).Select(v => (float)v)],
                Microsoft.FSharp.Core.FSharpOption<IEnumerable<int>>.Some([rows, columns]))),
        })
        {
            var bundle = new ChartFormatter().Format(chart);
            Assert.Equal(isPlotly, bundle.Parts.ContainsKey(MimeTypes.Plotly));
            Assert.NotEmpty((byte[])bundle.Parts[MimeTypes.Png]);
            if (!isPlotly)
            {
                var text = (string)bundle.Parts[MimeTypes.Text];
                Assert.Contains($"A heatmap of {rows} x {columns} values is too large for plotly (limit 512 x 512)", text);
                Assert.Contains($"range [0, {rows + columns - 2}]", text);
                Assert.Contains("too large for plotly", (string)bundle.Parts[MimeTypes.Html]);
                Assert.Contains("too large", Assert.Throws<InvalidOperationException>(() => chart.SavePng(PathOf("h.png"))).Message);
            }
        }
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static string Html(GenericChart chart) => (string)new ChartFormatter().Format(chart).Parts[MimeTypes.Html];

    // Without the fallback picture, which is HTML inside the SVG.
    private static XElement Svg(string html)
    {
        var svg = html[html.IndexOf("<svg", StringComparison.Ordinal)..(html.IndexOf("</svg>", StringComparison.Ordinal) + 6)];
        var start = svg.IndexOf("<desc aria-hidden", StringComparison.Ordinal);
        return XElement.Parse(svg.Remove(start, svg.IndexOf("</desc>", start, StringComparison.Ordinal) + 7 - start));
    }
}
