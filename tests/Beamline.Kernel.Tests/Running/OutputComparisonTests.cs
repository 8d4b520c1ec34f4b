using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

/// <summary>Single outputs compared: text, numbers, JSON, HTML, pictures.</summary>
public sealed class OutputComparisonTests
{
    [Theory]
    [InlineData("a\r\nb", "a\nb", 0, null)]
    [InlineData("a\nb", "a\nc", 0, "line 2 was 'b', is 'c'")]
    [InlineData("a", "a\nb", 0, "1 lines are stored, 2 were made")]
    [InlineData("x = 1.000001", "x = 1.000002", 0, "line 1 was 'x = 1.000001', is 'x = 1.000002'")]
    [InlineData("x = 1.000001", "x = 1.000002", 1e-5, null)]
    [InlineData("x = 1.000001", "y = 1.000001", 1e-5, "line 1 was 'x = 1.000001', is 'y = 1.000001'")]
    [InlineData("(1e-3, -2.5)", "(1.0000001e-3, -2.5000001)", 1e-5, null)]
    [InlineData("-1", "1", 0.5, "line 1 was '-1', is '1'")]
    [InlineData("0", "1e-12", 0.1, "line 1 was '0', is '1e-12'")]
    [InlineData("version 1.2.3", "version 1.2.4", 0.9, "line 1 was 'version 1.2.3', is 'version 1.2.4'")]
    [InlineData("x86", "x87", 0.9, "line 1 was 'x86', is 'x87'")]
    public void Text_is_exact_and_numbers_have_a_tolerance(string before, string now, double tolerance, string? expected) =>
        Assert.Equal(expected, new TextComparison(tolerance).Difference(before, now));

    [Theory]
    [InlineData("a\nTime: 33.8 ms (all threads of the process: 21.4 ms)\n", "a\nTime: 1.25 s (all threads of the process: 2.00 s)\n", true)]
    [InlineData("Time: 33.8 ms\n", "Time: 33.9 ms\n", false)]
    [InlineData("b\nTime: 33.8 ms (all threads of the process: 21.4 ms)\n", "a\nTime: 1.25 s (all threads of the process: 2.00 s)\n", false)]
    public void Times_of_the_kernel_are_no_results(string before, string now, bool areEqual)
    {
        static JsonObject Stream(string text) => new() { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = text };
        Assert.Equal(areEqual, !new OutputComparison(new VerifyOptions()).Compare(Stream(before), Stream(now)).Any());
    }

    [Fact]
    public void A_long_line_is_shown_where_it_differs()
    {
        var text = new TextComparison(0).Difference(new string('x', 500) + "old" + new string('y', 500), new string('x', 500) + "new" + new string('y', 500))!;
        Assert.Contains("xold", text);
        Assert.Contains("xnew", text);
        Assert.InRange(text.Length, 100, 250);
    }

    [Theory]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,2.0000001]}""", 1e-6, null)]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,2.1]}""", 1e-6, "a[1] was 2, is 2.1")]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,2,3]}""", 1e-6, "a had 2 elements, has 3")]
    [InlineData("""{"a":1}""", """{"b":1}""", 0, ".a is no longer there")]
    [InlineData("""{"a":null}""", """{"a":1}""", 0, "a was null, is 1")]
    [InlineData("""{"a":"1"}""", """{"a":1}""", 0, "a was \"1\", is 1")]
    [InlineData("""{"id":"0f8fad5b-d9cb-469f-a165-70867728950e"}""", """{"id":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}""", 0, null)]
    public void Json_is_compared_by_structure(string before, string now, double tolerance, string? expected)
    {
        var found = Compare("application/json", JsonNode.Parse(before)!, JsonNode.Parse(now)!, new VerifyOptions { NumberTolerance = tolerance });
        Assert.Equal(expected, found.Select(f => f.Text).FirstOrDefault());
    }

    [Fact]
    public void Kinds_that_come_or_go_are_differences()
    {
        var comparison = new OutputComparison(new VerifyOptions());
        var before = Output(new JsonObject { ["text/plain"] = "1", ["text/html"] = "<b>1</b>" });
        var now = Output(new JsonObject { ["text/plain"] = "1", ["text/markdown"] = "1" });
        Assert.Equal(
            [("text/html", "is no longer made"), ("text/markdown", "was not stored")], comparison.Compare(before, now));
        Assert.Contains("stored as display_data", comparison.Compare(before, new JsonObject { ["output_type"] = "stream", ["name"] = "stdout", ["text"] = "1" }).Single().Text);
    }

    [Theory]
    [InlineData("<p>a</p>", "<p>a</p>", 0)]
    [InlineData("<p>a</p>", "<p>b</p>", 1)]
    public void A_viewer_is_compared_by_the_picture_before_it(string before, string now, int differences)
    {
        string Page(string caption, string mark, string payload) =>
            $"<div data-beamline-viewer=\"{mark}\">{caption}</div><script>if(!(globalThis.BeamlineViewer?.version>=1)){{x}}\nBeamlineViewer.mount(\"{mark}\",{payload})</script>";
        Assert.Equal(differences, Compare("text/html", Page(before, "0a1b", "{\"v\":1}"), Page(now, "9f", "{\"v\":1,\"live\":{}}"), new VerifyOptions()).Count());
        // Other scripts count.
        Assert.NotEmpty(Compare("text/html", "<script>if(a){}</script>", "<script>if(b){}</script>", new VerifyOptions()));
    }

    [Fact]
    public void Pictures_are_compared_by_their_pixels_alone_and_in_html()
    {
        var (gray, near, far) = (Png.Gray(8, 8, (_, _) => 100), Png.Gray(8, 8, (x, _) => (byte)(x == 0 ? 101 : 100)), Png.Gray(8, 8, (_, _) => 200));
        Assert.Null(PictureComparison.Difference(gray, gray, 0));
        Assert.Null(PictureComparison.Difference(gray, near, 0.01));
        Assert.NotNull(PictureComparison.Difference(gray, near, 0));
        // 100 of 255 on three channels of four: 0.3922 * sqrt(3 / 4).
        Assert.Equal("the pictures differ by 0.33962 of the full scale (root mean square; 0.01 is allowed)", PictureComparison.Difference(gray, far, 0.01));
        Assert.Equal("the stored picture is 8 x 8, the new one 4 x 8", PictureComparison.Difference(gray, Png.Gray(4, 8, (_, _) => 100), 1));
        Assert.StartsWith("the new picture cannot be read", PictureComparison.Difference(gray, "bm90IGEgcG5n", 1));

        static string Page(string picture, string text) => $"<div id=\"0f8fad5bd9cb469fa16570867728950e\"><img src=\"data:image/png;base64,{picture}\">{text}</div>";
        var options = new VerifyOptions();
        Assert.Empty(Compare("text/html", Page(gray, "a"), Page(near, "a").Replace("0f8f", "1f8f", StringComparison.Ordinal), options));
        Assert.StartsWith("picture 1: the pictures differ", Compare("text/html", Page(gray, "a"), Page(far, "a"), options).Single().Text);
        Assert.Contains("(picture)", Compare("text/html", Page(gray, "a"), Page(gray, "b"), options).Single().Text);
    }

    private static IEnumerable<(string Kind, string Text)> Compare(string type, JsonNode before, JsonNode now, VerifyOptions options) =>
        [.. new OutputComparison(options).Compare(Output(new JsonObject { [type] = before }), Output(new JsonObject { [type] = now }))];

    private static JsonObject Output(JsonObject data) => new() { ["output_type"] = "display_data", ["data"] = data };
}
