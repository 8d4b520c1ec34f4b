using System.Globalization;
using Beamline.Arrays;

namespace Beamline.Display;

/// <summary>The numbers of a geometry with their units.</summary>
internal static class GeometryFacts
{
    public static IReadOnlyList<(string Name, string Value)> Of(Geometry geometry)
    {
        List<(string, string)> facts = [("views", Views(geometry))];
        switch (geometry)
        {
            case ParallelGeometry parallel:
                facts.Add(("detector", $"{parallel.ColumnCount} columns, any number of rows"));
                facts.Add(("rotation axis", AxisOf(parallel.Axis, parallel.ColumnCount)));
                facts.Add(("image", Image(parallel)));
                break;
            case FanGeometry fan:
                facts.Add(("detector", $"{fan.ColumnCount} columns of {fan.DetectorPixel}, {fan.Detector.ToString().ToLowerInvariant()}"));
                Distances(facts, fan.SourceToAxis, fan.SourceToDetector, fan.Magnification);
                facts.Add(("rotation axis", AxisOf(fan.Axis, fan.ColumnCount)));
                facts.Add(("image", $"{Image(fan)} of {fan.VoxelSize}"));
                break;
            case ConeGeometry cone:
                facts.Add(("detector", $"{cone.RowCount} rows × {cone.ColumnCount} columns of {cone.DetectorPixel}"));
                Distances(facts, cone.SourceToAxis, cone.SourceToDetector, cone.Magnification);
                facts.Add(("rotation axis", AxisOf(cone.Axis, cone.ColumnCount)));
                facts.Add(("central row", Offset(cone.CentralRow, cone.RowCount)));
                if (cone.DetectorRollDegrees != 0)
                {
                    facts.Add(("detector roll", Text($"{cone.DetectorRollDegrees:0.###}°")));
                }

                facts.Add(("volume", $"{cone.SliceCount} × {Image(cone)} of {cone.VoxelSize}"));
                break;
            case LaminographyGeometry lamino:
                facts.Add(("detector", $"{lamino.RowCount} rows × {lamino.ColumnCount} columns{(lamino.PixelSize is { } pixel ? $" of {pixel}" : "")}"));
                facts.Add(("tilt of the axis", Text($"{lamino.TiltDegrees:0.###}°")));
                facts.Add(("rotation axis", AxisOf(lamino.Axis, lamino.ColumnCount)));
                facts.Add(("central row", Offset(lamino.CentralRow, lamino.RowCount)));
                facts.Add(("volume", $"{lamino.SliceCount} × {Image(lamino)}"));
                break;
            case VectorGeometry vectors:
                facts.Add(("beam", vectors.Beam.ToString().ToLowerInvariant() + (vectors.IsCurved ? ", curved detector" : "")));
                facts.Add(("detector", vectors.IsSliceWise ? $"{vectors.ColumnCount} columns, each row sees its slice" : $"{vectors.RowCount} rows × {vectors.ColumnCount} columns"));
                facts.Add(("volume", (vectors.IsSliceWise ? "" : $"{vectors.SliceCount} × ") + Image(vectors) + (vectors.VoxelSize is { } voxel ? $" of {voxel}" : "")));
                break;
        }

        return facts;
    }

    /// <summary>One line for a log.</summary>
    public static string Line(Geometry geometry, IReadOnlyList<(string Name, string Value)> facts) =>
        $"{geometry.GetType().Name}: {string.Join("; ", facts.Select(f => f.Name == "views" ? f.Value : $"{f.Name} {f.Value}"))}";

    /// <summary>Angles in degrees where the geometry has them.</summary>
    public static IReadOnlyList<double>? Angles(Geometry geometry) => geometry switch
    {
        ParallelGeometry parallel => parallel.AnglesDegrees,
        FanGeometry fan => fan.AnglesDegrees,
        ConeGeometry cone => cone.AnglesDegrees,
        LaminographyGeometry lamino => lamino.AnglesDegrees,
        _ => null,
    };

    private static string Views(Geometry geometry) => Angles(geometry) switch
    {
        { Count: > 1 } angles => Text($"{geometry.ViewCount} views, {angles[0]:0.###}° to {angles[^1]:0.###}°"),
        { Count: 1 } angles => Text($"1 view, {angles[0]:0.###}°"),
        _ => $"{geometry.ViewCount} {(geometry.ViewCount == 1 ? "view" : "views")}",
    };

    private static void Distances(List<(string, string)> facts, Length toAxis, Length toDetector, double magnification)
    {
        facts.Add(("source to axis", Millimeters(toAxis)));
        facts.Add(("source to detector", Millimeters(toDetector)));
        facts.Add(("magnification", Text($"{magnification:0.###}")));
    }

    public static string Millimeters(Length length) => Text($"{length.Millimeters:0.###} mm");

    private static string AxisOf(RotationAxis axis, int columns) => "column " + Offset(axis.Column, columns);

    private static string Offset(double place, int count)
    {
        var offset = place - ((count - 1) / 2.0);
        return Text($"{place:0.##}") + (Math.Abs(offset) < 0.005 ? " (middle)" : Text($" ({offset:+0.##;−0.##} px from the middle)"));
    }

    private static string Image(Geometry geometry) => $"{geometry.ImageSize} × {geometry.ImageSize}";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
