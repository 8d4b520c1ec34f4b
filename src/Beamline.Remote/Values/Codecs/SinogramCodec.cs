using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Remote;

/// <summary>Sinograms: their values as a file [angle, column].</summary>
internal sealed class SinogramCodec : IValueCodec
{
    public string Name => "sinogram";

    public bool Accepts(Type type) => type == typeof(Sinogram);

    public JsonNode Encode(object value, ValueWriter writer)
    {
        var sinogram = (Sinogram)value;
        return new JsonObject
        {
            ["array"] = writer.Add(Floats.Content(() => sinogram.Values, sinogram.AngleCount, sinogram.ColumnCount)),
            ["angles"] = writer.Write(sinogram.AnglesDegrees.ToArray(), typeof(double[])),
            ["quantity"] = writer.Write(sinogram.Quantity, typeof(Quantity)),
            ["pixelSize"] = writer.Write(sinogram.PixelSize, typeof(Length?)),
            ["detectorRow"] = sinogram.DetectorRow,
        };
    }

    public object Decode(JsonElement json, Type type, ValueReader reader)
    {
        var (values, shape) = Floats.Array(reader, json.GetProperty("array"), 2);
        var angles = (double[])reader.Read(json.GetProperty("angles"), typeof(double[]))!;
        return new Sinogram(angles, Floats.Count(shape[1]), values)
        {
            Quantity = (Quantity)reader.Read(json.GetProperty("quantity"), typeof(Quantity))!,
            PixelSize = (Length?)reader.Read(json.GetProperty("pixelSize"), typeof(Length?)),
            DetectorRow = json.GetProperty("detectorRow").GetInt32(),
        };
    }
}
