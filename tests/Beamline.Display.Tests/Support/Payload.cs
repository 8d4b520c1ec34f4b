using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Beamline.Display.Tests;

/// <summary>Reads what an output gives the viewer, by the description in docs/viewers.md.</summary>
internal static class Payload
{
    public static JsonObject Of(PictureView view)
    {
        var html = view.Html;
        var start = html.LastIndexOf("BeamlineViewer.mount(\"", StringComparison.Ordinal);
        start = html.IndexOf(",{", start, StringComparison.Ordinal) + 1;
        return (JsonObject)JsonNode.Parse(html[start..html.LastIndexOf(")</script>", StringComparison.Ordinal)])!;
    }

    public static int[] Numbers(JsonNode? list) => [.. list!.AsArray().Select(n => n!.GetValue<int>())];

    /// <summary>The values of a part, NaN for code 0.</summary>
    public static double[] Values(JsonNode part)
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(part["bytes"]!.GetValue<string>())), CompressionMode.Decompress);
        using var memory = new MemoryStream();
        gzip.CopyTo(memory);
        var bytes = memory.ToArray();
        var isWide = part["type"]!.GetValue<string>() == "u16";
        var isDelta = part["coding"]!.GetValue<string>() == "delta";
        var count = isWide ? bytes.Length / 2 : bytes.Length;
        var (values, before, top) = (new double[count], 0, isWide ? 65535 : 255);
        var (low, high) = (part["low"]!.GetValue<double>(), part["high"]!.GetValue<double>());
        for (var i = 0; i < count; i++)
        {
            var word = isWide ? (bytes[i] << 8) | bytes[count + i] : bytes[i];
            var step = isWide ? (word >> 1) ^ -(word & 1) : word;
            before = isDelta ? (before + step) & top : word;
            values[i] = before == 0 ? double.NaN : low + ((before - 1) / (double)(top - 1) * (high - low));
        }

        return values;
    }
}
