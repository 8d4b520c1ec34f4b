using System.Text.Json.Nodes;
using Beamline.Notebook;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Beamline.Display.Tests;

public class ChartFormatterTests
{
    private static readonly PlotLabels Labels = new("A < B", "x (µm)", "y");

    [Fact]
    public void A_chart_has_the_figure_for_live_front_ends_and_a_picture_for_others()
    {
        var bundle = new ChartFormatter().Format(Plot.Lines([1, 2, 3], Labels, ("a", [4.0, 5, 6.5])));
        var figure = Assert.IsType<JsonObject>(bundle.Parts[MimeTypes.Plotly]);
        Assert.Equal([4.0, 5, 6.5], ChartJson.Values(figure["data"]![0]!["y"])!.Cast<double>());
        Assert.True(figure.ToJsonString().Length < 2500, "The template must be slim.");
        using var pixels = new Pixels((byte[])bundle.Parts[MimeTypes.Png]);
        Assert.Equal((1360, 800), (pixels.Width, pixels.Height));
        Assert.Equal("Chart 'A < B': a, 3 points, 4 to 6.5 (from 4 to 6.5) ▁▄█", bundle.Parts[MimeTypes.Text]);
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Contains("alt=\"Chart &#39;A &lt; B&#39;: a, 3 points", html);
        foreach (var part in new[] { html, figure.ToJsonString() })
        {
            Assert.DoesNotContain("http://", part);
            Assert.DoesNotContain("https://", part);
            Assert.DoesNotContain("<script", part);
        }
    }

    [Fact]
    public void A_template_that_the_user_chose_stays()
    {
        var chart = Chart.Line<double, double, string>([1.0, 2], [3.0, 4]);
        var figure = PlotTests.Json(chart);
        figure["layout"]!["template"] = new JsonObject { ["layout"] = new JsonObject { ["colorway"] = new JsonArray("#123456") } };
        ChartTemplate.Slim(figure);
        Assert.Equal("#123456", ChartReader.Read(figure).Traces[0].Color);
    }

    [Fact]
    public void Lines_go_through_their_points_and_break_at_gaps()
    {
        var chart = ChartReader.Read(PlotTests.Json(Plot.Lines([0, 1, 2, 3, 4], Labels, ("a", [0.0, 10, double.NaN, 10, 0]))));
        using var pixels = new Pixels(ChartPainter.Draw(chart).Png);
        var y = PlotAxis.For(chart.Y, chart.Traces[0].Y, 0.05);
        var frame = ChartPainter.Frame(y, null, pixels.Width, pixels.Height, 16 + (26 * 1.7f));
        int Ink(double at, double value)
        {
            var (px, py) = ((int)(frame.Left + (at / 4 * frame.Width)), (int)(frame.Bottom - (y.Place(value) * frame.Height)));
            return pixels.Count(new(px - 3, py - 3, px + 3, py + 3), Blue);
        }

        Assert.True(Ink(0.5, 5) > 5);
        Assert.True(Ink(1, 10) > 5);
        Assert.Equal(0, Ink(2, 10));
        Assert.True(Ink(3.5, 5) > 5);
        Assert.Equal(0, Ink(0.5, 8));
    }

    [Fact]
    public void Bars_are_as_high_as_their_values()
    {
        var chart = ChartReader.Read(PlotTests.Json(Chart.Column<double, string, string>([1.0, 2, -1], new[] { "a", "b", "c" })));
        Assert.Equal(["a", "b", "c"], chart.X.Categories);
        using var pixels = new Pixels(ChartPainter.Draw(chart).Png);
        var heights = Enumerable.Range(0, pixels.Width).Select(x => pixels.Count(new(x, 0, x + 1, pixels.Height), Blue)).ToArray();
        var tallest = heights.Max();
        Assert.True(tallest > 300);
        Assert.Equal(tallest / 2.0, heights.Where(h => h > 0).Min(), 3.0);
        // Three bars, 0.9 of a slot wide each.
        Assert.Equal(0.9 * 3 / 2.9, heights.Count(h => h > 0) / (double)(Array.FindLastIndex(heights, h => h > 0) - Array.FindIndex(heights, h => h > 0) + 1), 0.02);
    }

    [Fact]
    public void Raw_histograms_are_counted()
    {
        var figure = JsonNode.Parse("""{"data":[{"type":"histogram","x":[0.1,0.2,1.5,2.5,2.6,2.7],"xbins":{"start":0,"size":1}}]}""")!.AsObject();
        var trace = Assert.Single(ChartReader.Read(figure).Traces);
        Assert.Equal([2.0, 1, 3], trace.Y);
        Assert.Equal([0.5, 1.5, 2.5], trace.X);
    }

