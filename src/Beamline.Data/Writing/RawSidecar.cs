using System.Text.Json;
using System.Text.Json.Nodes;

namespace Beamline.Data.Writing;

/// <summary>Bare numbers say nothing about themselves: their shape and meaning are in NAME.raw.json beside them.</summary>
internal static class RawSidecar
{
    internal static string PathFor(string rawPath) => rawPath + ".json";

    internal static void Write(string rawPath, VolumeHeader header)
    {
        using var target = new AtomicPath(PathFor(rawPath));
        File.WriteAllText(target.TemporaryPath, header.ToJson() + "\n");
        target.Commit();
    }

    internal static VolumeHeader Read(string rawPath)
    {
        var path = PathFor(rawPath);
        if (!File.Exists(path))
        {
            throw new DataFormatException(
                rawPath,
                $"bare numbers need their shape, which is read from {Path.GetFileName(path)}, and that file is not there. " +
                "It looks like {\"dimensions\": [slices, rows, columns], \"type\": \"float32\"}.");
        }

        try
        {
            var node = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
            var shape = node["dimensions"]!.AsArray();
            if (shape.Count != 3 || (string?)node["type"] != "float32" || shape.Any(n => (int)n! < 1))
            {
                throw new DataFormatException(path, "the dimensions need three positive numbers and the type must be float32.");
            }

            return new VolumeHeader((int)shape[0]!, (int)shape[1]!, (int)shape[2]!).WithJson(node.ToJsonString());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new DataFormatException(path, $"this is not the description of a volume: {e.Message}", null, e);
        }
    }
}
