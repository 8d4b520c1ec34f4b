using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Remote;

/// <summary>Geometries: what their constructors take, so that a geometry that arrives has passed their checks.</summary>
internal sealed class GeometryCodec : IValueCodec
{
    public string Name => "geometry";

    public bool Accepts(Type type) => typeof(Geometry).IsAssignableFrom(type);

    public JsonNode Encode(object value, ValueWriter writer)
    {
        var json = new JsonObject
        {
            ["columnCount"] = ((Geometry)value).ColumnCount,
            ["imageSize"] = ((Geometry)value).ImageSize,
        };
        switch (value)
        {
            case ParallelGeometry parallel:
                Add("parallel", parallel.AnglesDegrees, parallel.Axis);
                break;
            case FanGeometry fan:
                Add("fan", fan.AnglesDegrees, fan.Axis);
                AddSource(fan.SourceToAxis, fan.SourceToDetector, fan.DetectorPixel, fan.VoxelSize);
                json["detector"] = writer.Write(fan.Detector, typeof(FanDetector));
                break;
            case ConeGeometry cone:
                Add("cone", cone.AnglesDegrees, cone.Axis);
                AddSource(cone.SourceToAxis, cone.SourceToDetector, cone.DetectorPixel, cone.VoxelSize);
                AddRows(cone.RowCount, cone.SliceCount, cone.CentralRow);
                json["rollDegrees"] = writer.Write(cone.DetectorRollDegrees, typeof(double));
                break;
            case LaminographyGeometry tilted:
                Add("laminography", tilted.AnglesDegrees, tilted.Axis);
                AddRows(tilted.RowCount, tilted.SliceCount, tilted.CentralRow);
                json["tiltDegrees"] = writer.Write(tilted.TiltDegrees, typeof(double));
                json["pixelSize"] = writer.Write(tilted.PixelSize, typeof(Length?));
                break;
            case VectorGeometry vectors:
                json["kind"] = "vectors";
                json["beam"] = writer.Write(vectors.Beam, typeof(BeamShape));
                // Twelve numbers for each view, as ASTRA has them.
                json["views"] = writer.Write(vectors.Views.SelectMany(Numbers).ToArray(), typeof(double[]));
                AddRows(vectors.RowCount, vectors.SliceCount, null);
                json["voxelSize"] = writer.Write(vectors.VoxelSize, typeof(Length?));
                json["isCurved"] = vectors.IsCurved;
                break;
            default:
                throw new EndpointException($"{TypeText.Of(value.GetType())} is a geometry that is not known: send its ToVectors()");
        }

        return json;

        void Add(string kind, IReadOnlyList<double> angles, RotationAxis axis)
        {
            json["kind"] = kind;
            json["angles"] = writer.Write(angles.ToArray(), typeof(double[]));
            json["axis"] = writer.Write(axis, typeof(RotationAxis));
        }

        void AddSource(Length toAxis, Length toDetector, Length pixel, Length voxel)
        {
            json["sourceToAxis"] = writer.Write(toAxis, typeof(Length));
            json["sourceToDetector"] = writer.Write(toDetector, typeof(Length));
            json["detectorPixel"] = writer.Write(pixel, typeof(Length));
            json["voxelSize"] = writer.Write(voxel, typeof(Length));
        }

        void AddRows(int rows, int slices, double? central)
        {
            json["rowCount"] = rows;
            json["sliceCount"] = slices;
            json["centralRow"] = writer.Write(central, typeof(double?));
        }
    }

    public object Decode(JsonElement json, Type type, ValueReader reader)
    {
        var (columns, size, kind) = (Count("columnCount"), Count("imageSize"), json.GetProperty("kind").GetString());
        return kind switch
        {
            "parallel" => new ParallelGeometry(Doubles("angles"), columns, Axis(), size),
            "fan" => new FanGeometry(
                Doubles("angles"), columns, Length("sourceToAxis"), Length("sourceToDetector"), Length("detectorPixel"), Axis(),
                Part<FanDetector>("detector"), size, Length("voxelSize")),
            "cone" => new ConeGeometry(
                Doubles("angles"), Count("rowCount"), columns, Length("sourceToAxis"), Length("sourceToDetector"), Length("detectorPixel"), Axis(),
                Part<double>("centralRow"), Part<double>("rollDegrees"), size, Count("sliceCount"), Length("voxelSize")),
            "laminography" => new LaminographyGeometry(
                Doubles("angles"), Count("rowCount"), columns, Part<double>("tiltDegrees"), Axis(), Part<double>("centralRow"), size, Count("sliceCount"),
                (Length?)reader.Read(json.GetProperty("pixelSize"), typeof(Length?))),
            "vectors" => Vectors(columns, size),
            _ => throw new EndpointException($"{JobNames.Shown(kind)} is no geometry that is known"),
        };

        int Count(string name) => json.GetProperty(name).GetInt32();

        T Part<T>(string name) => (T)reader.Read(json.GetProperty(name), typeof(T))!;

        double[] Doubles(string name) => Part<double[]>(name);

        Length Length(string name) => Part<Length>(name);

        RotationAxis Axis() => Part<RotationAxis>("axis");

        VectorGeometry Vectors(int columnCount, int imageSize)
        {
            var (beam, rows, slices) = (Part<BeamShape>("beam"), Count("rowCount"), Count("sliceCount"));
            var views = Doubles("views").Chunk(12).Select(View);
            var voxel = (Length?)reader.Read(json.GetProperty("voxelSize"), typeof(Length?));
            return beam switch
            {
                BeamShape.Parallel => VectorGeometry.Parallel(views, rows, columnCount, imageSize, slices, voxel),
                BeamShape.Cone => VectorGeometry.Cone(views, rows, columnCount, imageSize, slices, voxel),
                BeamShape.Fan => Fan(VectorGeometry.Slices(beam, views, columnCount, imageSize, voxel, json.GetProperty("isCurved").GetBoolean()), rows),
                _ => throw new EndpointException($"{beam} is no form of a beam"),
            };
        }
    }

    private static VectorGeometry Fan(VectorGeometry made, int rows) => rows == 1 ? made : made.WithRows(rows);

    private static IEnumerable<double> Numbers(GeometryView view) =>
        ((Vector3D[])[view.Source, view.Detector, view.Column, view.Row]).SelectMany(v => (double[])[v.X, v.Y, v.Z]);

    private static GeometryView View(double[] n) => n.Length == 12
        ? new(new(n[0], n[1], n[2]), new(n[3], n[4], n[5]), new(n[6], n[7], n[8]), new(n[9], n[10], n[11]))
        : throw new EndpointException("a view has twelve numbers");
}
