using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Beamline.Arrays;

namespace Beamline.Remote;

/// <summary>Complex images: one file [y, x] with real and imaginary parts side by side, as numpy's complex64.</summary>
internal sealed class ComplexImageCodec : IValueCodec
{
    private const string DType = "<c8";

    private const int PartBytes = 2 * sizeof(float);

    private const int Piece = 1 << 16;

    public string Name => "complexImage";

    public bool Accepts(Type type) => type == typeof(ComplexImage);

    public JsonNode Encode(object value, ValueWriter writer)
    {
        var image = (ComplexImage)value;
        var count = (long)image.RowCount * image.ColumnCount;
        return new JsonObject
        {
            ["array"] = writer.Add(NpyFile.Content(DType, [image.RowCount, image.ColumnCount], count * PartBytes, stream => WriteParts(image, stream))),
            ["quantity"] = writer.Write(image.Quantity, typeof(Quantity)),
            ["pixelSizeX"] = writer.Write(image.PixelSizeX, typeof(Length?)),
            ["pixelSizeY"] = writer.Write(image.PixelSizeY, typeof(Length?)),
            ["title"] = writer.Write(image.Title, typeof(string)),
        };
    }

    public object Decode(JsonElement json, Type type, ValueReader reader)
    {
        var (file, header, path) = reader.OpenArray(json.GetProperty("array"), DType, 2);
        using (file)
        {
            var count = NpyFile.CountOf(header.Shape, PartBytes, path);
            if (count > Array.MaxLength)
            {
                throw new EndpointException($"{path} has {count} values, more than a picture can have");
            }

            var (real, imaginary) = (new float[count], new float[count]);
            var pairs = new float[2 * Math.Min(count, Piece)];
            for (var done = 0; done < count; done += Piece)
            {
                var part = pairs.AsSpan(0, 2 * (int)Math.Min(Piece, count - done));
                header.ReadElements(file, MemoryMarshal.AsBytes(part), path);
                for (var i = 0; i < part.Length / 2; i++)
                {
                    (real[done + i], imaginary[done + i]) = (part[2 * i], part[(2 * i) + 1]);
                }
            }

            return new ComplexImage(Floats.Count(header.Shape[0]), Floats.Count(header.Shape[1]), real, imaginary)
            {
                Quantity = (Quantity)reader.Read(json.GetProperty("quantity"), typeof(Quantity))!,
                PixelSizeX = (Length?)reader.Read(json.GetProperty("pixelSizeX"), typeof(Length?)),
                PixelSizeY = (Length?)reader.Read(json.GetProperty("pixelSizeY"), typeof(Length?)),
                Title = (string?)reader.Read(json.GetProperty("title"), typeof(string)) ?? "",
            };
        }
    }

    private static void WriteParts(ComplexImage image, Stream stream)
    {
        var count = image.Real.Length;
        var pairs = new float[2 * Math.Min(count, Piece)];
        for (var done = 0; done < count; done += Piece)
        {
            var real = image.Real[done..Math.Min(count, done + Piece)];
            var imaginary = image.Imaginary[done..Math.Min(count, done + Piece)];
            for (var i = 0; i < real.Length; i++)
            {
                (pairs[2 * i], pairs[(2 * i) + 1]) = (real[i], imaginary[i]);
            }

            stream.Write(MemoryMarshal.AsBytes(pairs.AsSpan(0, 2 * real.Length)));
        }
    }
}
