using System.Xml.Linq;
using Beamline.Arrays;
using Beamline.Notebook;

namespace Beamline.Display.Tests;

public class GeometryFormatterTests
{
    private static readonly double[] Angles = [.. Enumerable.Range(0, 180).Select(i => (double)i)];

    internal static (string Name, Geometry Geometry)[] All { get; } =
    [
        ("parallel", new ParallelGeometry(Angles, 200, new RotationAxis(90))),
        ("fan", new FanGeometry(Angles, 300, Length.FromMillimeters(200), Length.FromMillimeters(320), Length.FromMillimeters(0.4))),
        ("fan-curved", new FanGeometry(Angles, 300, Length.FromMillimeters(200), Length.FromMillimeters(320), Length.FromMillimeters(0.4), detector: FanDetector.Curved)),
        ("cone", new ConeGeometry(Angles, 128, 256, Length.FromMillimeters(50), Length.FromMillimeters(500), Length.FromMillimeters(0.1))),
        ("cone-near", new ConeGeometry(Angles, 128, 128, Length.FromMillimeters(200), Length.FromMillimeters(300), Length.FromMillimeters(1), new RotationAxis(80), detectorRollDegrees: 12)),
        ("cone-far", new ConeGeometry([.. Angles.Reverse()], 1000, 2000, Length.FromMillimeters(3000), Length.FromMillimeters(3100), Length.FromMicrometers(6.5))),
        ("laminography", new LaminographyGeometry(Angles, 128, 256, 30)),
        ("vectors", new ConeGeometry(Angles, 128, 256, Length.FromMillimeters(200), Length.FromMillimeters(500), Length.FromMillimeters(1), new RotationAxis(100)).ToVectors()),
    ];

    [Fact]
    public void Every_geometry_has_a_sketch_a_table_and_a_line()
    {
        foreach (var (name, geometry) in All)
        {
            var bundle = new GeometryFormatter().Format(geometry);
            var html = (string)bundle.Parts[MimeTypes.Html];
            var svg = XElement.Parse(html[html.IndexOf("<svg", StringComparison.Ordinal)..(html.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
            var texts = svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToArray();
            Assert.Contains("detector", texts);
            Assert.Contains("column", texts);
            Assert.Contains("row", texts);
            Assert.Contains(name is "parallel" or "laminography" ? "beam" : "source", texts);
            Assert.DoesNotContain("NaN", svg.ToString());
            // All that is drawn lies on the paper.
            foreach (var text in svg.Descendants().Where(e => e.Name.LocalName == "text"))
            {
                Assert.InRange(double.Parse(text.Attribute("x")!.Value, System.Globalization.CultureInfo.InvariantCulture), 10, 1190);
                Assert.InRange(double.Parse(text.Attribute("y")!.Value, System.Globalization.CultureInfo.InvariantCulture), 15, 598);
            }

            Assert.DoesNotContain('\n', (string)bundle.Parts[MimeTypes.Text]);
            Assert.Contains("180 views", (string)bundle.Parts[MimeTypes.Text]);
            Assert.NotEmpty((byte[])bundle.Parts[MimeTypes.Png]);
            if (Environment.GetEnvironmentVariable("BEAMLINE_GALLERY") is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
                File.WriteAllText(Path.Combine(folder, $"geometry-{name}.html"), html);
            }
        }
    }

    [Fact]
    public void Distances_are_labeled_in_millimeters_and_breaks_are_told()
    {
        string Html(string name) => (string)new GeometryFormatter().Format(All.Single(g => g.Name == name).Geometry).Parts[MimeTypes.Html];
        var cone = Html("cone-near");
        Assert.Contains(">200 mm</text>", cone);
        Assert.Contains(">100 mm</text>", cone);
        Assert.Contains("magnification 1.5</text>", cone);
        Assert.Contains("To scale.", cone);
        Assert.Contains("12&#176;", cone);
        Assert.Contains("column 80 (+16.5 px from the middle)", cone);
        var far = Html("cone-far");
        Assert.Contains("3000 mm", far);
        Assert.Contains("Distances with // are shortened", far);
        Assert.Contains("A parallel beam has no distances", Html("parallel"));
    }

    [Fact]
    public void The_axis_tells_how_sure_it_is()
    {
        var bundle = new AxisFormatter().Format(new RotationAxis(98.9) { Method = "<script>vo", UncertaintyPixels = 0.1, Warnings = ["at the <edge>"] });
        var html = (string)bundle.Parts[MimeTypes.Html];
        Assert.Contains("column 98.90", html);
        Assert.Contains("± 0.1 px", System.Net.WebUtility.HtmlDecode(html));
        Assert.Contains("at the &lt;edge&gt;", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("warning: at the <edge>", (string)bundle.Parts[MimeTypes.Text]);
    }
}
