using System.Text.Json.Nodes;
using Beamline.Arrays;
using Plotly.NET;

namespace Beamline.Display.Tests;

public class PlotTests
{
    [Fact]
    public void A_profile_holds_the_values_of_its_row_over_lengths()
    {
        var image = Samples.Ramp(4, 5, Length.FromMicrometers(2));
        image[1, 3] = 42;
        var (x, y, figure) = Data(Plot.Profile(image, 1));
        Assert.Equal([0.0, 2, 4, 6, 8], x);
        Assert.Equal([0.0, 1, 2, 42, 4], y);
        Assert.Equal("x (µm)", Title(figure, "xaxis"));
        Assert.Equal("value", Title(figure, "yaxis"));
        (x, y, _) = Data(Plot.ColumnProfile(image, 3));
        Assert.Equal([0.0, 2, 4, 6], x);
        Assert.Equal([3.0, 42, 3, 3], y);
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.Profile(image, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.ColumnProfile(image, 5));
    }

    [Fact]
    public void A_profile_of_a_volume_runs_along_x()
    {
        using var volume = new Volume(2, 3, 4) { Quantity = Quantity.AttenuationPerCentimeter };
        volume[1, 2, 3] = 9;
        var (x, y, figure) = Data(Plot.Profile(volume, 1, 2));
        Assert.Equal([0.0, 1, 2, 3], x);
        Assert.Equal([0.0, 0, 0, 9], y);
        Assert.Equal("x (px)", Title(figure, "xaxis"));
        Assert.Equal("linear attenuation (1/cm)", Title(figure, "yaxis"));
        Assert.Equal("z = 1, y = 2", ChartJson.Text(figure["layout"]!["title"]));
    }

    [Fact]
    public void A_line_profile_of_a_plane_is_exact_between_pixels()
    {
        var image = new Image(20, 30) { PixelSizeX = Length.FromMicrometers(3), PixelSizeY = Length.FromMicrometers(4) };
        for (var y = 0; y < 20; y++)
        {
            for (var x = 0; x < 30; x++)
            {
                image[y, x] = (2 * y) - (3 * x) + 1;
            }
        }

        // Bilinear interpolation is exact on a plane. 10 rows of 4 µm and 10 columns of 3 µm: 50 µm.
        var (places, values, _) = Data(Plot.LineProfile(image, 2.5, 4.25, 12.5, 14.25));
        Assert.Equal(16, places.Length);
        Assert.Equal(50, places[^1], 1e-9);
        for (var i = 0; i < places.Length; i++)
        {
            var t = places[i] / 50;
            Assert.Equal((2 * (2.5 + (10 * t))) - (3 * (4.25 + (10 * t))) + 1, values[i], 1e-4);
        }

        Assert.Throws<ArgumentException>(() => Plot.LineProfile(image, 1, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.LineProfile(image, -0.1, 0, 5, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.LineProfile(image, 0, 0, 5, 29.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.LineProfile(image, 0, 0, 5, double.NaN));
        Assert.Equal(image[19, 29], Plot.Bilinear(image, 19, 29));
    }

    [Fact]
    public void A_histogram_counts_every_finite_value_once()
    {
        var image = new Image(1, 8, [0, 0.5f, 1, 2, 3.99f, 4, float.NaN, float.PositiveInfinity]);
        var (x, y, figure) = Data(Plot.Histogram(image, 4));
        Assert.Equal([0.5, 1.5, 2.5, 3.5], x);
        Assert.Equal([2.0, 1, 1, 2], y);
        Assert.Equal("Histogram of 8 values", ChartJson.Text(figure["layout"]!["title"]));
        using var volume = Samples.Foam(5, 20);
        Assert.Equal(5.0 * 20 * 20, Data(Plot.Histogram(volume, 37)).Y.Sum());
        using var stack = Samples.Disks(3, 4, 5);
        Assert.Equal(60.0, Data(Plot.Histogram(stack, 7)).Y.Sum());
        Assert.Equal([10.0], Data(Plot.Histogram(Samples.Constant(2, 5, 3), 1)).Y);
        Assert.Throws<ArgumentException>(() => Plot.Histogram(Samples.Constant(2, 2, float.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Plot.Histogram(image, 0));
    }

    [Fact]
    public void A_histogram_of_too_many_values_says_that_it_is_a_sample()
    {
        var histogram = HistogramCount.Of(use => use([1f, 2, 3]), 1_000_000_000, 3);
        Assert.Equal((3L, 1_000_000_000L), (histogram.Looked, histogram.Total));
        Assert.Equal([1L, 1, 1], histogram.Counts);
    }

    [Fact]
    public void Lines_keep_names_titles_and_numbers_and_refuse_unequal_lengths()
    {
        var figure = Json(Plot.Lines([1, 2, 3], new("T", "time (s)", "dose (Gy)") { LogY = true }, ("a", [1.0, 2, 3]), ("b", [3.0, double.NaN, 1])));
        var traces = figure["data"]!.AsArray();
        Assert.Equal(["a", "b"], traces.Select(t => t!["name"]!.GetValue<string>()));
        Assert.Equal("log", figure["layout"]!["yaxis"]!["type"]!.GetValue<string>());
        Assert.Equal("dose (Gy)", Title(figure, "yaxis"));
        var error = Assert.Throws<ArgumentException>(() => Plot.Lines([1, 2], new("", "", ""), ("a", [1.0])));
        Assert.Contains("'a' has 1 values for 2 places", error.Message);
        Assert.Throws<ArgumentException>(() => Plot.Lines([1, 2], new("", "", "")));
    }

    internal static JsonObject Json(GenericChart chart) => JsonNode.Parse(GenericChart.toFigureJson(chart))!.AsObject();

    private static (double[] X, double[] Y, JsonObject Figure) Data(GenericChart chart)
    {
        var figure = Json(chart);
        var trace = Assert.Single(figure["data"]!.AsArray())!;
        return ([.. ChartJson.Values(trace["x"])!.Cast<double>()], [.. ChartJson.Values(trace["y"])!.Cast<double>()], figure);
    }

    private static string Title(JsonObject figure, string axis) => ChartJson.Text(figure["layout"]![axis]!["title"]);
}
