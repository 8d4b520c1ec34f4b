using System.Text.Json.Nodes;

namespace Beamline.Display;

/// <summary>One array of a viewer as JSON: the shape, the value range and the packed codes.</summary>
internal static class ViewerPart
{
    /// <summary>Writes a preview with 8 bits for each value.</summary>
    public static JsonObject Narrow(Preview preview, string name)
    {
        var codes = ValueCodes.For(preview.Values);
        var bytes = new byte[preview.Values.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)codes.Of(preview.Values[i], byte.MaxValue);
        }

        return Json(preview, name, "u8", codes, CodePacker.Bytes(bytes));
    }

    /// <summary>Writes a preview with 16 bits for each value.</summary>
    public static JsonObject Wide(Preview preview, string name)
    {
        var codes = ValueCodes.For(preview.Values);
        return Json(preview, name, "u16", codes, CodePacker.Words(Words(preview.Values, codes)));
    }

    /// <summary>Characters for each value that 16 bits take, told from a few rows.</summary>
    public static double WideCost(ReadOnlySpan<float> values, int rowLength)
    {
        const int Rows = 24;
        var rows = values.Length / rowLength;
        if (rows <= Rows)
        {
            return Cost(values);
        }

        // Neighboring rows, because that is what the packer finds likeness in.
        return Math.Max(Cost(values[..(Rows / 2 * rowLength)]), Cost(values.Slice(rows / 2 * rowLength, Rows / 2 * rowLength)));
    }

    private static double Cost(ReadOnlySpan<float> values) =>
        (double)CodePacker.Words(Words(values, ValueCodes.For(values))).Base64.Length / values.Length;

    private static ushort[] Words(ReadOnlySpan<float> values, ValueCodes codes)
    {
        var words = new ushort[values.Length];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = (ushort)codes.Of(values[i], ushort.MaxValue);
        }

        return words;
    }

    private static JsonObject Json(Preview preview, string name, string type, ValueCodes codes, CodePacker packed)
    {
        var json = new JsonObject
        {
            ["name"] = name,
            ["shape"] = Numbers(preview.Shape),
            ["steps"] = Numbers(preview.Steps),
            ["type"] = type,
            ["low"] = codes.Low,
            ["high"] = codes.High,
            ["coding"] = packed.Coding,
            ["bytes"] = packed.Base64,
        };
        if (codes.IsClipped)
        {
            json["clipped"] = true;
        }

        return json;
    }

    private static JsonArray Numbers(IEnumerable<int> numbers) => [.. numbers.Select(n => (JsonNode)n)];
}
