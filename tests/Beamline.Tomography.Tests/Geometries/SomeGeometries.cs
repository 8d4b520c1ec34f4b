using Beamline.Arrays;

namespace Beamline.Tomography.Tests;

/// <summary>Small geometries of every kind, with 16 slices of 18 x 18.</summary>
internal static class SomeGeometries
{
    private static readonly double[] Angles = [0, 37.5, 131, 270];

    internal static readonly Dictionary<string, Geometry> All = new(StringComparer.Ordinal)
    {
        ["parallel"] = new ParallelGeometry(Angles, 20, new RotationAxis(9), imageSize: 18),
        ["fan"] = new FanGeometry(Angles, 26, Mm(30), Mm(60), Mm(2), new RotationAxis(12.25), imageSize: 18),
        ["curved fan"] = new FanGeometry(Angles, 26, Mm(30), Mm(55), Mm(2), new RotationAxis(13), FanDetector.Curved, 18, Mm(1)),
        ["cone"] = new ConeGeometry(Angles, 21, 26, Mm(30), Mm(60), Mm(2), new RotationAxis(12.25), 9.5, imageSize: 18, sliceCount: 16),
        ["cone with large pixels"] = new ConeGeometry(Angles, 9, 14, Mm(40), Mm(80), Mm(4), imageSize: 18, sliceCount: 16, voxelSize: Mm(1)),
        ["cone with small pixels"] = new ConeGeometry(Angles, 40, 50, Mm(40), Mm(80), Mm(0.9), imageSize: 18, sliceCount: 16, voxelSize: Mm(1)),
        ["rolled cone"] = new ConeGeometry(Angles, 21, 26, Mm(30), Mm(60), Mm(2), detectorRollDegrees: 4, imageSize: 18, sliceCount: 16),
        ["laminography"] = new LaminographyGeometry(Angles, 24, 24, 30, imageSize: 18, sliceCount: 16),
        ["steep laminography"] = new LaminographyGeometry(Angles, 24, 24, -60, new RotationAxis(11), 12, imageSize: 18, sliceCount: 16),
        ["vector parallel"] = VectorGeometry.Parallel(
            Angles.Select((a, i) => View(a, i)), 20, 22, 18, 16),
    };

    internal static Length Mm(double value) => Length.FromMillimeters(value);

    private static GeometryView View(double angle, int i)
    {
        var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
        var (column, beam) = (new Vector3D(cos, sin, 0), new Vector3D(-sin, cos, 0.02 * i));
        return new GeometryView(beam, (column * (0.3 * i)) + new Vector3D(0, 0, 0.4 - (0.1 * i)), column * (1 - (0.01 * i)), new Vector3D(0.05, 0, 1.02));
    }
}
