using Beamline.Arrays;
using Beamline.Notebook;
using Plotly.NET;
using Chart = Plotly.NET.CSharp.Chart;

namespace Beamline.Display.Tests;

/// <summary>Writes pictures to look at. Set BEAMLINE_GALLERY to a folder to get them.</summary>
public class Gallery
{
    [Fact]
    public void Pictures_are_written_for_people_to_look_at()
    {
        var folder = Environment.GetEnvironmentVariable("BEAMLINE_GALLERY");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "Set BEAMLINE_GALLERY to a folder to write pictures of all kinds there.");
        Directory.CreateDirectory(folder);
        void Save(string name, PictureView view)
        {
            view.Save(Path.Combine(folder, name + ".png"));
            File.WriteAllText(Path.Combine(folder, name + ".txt"), $"{view.Text}\n{view.Caption}\n{view.Png.Length} bytes, {view.Width}x{view.Height}\n");
        }

        using var foam = Samples.Foam(192, 256);
        Save("volume", foam.View());
        Save("volume-viridis", foam.View(new() { Map = ColorMap.Viridis, Title = "Foam, <script>", SliceZ = 10, Window = ValueWindow.Values(0, 1) }));
        using var flat = new Volume(1, 40, 300) { VoxelSize = new(Length.FromMicrometers(20), Length.FromMicrometers(2), Length.FromMicrometers(1)) };
        Save("volume-one-slice", flat.View());
        using var stack = Samples.Disks(181, 100, 320);
        Save("stack", stack.View());
        Save("sinogram", stack.Sinogram(50).View());
        Save("sinogram-magma", stack.Sinogram(50).View(new() { Map = ColorMap.Magma }));
        var projection = stack.Projection(20);
        projection[30, 40] = float.NaN;
        projection[31, 40] = float.PositiveInfinity;
        Save("projection-nan", projection.View());
        Save("ramp", Samples.Ramp(300, 400, Length.FromMicrometers(3.25)).View());
        Save("ramp-unknown-size", Samples.Ramp(30, 40).View(new() { Title = "tiny" }));
        Save("one-pixel", Samples.Constant(1, 1, 5).View());
        Save("all-nan", Samples.Constant(50, 80, float.NaN).View());
        Save("thin", Samples.Ramp(2, 5000, Length.FromNanometers(40)).View());
        Save("tall", Samples.Ramp(5000, 3).View());
        Save("large", foam.SliceXY(5) is var s ? new Image(256, 256, s.Values.ToArray()) { PixelSizeX = Length.FromNanometers(25), PixelSizeY = Length.FromNanometers(50), Quantity = new("phase", "rad"), Title = "anisotropic" }.View(new() { Map = ColorMap.Phase }) : null!);
        var difference = new Image(256, 256, foam.SliceXY(5).Values.ToArray().Select(v => (v - 0.6f) * 1e-4f).ToArray()) { Title = "difference", Quantity = Quantity.AttenuationPerPixel };
        Save("difference", difference.View(new() { Map = ColorMap.Diverging }));
        var noise = new Image(2048, 2048);
        var random = new Random(1);
        foreach (ref var v in noise.Values)
        {
            v = (float)(random.NextDouble() * 60000);
        }

        Save("noise", noise.View());

        void SaveChart(string name, GenericChart chart)
        {
            var bundle = new ChartFormatter().Format(chart);
            File.WriteAllBytes(Path.Combine(folder, name + ".png"), (byte[])bundle.Parts[MimeTypes.Png]);
            File.WriteAllText(Path.Combine(folder, name + ".html"), (string)bundle.Parts[MimeTypes.Html]);
            File.WriteAllText(Path.Combine(folder, name + ".txt"), bundle.Parts[MimeTypes.Text] + "\n" + bundle.Parts[MimeTypes.Plotly].ToString()![..300]);
        }

        SaveChart("chart-profile", Plot.Profile(foam, 96, 128));
        SaveChart("chart-line-profile", Plot.LineProfile(foam.SliceXY(96), 10, 10, 200, 240));
        SaveChart("chart-histogram", Plot.Histogram(foam));
        var x = Enumerable.Range(1, 50).Select(i => (double)i).ToArray();
        SaveChart("chart-convergence", Plot.Lines(x, new("Convergence", "iteration", "residual") { LogY = true },
            ("SIRT", x.Select(i => Math.Pow(i, -1.5)).ToArray()),
            ("CGLS", x.Select(i => Math.Exp(-i / 5)).ToArray()),
            ("with a gap", x.Select(i => i is > 20 and < 30 ? double.NaN : 0.3 / i).ToArray())));
        SaveChart("chart-points", Chart.Point<double, double, string>(x.Take(12), x.Take(12).Select(Math.Sqrt)));
        SaveChart("chart-bars", Chart.Column<int, string, string>([3, 5, -2, 8], new[] { "gold", "silver", "copper", "iron" }));
        SaveChart("chart-raw-histogram", Chart.Histogram<double, double, string>(X: x.Select(i => Math.Sin(i * i)).ToArray()));
        SaveChart("chart-training", Plot.TrainingCurves(
            [.. x.Select(i => 0.02 + Math.Exp(-i / 9))], [.. x.Select(i => 0.05 + Math.Exp(-i / 8) + (i / 2000))], [.. x.Select(i => 1e-3 * Math.Pow(0.5, (int)i / 15))]));
        SaveChart("chart-log-log", Plot.Line(x, [.. x.Select(i => 3e-5 / (1 + (i * i)))], new("Noise power", "spatial frequency (1/µm)", "noise power (µm²)") { LogX = true, LogY = true }));
        double[] many = [.. Enumerable.Range(0, 100_000).Select(i => i / 1000.0)];
        SaveChart("chart-thinned", Plot.Line(many, [.. many.Select(t => Math.Sin(t) + (0.2 * Math.Sin(t * 977)))], new("Long", "time (s)", "signal (V)")));
        SaveChart("chart-one-point", Plot.Line([3], [5], new("One", "x", "y")));
        SaveChart("chart-nan", Plot.Line([1, 2], [double.NaN, double.NaN], new("Nothing", "x", "y")));
        SaveChart("chart-unknown", Chart.Heatmap<double, int, int, string>([[1.0, 2], [3, 4]]));
    }
}