    [Fact]
    public void Typed_arrays_and_missing_places_are_read()
    {
        var bytes = Convert.ToBase64String([.. new[] { 1.5f, -2f }.SelectMany(BitConverter.GetBytes)]);
        var figure = JsonNode.Parse($$$"""{"data":[{"y":{"bdata":"{{{bytes}}}","dtype":"f4"},"x0":10,"dx":5}],"layout":{"title":"plain <b>text</b>"}}""")!.AsObject();
        var chart = ChartReader.Read(figure);
        Assert.Equal([1.5, -2], chart.Traces[0].Y);
        Assert.Equal([10.0, 15], chart.Traces[0].X);
        Assert.True(chart.Traces[0].HasMarkers && chart.Traces[0].HasLine);
        Assert.Equal("plain text", chart.Title);
    }

    [Theory]
    [InlineData("""{"type":"heatmap","z":[[1]]}""", "heatmap")]
    [InlineData("""{"type":"surface","z":[[1]]}""", "surface")]
    [InlineData("""{"type":"bar","orientation":"h","x":[1],"y":["a"]}""", "horizontal bar")]
    [InlineData("""{"type":"scatter","x":[1],"y":[1],"yaxis":"y2"}""", "scatter on a second axis")]
    [InlineData("""{"type":"scatter","x":[1],"y":[1],"error_y":{"array":[1]}}""", "scatter with error bars")]
    [InlineData("""{"type":"scatter"}""", "scatter without values")]
    public void What_cannot_be_drawn_is_said_instead_of_drawn_wrongly(string trace, string said)
    {
        var chart = ChartReader.Read(JsonNode.Parse($$"""{"data":[{{trace}}]}""")!.AsObject());
        Assert.Equal([said], chart.NotDrawn);
        Assert.Empty(chart.Traces);
        Assert.NotEmpty(ChartPainter.Draw(chart).Png);
    }

    [Fact]
    public void Logarithmic_axes_place_decades_evenly_and_leave_out_what_is_not_positive()
    {
        var axis = PlotAxis.For(new("", IsLog: true), [0.01, -5, 0, double.NaN, 100], 0);
        Assert.Equal([0.0, 0.25, 0.5, 1], new[] { axis.Place(0.01), axis.Place(0.1), axis.Place(1), axis.Place(100) }.Select(v => Math.Round(v, 9)));
        Assert.True(double.IsNaN(axis.Place(-1)));
        var reversed = PlotAxis.For(new("", false) { Range = (10, 0) }, [], 0);
        Assert.Equal((0.0, 1.0), (reversed.Place(10), reversed.Place(0)));
    }

    [Theory]
    [InlineData("#D55E00", 0xD55E00)]
    [InlineData("rgb(1, 2, 3)", 0x010203)]
    [InlineData("rgba(255,0,0,0.5)", 0xFF0000)]
    [InlineData("firebrick", 0xB22222)]
    [InlineData("no color at all", 0x222222)]
    public void Colors_are_read_as_plotly_writes_them(string text, int rgb) =>
        Assert.Equal((uint)rgb, (uint)ChartTracePainter.Color(text) & 0xFFFFFF);

    [Fact]
    public void A_figure_with_far_too_many_numbers_keeps_its_picture_only()
    {
        var x = Enumerable.Range(0, 500_000).Select(i => i / 7.0).ToArray();
        var bundle = new ChartFormatter().Format(Chart.Column<double, double, string>(x, x));
        Assert.False(bundle.Parts.ContainsKey(MimeTypes.Plotly));
        Assert.True(bundle.Parts.ContainsKey(MimeTypes.Png));
        Assert.Contains("Static picture only", (string)bundle.Parts[MimeTypes.Html]);
        Assert.Contains("Plot fewer points", (string)bundle.Parts[MimeTypes.Text]);
    }

    [Fact]
    public void Charts_without_data_and_other_values_are_handled()
    {
        Assert.True(new ChartFormatter().CanFormat(Plot.Line([1], [1], Labels).GetType()));
        Assert.False(new ChartFormatter().CanFormat(typeof(string)));
        Assert.Throws<ArgumentException>(() => new ChartFormatter().Format("text"));
        Assert.NotEmpty(ChartPainter.Draw(ChartReader.Read([])).Png);
        Assert.NotEmpty(ChartPainter.Draw(ChartReader.Read(PlotTests.Json(Plot.Line([1], [double.NaN], Labels)))).Png);
        Assert.NotEmpty(ChartPainter.Draw(ChartReader.Read(PlotTests.Json(Plot.Line([1], [5], Labels)))).Png);
    }

    // The first color of our template, and what anti-aliasing leaves of it.
    private static bool Blue(uint color) => (color & 0xFF) > ((color >> 16) & 0xFF) + 100;
}
