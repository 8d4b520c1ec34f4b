using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Remote;

/// <summary>Images: their values as a file [y, x].</summary>
internal sealed class ImageCodec : IValueCodec
{
    public string Name => "image";

    public bool Accepts(Type type) => type == typeof(Image);

    public JsonNode Encode(object value, ValueWriter writer)
    {
        var image = (Image)value;
        return new JsonObject
        {
            ["array"] = writer.Add(Floats.Content(() => image.Values, image.RowCount, image.ColumnCount)),
            ["quantity"] = writer.Write(image.Quantity, typeof(Quantity)),
            ["pixelSizeX"] = writer.Write(image.PixelSizeX, typeof(Length?)),
            ["pixelSizeY"] = writer.Write(image.PixelSizeY, typeof(Length?)),
            ["title"] = writer.Write(image.Title, typeof(string)),
        };
    }

    public object Decode(JsonElement json, Type type, ValueReader reader)
    {
        var (values, shape) = Floats.Array(reader, json.GetProperty("array"), 2);
        return new Image(Floats.Count(shape[0]), Floats.Count(shape[1]), values)
        {
            Quantity = (Quantity)reader.Read(json.GetProperty("quantity"), typeof(Quantity))!,
            PixelSizeX = (Length?)reader.Read(json.GetProperty("pixelSizeX"), typeof(Length?)),
            PixelSizeY = (Length?)reader.Read(json.GetProperty("pixelSizeY"), typeof(Length?)),
            Title = (string?)reader.Read(json.GetProperty("title"), typeof(string)) ?? "",
        };
    }
}
