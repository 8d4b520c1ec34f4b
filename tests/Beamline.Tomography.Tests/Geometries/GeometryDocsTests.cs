using System.Text.RegularExpressions;
using Beamline.Arrays;
using Beamline.Data.Simulation;

namespace Beamline.Tomography.Tests;

/// <summary>The examples of docs/geometry.md, word for word, and what they give.</summary>
public sealed class GeometryDocsTests
{
    [Fact]
    public void The_documentation_shows_this_code()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Interactive.sln")))
        {
            folder = folder.Parent!;
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "geometry.md"));
        var source = Squeeze(File.ReadAllText(Path.Combine(
            folder.FullName, "tests", "Beamline.Tomography.Tests", "Geometries", "GeometryDocsTests.cs")));
        var shown = Regex.Matches(page, "```csharp\n// compiled: (\\w+)\n(.*?)```", RegexOptions.Singleline);
        Assert.Equal(5, shown.Count);
        foreach (Match block in shown)
        {
            Assert.Contains(Squeeze(block.Groups[2].Value).Trim(), source, StringComparison.Ordinal);
        }

        static string Squeeze(string text) => Regex.Replace(text, "\\s+", " ");
    }

    [Fact]
    public void ConeBeam_and_IterativeCone()
    {
        using var projections = Ball(new ConeGeometry(Phantoms.Angles(60, 360), 48, 64, Mm(60), Mm(90), Mm(0.4)));
        var geometry = new ConeGeometry(
            projections.AnglesDegrees, projections.RowCount, projections.ColumnCount,
            sourceToAxis: Length.FromMillimeters(60), sourceToDetector: Length.FromMillimeters(90),
            detectorPixel: Length.FromMicrometers(400), axis: new RotationAxis(31.5));
        var volume = Reconstruction.Fdk(projections, geometry, new FdkOptions { Filter = FbpFilter.Hann });
        Assert.Equal(1, volume[24, 32, 32] * geometry.VoxelSize.Centimeters / 0.05, 0.02);
        var run = IterativeReconstruction.Run(projections, geometry, new IterativeOptions { Method = IterativeMethod.Cgls, Iterations = 10 });
        Assert.Equal(1, run.Volume[24, 32, 32] * geometry.VoxelSize.Centimeters / 0.05, 0.05);
    }

    [Fact]
    public void FanBeam()
    {
        using var projections = Ball(new FanGeometry(Phantoms.Angles(60, 360), 64, Mm(60), Mm(90), Mm(0.4)));
        var geometry = new FanGeometry(
            projections.AnglesDegrees, projections.ColumnCount,
            sourceToAxis: Length.FromMillimeters(60), sourceToDetector: Length.FromMillimeters(90),
            detectorPixel: Length.FromMicrometers(400), detector: FanDetector.Flat);
        var volume = Reconstruction.Fan(projections, geometry);
        Assert.Equal(1, volume[0, 32, 32] * geometry.VoxelSize.Centimeters / 0.05, 0.02);
    }

    [Fact]
    public void TiltedAxis()
    {
        using var projections = Ball(new LaminographyGeometry(Phantoms.Angles(60, 360), 64, 64, 25));
        var geometry = new LaminographyGeometry(
            projections.AnglesDegrees, projections.RowCount, projections.ColumnCount, tiltDegrees: 25, sliceCount: 24);
        var volume = Reconstruction.Laminography(projections, geometry);
        // The frequencies within 25 degrees of the axis are missing.
        Assert.Equal(Math.Cos(25 * Math.PI / 180), IterativeValueTests.Mean(volume, 12, 31.5, 31.5, 2) / 0.05, 0.03);
    }

    [Fact]
    public void ShiftedViews()
    {
        var angles = Phantoms.Angles(60);
        double[] shiftsPixels = [.. angles.Select(a => 3 * Math.Sin(a))];
        using var projections = Ball(VectorGeometry.Slices(BeamShape.Parallel, angles.Zip(shiftsPixels, (a, s) =>
        {
            var (y, x) = Math.SinCos(a * Math.PI / 180);
            return GeometryView.InSlice(-y, x, s * x, s * y, x, y);
        }), 64, 64));
        var views = projections.AnglesDegrees.Zip(shiftsPixels, (angle, shift) =>
        {
            var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
            return GeometryView.InSlice(-sin, cos, shift * cos, shift * sin, cos, sin);
        });
        var geometry = VectorGeometry.Slices(BeamShape.Parallel, views, projections.ColumnCount, imageSize: 64);
        var volume = Reconstruction.Fbp(projections, geometry);
        Assert.Equal(0.05, volume[0, 32, 32], 0.001);
    }

    private static Length Mm(double value) => Length.FromMillimeters(value);

    private static MemoryProjectionStack Ball(Geometry geometry) =>
        new EllipsoidPhantom([Ellipsoid.Ball(0, 0, 0, 15, 0.05)]).Project(geometry);
}
